//! The body of an answer: read within bounds, and decompressed within them.

use std::io::Read as _;

use brotlic::DecompressorReader;
use bytes::{Bytes, BytesMut};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use crate::failure::Failure;

/// Reads all of it, at most `most` bytes.
pub(crate) async fn read(mut body: Incoming, most: u64) -> Result<Bytes, Failure> {
    // Most bodies come in one piece, which is not copied.
    let (mut first, mut more) = (Bytes::new(), BytesMut::new());
    while let Some(frame) = body.frame().await {
        let length = first.len().max(more.len()) as u64;
        let frame = frame.map_err(|error| Failure::of_body(&error, length))?;
        let Ok(data) = frame.into_data() else { continue };
        if length + data.len() as u64 > most {
            return Err(Failure::BodyTooLarge(most));
        }
        if first.is_empty() && more.is_empty() {
            first = data;
        } else {
            if more.is_empty() {
                more.extend_from_slice(&std::mem::take(&mut first));
            }
            more.extend_from_slice(&data);
        }
    }
    Ok(if more.is_empty() { first } else { more.freeze() })
}

/// What `bytes` are once the encodings that the headers name are taken off, at most `most` bytes.
pub(crate) fn decode(headers: &HeaderMap, bytes: Bytes, most: u64) -> Result<Bytes, Failure> {
    let named = headers.get_all(CONTENT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let encodings: Vec<String> =
        named.flat_map(|value| value.split(',')).map(|name| name.trim().to_lowercase()).collect();
    let mut bytes = bytes;
    if bytes.is_empty() {
        return Ok(bytes);
    }
    for encoding in encodings.iter().rev().take(4) {
        bytes = match encoding.as_str() {
            "gzip" | "x-gzip" => bounded(MultiGzDecoder::new(&bytes[..]), encoding, most)?,
            // RFC 9110 means zlib by it; some servers send the bare stream.
            "deflate" => match bounded(ZlibDecoder::new(&bytes[..]), encoding, most) {
                Err(Failure::Encoding(_)) => bounded(DeflateDecoder::new(&bytes[..]), encoding, most)?,
                other => other?,
            },
            "br" => bounded(DecompressorReader::new(&bytes[..]), encoding, most)?,
            // What is not asked for is left as it is.
            _ => return Ok(bytes),
        };
    }
    Ok(bytes)
}

fn bounded(reader: impl std::io::Read, encoding: &str, most: u64) -> Result<Bytes, Failure> {
    let mut bytes = Vec::new();
    reader.take(most + 1).read_to_end(&mut bytes).map_err(|_| Failure::Encoding(encoding.to_owned()))?;
    if bytes.len() as u64 > most {
        return Err(Failure::BodyTooLarge(most));
    }
    Ok(bytes.into())
}
