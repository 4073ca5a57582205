//! Why there is no answer.

use std::error::Error as _;
use std::io;
use std::net::SocketAddr;

use crate::tls::TlsFault;

/// Why there is no answer. Each reads as one plain sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The name leads nowhere.
    #[error("the name {host} could not be looked up: {because}")]
    Dns {
        /// The name.
        host: String,
        /// What the system says.
        because: String,
    },
    /// Nobody listens there.
    #[error("connection refused: nobody listens at {0}")]
    Refused(SocketAddr),
    /// There is no way there.
    #[error("{address} cannot be reached: {because}")]
    Unreachable {
        /// Where to.
        address: SocketAddr,
        /// What the system says.
        because: String,
    },
    /// The other side did not take the connection in time.
    #[error("connecting to {0} took too long")]
    ConnectTimeout(SocketAddr),
    /// No keys were agreed on.
    #[error("TLS: {0}")]
    Tls(TlsFault),
    /// Time was up.
    #[error("no answer in time: still waiting for {}", .0.words())]
    Timeout(Waiting),
    /// The other side cut the connection off.
    #[error("the connection was reset after {bytes_read} bytes of the answer")]
    Reset {
        /// Bytes of the answer that were there already.
        bytes_read: u64,
    },
    /// The other side closed the connection before the answer was whole.
    #[error("the connection was closed after {bytes_read} bytes, before there was a whole answer")]
    Closed {
        /// Bytes of the answer that were there already.
        bytes_read: u64,
    },
    /// What came is not HTTP.
    #[error("what was answered is not HTTP: {0}")]
    NotHttp(String),
    /// More headers than are read.
    #[error("the headers of the answer are larger than is read")]
    HeadersTooLarge,
    /// More body than is read.
    #[error("the body of the answer is larger than {0} bytes")]
    BodyTooLarge(u64),
    /// Less body than was announced.
    #[error("the body of the answer broke off after {bytes_read} bytes")]
    BodyTruncated {
        /// Bytes of the answer that were there.
        bytes_read: u64,
    },
    /// The body cannot be decompressed.
    #[error("the body of the answer is no {0}, which its headers say it is")]
    Encoding(String),
    /// More redirects than are followed.
    #[error("more than {0} redirects")]
    TooManyRedirects(u8),
    /// Redirects lead in a circle.
    #[error("redirects lead in a circle, back to {0}")]
    RedirectLoop(String),
    /// A redirect that is not followed: from https to http, or to something else than HTTP.
    #[error("a redirect to {0} is not followed")]
    RedirectRefused(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// What was waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// A connection.
    Connect,
    /// Status and headers.
    Answer,
    /// The rest of the body.
    Body,
}

impl Waiting {
    fn words(self) -> &'static str {
        match self {
            Self::Connect => "a connection",
            Self::Answer => "status and headers",
            Self::Body => "the rest of the body",
        }
    }
}

impl Failure {
    /// Its kind, for counting: `refused`, `timeout`, `tls-expired`.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Dns { .. } => "dns",
            Self::Refused(_) => "refused",
            Self::Unreachable { .. } => "unreachable",
            Self::ConnectTimeout(_) => "connect-timeout",
            Self::Tls(fault) => fault.class(),
            Self::Timeout(_) => "timeout",
            Self::Reset { .. } => "reset",
            Self::Closed { .. } => "closed",
            Self::NotHttp(_) => "not-http",
            Self::HeadersTooLarge => "headers-too-large",
            Self::BodyTooLarge(_) => "body-too-large",
            Self::BodyTruncated { .. } => "body-truncated",
            Self::Encoding(_) => "encoding",
            Self::TooManyRedirects(_) | Self::RedirectLoop(_) | Self::RedirectRefused(_) => "redirect",
            Self::Other(_) => "other",
        }
    }

    /// Whether status and headers of an answer had been read.
    pub fn answered(&self) -> bool {
        matches!(
            self,
            Self::Timeout(Waiting::Body)
                | Self::BodyTooLarge(_)
                | Self::BodyTruncated { .. }
                | Self::Encoding(_)
                | Self::TooManyRedirects(_)
                | Self::RedirectLoop(_)
                | Self::RedirectRefused(_)
        )
    }

    /// What hyper says before there are status and headers, of whose answer `bytes_read` bytes had come.
    pub(crate) fn of_hyper(error: &hyper::Error, bytes_read: u64) -> Self {
        if error.is_parse() {
            // hyper tells the two apart by its words alone.
            let words = error.to_string();
            return if words.contains("too large") { Self::HeadersTooLarge } else { Self::NotHttp(words) };
        }
        match io_kind(error) {
            Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => Self::Reset { bytes_read },
            Some(io::ErrorKind::UnexpectedEof) => Self::Closed { bytes_read },
            _ if error.is_incomplete_message() || error.is_canceled() || error.is_closed() => {
                Self::Closed { bytes_read }
            }
            _ => Self::Other(error.to_string()),
        }
    }

    /// What hyper says while the body comes.
    pub(crate) fn of_body(error: &hyper::Error, bytes_read: u64) -> Self {
        match io_kind(error) {
            Some(io::ErrorKind::ConnectionReset) => Self::Reset { bytes_read },
            _ if error.is_parse() => Self::NotHttp(error.to_string()),
            _ => Self::BodyTruncated { bytes_read },
        }
    }
}

fn io_kind(error: &hyper::Error) -> Option<io::ErrorKind> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        source = error.source();
    }
    None
}
