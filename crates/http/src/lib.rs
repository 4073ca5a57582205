//! One bounded HTTP client that says where the time went, for checkers that ask a running service.
//!
//! [`Client::send`] makes one [`Exchange`] of one [`Request`]: name lookup, connection and TLS (or a connection that was kept), the request, the
//! answer up to its last byte, redirects where they are followed. One deadline holds for all of it. Bodies are bounded after
//! decompression, headers before they are parsed; a request is sent again only where a kept connection turned out to be closed before a
//! byte of the answer came. Connections, HTTP/1.1 and HTTP/2 are hyper's, TLS is rustls with ring; certificates are verified against the
//! system's and Mozilla's authorities, and what is wrong with them is told ([`TlsFault`]).

mod body;
mod client;
mod connect;
mod exchange;
mod failure;
mod redirect;
mod request;
mod tls;
mod watched;

pub use client::{Client, ClientError, Http2, Settings};
pub use exchange::{Exchange, Hop, Phases, Response, Version};
pub use failure::{Failure, Waiting};
pub use request::{Request, RequestError};
pub use rustls::pki_types::CertificateDer;
pub use tls::{TlsFacts, TlsFault};

#[cfg(test)]
mod tests;
