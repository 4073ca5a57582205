//! A bounded stream that digests while it is read.

use std::io::{self, Read};

use crate::InputError;

/// BLAKE3 digest and size of what was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// 64 hex digits.
    pub blake3: String,
    /// How many bytes.
    pub bytes: u64,
}

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self { blake3: blake3::hash(bytes).to_hex().to_string(), bytes: bytes.len() as u64 }
    }
}

/// A bounded stream that digests while it is read. Reading past the bound is an error, not an end.
pub struct Source {
    path: String,
    inner: Box<dyn Read + Send>,
    hasher: blake3::Hasher,
    read: u64,
    limit: u64,
}

impl Source {
    /// `inner`, known as `path`, of which at most `limit` bytes are read.
    pub fn new(path: &str, inner: Box<dyn Read + Send>, limit: u64) -> Self {
        Self { path: path.to_owned(), inner, hasher: blake3::Hasher::new(), read: 0, limit }
    }

    /// The path it is known as.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Fills as much of `buffer` as there is left; 0 only at the end.
    pub fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, InputError> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.inner.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(InputError::io(&self.path, &e)),
            }
        }
        self.read += filled as u64;
        if self.read > self.limit {
            return Err(InputError::TooLarge { path: self.path.clone(), limit: self.limit });
        }
        self.hasher.update(&buffer[..filled]);
        Ok(filled)
    }

    /// Everything that is left, and the digest of the whole.
    pub fn read_all(mut self) -> Result<(Vec<u8>, Digest), InputError> {
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match self.fill(&mut buffer)? {
                0 => return Ok((bytes, self.digest())),
                n => bytes.extend_from_slice(&buffer[..n]),
            }
        }
    }

    /// The digest of what was read so far.
    pub fn digest(&self) -> Digest {
        Digest { blake3: self.hasher.finalize().to_hex().to_string(), bytes: self.read }
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("path", &self.path).field("read", &self.read).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_bytes() {
        let text = b"hello".repeat(50_000);
        let source = Source::new("x", Box::new(io::Cursor::new(text.clone())), 1 << 20);
        let (bytes, digest) = source.read_all().unwrap();
        assert_eq!(bytes, text);
        assert_eq!(digest, Digest::of(&text));
    }

    #[test]
    fn the_bound_is_an_error() {
        let source = Source::new("x", Box::new(io::Cursor::new([0; 11])), 10);
        assert!(matches!(source.read_all(), Err(InputError::TooLarge { limit: 10, .. })));
    }
}
