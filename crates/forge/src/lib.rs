//! GitHub behind small functions.
//!
//! [`Client`] sends; the modules say what: a [`comment`] on a pull request that is kept up to date, a SARIF [`upload`], a
//! commit [`status`], who [`reviews`] a change, what a [`pull`] request is now, an issue per gate that fails
//! ([`tracking`]), the newest [`artifact`] of a branch. Each answers what it did, or a [`ForgeError`] that says what to do.
//!
//! - What looks or sets is repeated after a failure, what makes something is not: whoever made something without an answer
//!   looks first whether it is there.
//! - Rate limits are obeyed. A wait that is longer than a command may take ends it, with the time in the message.
//! - Answers are bounded, and read with small structures of our own: of what is not needed nothing can be missing. A write
//!   that was answered with success has succeeded, whether or not the answer's body can be read.
//! - octocrab carries requests, and nothing else of it is used: its own retries repeat what makes something, its types
//!   need more of an answer than we do, and its features name TLS providers that this project does not want. So TLS and
//!   connections are put together here ([`hyper_util`], [`hyper_rustls`]).

mod address;
mod answer;
pub mod artifact;
mod client;
mod clock;
pub mod comment;
mod error;
mod fit;
mod graphql;
pub mod pull;
pub mod reviews;
mod send;
pub mod status;
mod token;
pub mod tracking;
pub mod upload;
mod wire;

pub use address::Repository;
pub use client::{Client, Settings};
pub use clock::{Clock, SystemClock};
pub use error::ForgeError;
pub use fit::{Unit, fit};
pub use token::Token;

/// Reads `bytes` as an artifact, and as a text that is cut. For fuzzing: it must come back, and within the limit.
#[doc(hidden)]
pub fn fuzz(bytes: &[u8]) {
    const LIMIT: usize = 200;
    drop(artifact::unpacked(bytes, "run.json", 1 << 20));
    let text = String::from_utf8_lossy(bytes);
    for unit in [Unit::Characters, Unit::Bytes] {
        let cut = fit(&text, LIMIT, unit, "cut");
        let length = if unit == Unit::Bytes { cut.len() } else { cut.encode_utf16().count() };
        assert!(length <= LIMIT, "{length} of {LIMIT} are left");
    }
}

#[cfg(test)]
mod tests;
