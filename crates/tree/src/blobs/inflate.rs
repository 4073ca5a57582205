//! Bytes at a place of a file, and zlib streams that begin there.

use std::fs::File;
use std::io::{self, Read};

use flate2::read::ZlibDecoder;
use flate2::{Decompress, FlushDecompress, Status};

use super::flaw::Flaw;

/// How much is read at once, at most.
pub(crate) const CHUNK: usize = 1 << 18;

/// Reads what there is of `buffer.len()` bytes of `file` from `at` on; fewer only at its end.
///
/// Files are read, not mapped: a pack that shrinks under a map kills the process, and a map of 190 MB counts as memory.
pub(crate) fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(file, rest, at.saturating_add(filled as u64));
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(file, rest, at.saturating_add(filled as u64));
        match read {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}

/// Inflates one stream after another.
pub(crate) struct Inflater {
    state: Decompress,
    /// Bytes of a file, as they were read last.
    input: Vec<u8>,
    start: u64,
    filled: usize,
    /// How many of them were inflated.
    used: usize,
    /// Where the file goes on.
    next: u64,
}

impl Inflater {
    pub(crate) fn new() -> Self {
        Self { state: Decompress::new(true), input: vec![0; CHUNK], start: 0, filled: 0, used: 0, next: 0 }
    }

    /// Reads about `likely` bytes of `file` from `start` on.
    pub(crate) fn load(&mut self, file: &File, start: u64, likely: usize) -> Result<&[u8], Flaw> {
        let wanted = likely.clamp(64, CHUNK);
        self.start = start;
        self.filled = 0;
        self.filled = read_at(file, &mut self.input[..wanted], start)?;
        Ok(&self.input[..self.filled])
    }

    /// Makes `out` the `size` bytes of the stream at `at` of `file`, which is the one that was read from last.
    pub(crate) fn whole(&mut self, file: &File, at: u64, size: usize, out: &mut Vec<u8>) -> Result<(), Flaw> {
        out.clear();
        self.begin(at);
        self.rest(file, size, out)
    }

    /// Begins the stream at `at` of the file that was read from last.
    pub(crate) fn begin(&mut self, at: u64) {
        self.state.reset(true);
        let within = at.checked_sub(self.start).and_then(|at| usize::try_from(at).ok());
        self.used = within.map_or(self.filled, |within| within.min(self.filled));
        self.next = at.saturating_add((self.filled - self.used) as u64);
    }

    /// Inflates until `out` has `size` bytes, where the stream must end.
    pub(crate) fn rest(&mut self, file: &File, size: usize, out: &mut Vec<u8>) -> Result<(), Flaw> {
        // One more, so that a stream that is too long is seen as such.
        out.try_reserve_exact(size.saturating_add(1).saturating_sub(out.len()))?;
        if self.fill(file, out)? && out.len() == size { Ok(()) } else { Err(Flaw::Size) }
    }

    /// Inflates into the room that `out` has; whether the stream ended.
    pub(crate) fn fill(&mut self, file: &File, out: &mut Vec<u8>) -> Result<bool, Flaw> {
        while out.len() < out.capacity() {
            if self.used == self.filled {
                self.start = self.next;
                (self.used, self.filled) = (0, 0);
                self.filled = read_at(file, &mut self.input, self.next)?;
                self.next += self.filled as u64;
                if self.filled == 0 {
                    return Err(Flaw::Truncated);
                }
            }
            let (before, held) = (self.state.total_in(), out.len());
            let status = self.state.decompress_vec(&self.input[self.used..self.filled], out, FlushDecompress::Finish);
            let used = (self.state.total_in() - before) as usize;
            self.used += used;
            match status {
                Err(_) => return Err(Flaw::Corrupt),
                Ok(Status::StreamEnd) => return Ok(true),
                // Nothing moves, though there is more to read.
                Ok(_) if used == 0 && out.len() == held => return Err(Flaw::Corrupt),
                Ok(_) => {}
            }
        }
        Ok(false)
    }
}

/// A file from some place on.
pub(crate) struct Tail<'f> {
    file: &'f File,
    at: u64,
}

impl Read for Tail<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = read_at(self.file, buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// A stream that is as long as it was said to be: an error where it ends earlier or goes on.
pub(crate) struct Exactly<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Exactly<R> {
    pub(crate) fn new(inner: R, size: u64) -> Self {
        Self { inner, left: size }
    }
}

impl<'f> Exactly<ZlibDecoder<Tail<'f>>> {
    /// The `size` bytes of the zlib stream at `at` of `file`.
    pub(crate) fn inflating(file: &'f File, at: u64, size: u64) -> Self {
        Self::new(ZlibDecoder::new(Tail { file, at }), size)
    }
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or(io::ErrorKind::InvalidData)?;
        if read == 0 && self.left > 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(read) }
    }
}
