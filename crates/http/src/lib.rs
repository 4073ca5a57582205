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

/// Feeds arbitrary bytes to what reads parts of answers: encodings of bodies, and where redirects lead; for fuzzing.
#[doc(hidden)]
pub fn fuzz(bytes: &[u8]) {
    const MOST: u64 = 1 << 16;
    let (kind, rest) = bytes.split_first().map_or((0, bytes), |(first, rest)| (usize::from(*first), rest));
    let mut headers = http::HeaderMap::new();
    let encodings = ["gzip", "br", "deflate", "gzip, br", "identity"];
    headers.insert(http::header::CONTENT_ENCODING, http::HeaderValue::from_static(encodings[kind % encodings.len()]));
    if let Ok(body) = body::decode(&headers, bytes::Bytes::copy_from_slice(rest), MOST) {
        assert!(body.len() as u64 <= MOST || body.len() == rest.len());
    }
    let from = Request::new("GET", "https://here.example/a?b=c").map(|request| request.url);
    if let (Ok(from), Ok(value)) = (from, http::HeaderValue::from_bytes(rest)) {
        headers.insert(http::header::LOCATION, value);
        if let Some(Ok(url)) = redirect::target(302, &headers, &from) {
            assert!(url.scheme() == "https" && url.host_str().is_some() && url.username().is_empty());
        }
    }
}

#[cfg(test)]
mod tests;
