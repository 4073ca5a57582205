//! What came of a request.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderMap;
use url::Url;

use crate::failure::Failure;
use crate::tls::TlsFacts;

/// One request and what came of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// When it began.
    pub started: Instant,
    /// When the last byte of the answer was there, or it failed.
    pub ended: Instant,
    /// Where the time of its last hop went.
    pub phases: Phases,
    /// Whether its last hop went over a connection that was kept.
    pub reused: bool,
    /// Whether it was sent again, for a kept connection turned out to be closed.
    pub retried: bool,
    /// The answer, or why there is none.
    pub outcome: Result<Response, Failure>,
}

/// Where the time went. Each is a part of the whole, and none overlaps another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phases {
    /// Looking the name up; none on a kept connection, and for an address.
    pub dns: Option<Duration>,
    /// Connecting; none on a kept connection.
    pub tcp: Option<Duration>,
    /// Agreeing on keys; none on a kept connection and without TLS.
    pub tls: Option<Duration>,
    /// From when the request was handed over to when status and headers were there.
    pub first_byte: Option<Duration>,
    /// From then to the last byte of the body.
    pub last_byte: Option<Duration>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// Its status.
    pub status: u16,
    /// The version it was sent in.
    pub version: Version,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, decompressed.
    pub body: Bytes,
    /// Bytes of the body before that.
    pub wire_bytes: u64,
    /// Where it came from, redirects followed.
    pub url: Url,
    /// The redirects that led there.
    pub hops: Vec<Hop>,
    /// What TLS told; none without.
    pub tls: Option<TlsFacts>,
    /// The address that answered.
    pub remote: SocketAddr,
}

/// A redirect that was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Its status.
    pub status: u16,
    /// Where it led.
    pub location: Url,
}

/// A version of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// HTTP/1.0.
    Http10,
    /// HTTP/1.1.
    Http11,
    /// HTTP/2.
    Http2,
}

impl From<http::Version> for Version {
    fn from(version: http::Version) -> Self {
        match version {
            http::Version::HTTP_2 => Self::Http2,
            http::Version::HTTP_11 => Self::Http11,
            _ => Self::Http10,
        }
    }
}
