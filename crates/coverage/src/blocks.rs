//! A report as blocks of whole lines, so that a file of any size is read in bounded memory.

use memchr::{memchr_iter, memrchr};
use tollgate_input::{Digest, InputError, Source};
use tollgate_model::format;

/// The longest line that is read, bytes. Names of instantiated templates run to tens of thousands.
pub(crate) const LONGEST_LINE: usize = 1 << 20;

const FIRST_ROOM: usize = 1 << 17;

/// A report as blocks of whole lines.
#[derive(Debug)]
pub(crate) struct Blocks {
    source: Source,
    buffer: Vec<u8>,
    /// The part of `buffer` that was read and not given out yet.
    start: usize,
    end: usize,
    /// How many lines were given out.
    lines: u64,
}

impl Blocks {
    /// Reads the beginning of `source`; a UTF-8 byte-order mark is dropped.
    ///
    /// # Errors
    /// What reading said.
    pub(crate) fn new(mut source: Source) -> Result<Self, InputError> {
        let mut buffer = vec![0; FIRST_ROOM];
        let end = source.fill(&mut buffer)?;
        let start = if buffer[..end].starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        Ok(Self { source, buffer, start, end, lines: 0 })
    }

    /// The beginning, up to 128 KiB, as long as no block was taken.
    pub(crate) fn head(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// The path the report is known as.
    pub(crate) fn path(&self) -> &str {
        self.source.path()
    }

    /// The digest of everything that was read.
    pub(crate) fn digest(&self) -> Digest {
        self.source.digest()
    }

    /// The next lines; the last one of a block ends with `\n`, except at the very end. None when nothing is left.
    ///
    /// # Errors
    /// What reading said, and a line longer than [`LONGEST_LINE`].
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, InputError> {
        loop {
            if let Some(at) = memrchr(b'\n', &self.buffer[self.start..self.end]) {
                let block = self.start..self.start + at + 1;
                self.start = block.end;
                self.lines += memchr_iter(b'\n', &self.buffer[block.clone()]).count() as u64;
                return Ok(Some(&self.buffer[block]));
            }
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
            if self.end == self.buffer.len() {
                self.grow()?;
            }
            let read = self.source.fill(&mut self.buffer[self.end..])?;
            if read == 0 {
                let rest = 0..self.end;
                self.end = 0;
                return Ok((!rest.is_empty()).then(|| &self.buffer[rest]));
            }
            self.end += read;
        }
    }

    fn grow(&mut self) -> Result<(), InputError> {
        if self.buffer.len() >= LONGEST_LINE {
            let message = format!(
                "the line is longer than {} bytes, which no coverage report needs; write the report again",
                format::count(LONGEST_LINE as u64)
            );
            return Err(InputError::malformed(self.source.path(), Some(self.lines + 1), message));
        }
        self.buffer.resize(self.buffer.len() * 2, 0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn blocks(bytes: Vec<u8>) -> Blocks {
        Blocks::new(Source::new("r", Box::new(Cursor::new(bytes)), u64::MAX)).unwrap()
    }

    #[test]
    fn blocks_put_together_are_the_text() {
        let text: Vec<u8> = (0..60_000).flat_map(|i| format!("DA:{i},1\n").into_bytes()).collect();
        for text in [text.clone(), text[..text.len() - 1].to_vec(), b"\n".to_vec(), Vec::new()] {
            let mut blocks = blocks(text.clone());
            let mut joined = Vec::new();
            while let Some(block) = blocks.next().unwrap() {
                joined.extend_from_slice(block);
            }
            assert!(joined == text);
            assert_eq!(blocks.digest(), Digest::of(&text));
        }
    }

    #[test]
    fn a_long_line_is_read_and_a_longer_one_refused_by_number() {
        let long = [b"a\nb\n".to_vec(), vec![b'x'; 600_000], b"\n".to_vec()].concat();
        let mut all = blocks(long.clone());
        let mut read = 0;
        while let Some(block) = all.next().unwrap() {
            read += block.len();
        }
        assert_eq!(read, long.len());

        let mut longer = blocks([b"a\nb\n".to_vec(), vec![b'x'; 10_000_000]].concat());
        assert!(longer.next().unwrap().is_some());
        let message = longer.next().unwrap_err().to_string();
        assert!(message.starts_with("r:3: the line is longer than 1,048,576 bytes"), "{message}");
        assert!(longer.buffer.capacity() <= 2 * LONGEST_LINE);
    }

    #[test]
    fn a_mark_is_dropped() {
        let mut blocks = blocks(b"\xEF\xBB\xBFSF:a\n".to_vec());
        assert_eq!(blocks.head(), b"SF:a\n");
        assert_eq!(blocks.next().unwrap(), Some(&b"SF:a\n"[..]));
    }
}
