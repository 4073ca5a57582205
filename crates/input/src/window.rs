//! A stream seen through a window that moves over it, for readers that need a piece of it in one place.

use memchr::memchr_iter;
use tollgate_model::format;

use crate::utf16::Utf16;
use crate::{Digest, InputError, Source};

const FIRST_ROOM: usize = 1 << 17;

/// The part of a [`Source`] that was read and not consumed yet. It grows only as far as a reader needs one piece whole,
/// and never beyond its bound, so that an input of any size is read in bounded memory.
#[derive(Debug)]
pub struct Window {
    source: Source,
    /// Makes UTF-8 of the source, where it is UTF-16 and that was asked for.
    recoder: Option<Utf16>,
    buffer: Vec<u8>,
    /// The part of `buffer` that was read and not consumed yet.
    start: usize,
    end: usize,
    /// How many bytes, and ends of lines, were dropped from the buffer.
    dropped: u64,
    lines: u64,
    /// The longest piece, bytes.
    most: usize,
}

impl Window {
    /// Reads the beginning of `source`, of which no piece that is needed whole is longer than `most` bytes; a UTF-8
    /// byte-order mark is dropped.
    ///
    /// # Errors
    /// What reading said.
    pub fn new(source: Source, most: usize) -> Result<Self, InputError> {
        Self::with_room(source, most, FIRST_ROOM)
    }

    /// The same with `room` bytes at first, at least 3, so that the window moves within small inputs.
    pub(crate) fn with_room(source: Source, most: usize, room: usize) -> Result<Self, InputError> {
        let buffer = vec![0; room.max(3)];
        let mut window = Self { source, recoder: None, buffer, start: 0, end: 0, dropped: 0, lines: 0, most };
        window.end = window.source.fill(&mut window.buffer)?;
        if window.bytes().starts_with(b"\xEF\xBB\xBF") {
            window.start = 3;
        }
        Ok(window)
    }

    /// The same input as UTF-8, where it is UTF-16: with a byte-order mark, or with a zero as one of its first two
    /// bytes, which no text of JSON or XML has otherwise. Anything else stays as it is. Lines and offsets are those of
    /// the text; the digest stays that of the input. To be called before anything is consumed.
    ///
    /// # Errors
    /// What reading said.
    pub fn recoded(mut self) -> Result<Self, InputError> {
        if let Some(recoder) = Utf16::of(self.bytes()) {
            self.recoder = Some(recoder);
            self.end = self.start;
            self.more()?;
        }
        Ok(self)
    }

    /// What was read and not consumed: 128 KiB or more at first, unless the input is shorter.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Passes over the first `count` of [`bytes`](Self::bytes).
    pub fn consume(&mut self, count: usize) {
        self.start = self.end.min(self.start + count);
    }

    /// Reads on, so that [`bytes`](Self::bytes) has more at its end; false when there is nothing more.
    ///
    /// # Errors
    /// What reading said, and a piece that is longer than the bound.
    pub fn more(&mut self) -> Result<bool, InputError> {
        if self.start > 0 {
            self.lines += memchr_iter(b'\n', &self.buffer[..self.start]).count() as u64;
            self.dropped += self.start as u64;
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        // A character is written whole.
        let least = if self.recoder.is_some() { 4 } else { 1 };
        if self.buffer.len() - self.end < least {
            if self.end >= self.most {
                return Err(self.too_long());
            }
            self.buffer.resize((self.buffer.len() * 2).min(self.most).max(self.end + least), 0);
        }
        let room = &mut self.buffer[self.end..];
        let read = match &mut self.recoder {
            Some(recoder) => recoder.fill(&mut self.source, room)?,
            None => self.source.fill(room)?,
        };
        self.end += read;
        Ok(read > 0)
    }

    /// How many bytes there is room for now.
    #[cfg(test)]
    pub(crate) fn room(&self) -> usize {
        self.buffer.len()
    }

    /// How many bytes were consumed.
    pub fn offset(&self) -> u64 {
        self.dropped + self.start as u64
    }

    /// The line, from 1, of the byte `ahead` bytes after the first that was not consumed.
    pub fn line(&self, ahead: usize) -> u64 {
        let to = self.end.min(self.start + ahead);
        self.lines + memchr_iter(b'\n', &self.buffer[..to]).count() as u64 + 1
    }

    /// The line, from 1, of the byte at `offset`, which was not consumed before the last [`more`](Self::more).
    pub(crate) fn line_at(&self, offset: u64) -> u64 {
        let ahead = usize::try_from(offset.saturating_sub(self.dropped)).unwrap_or(usize::MAX);
        self.lines + memchr_iter(b'\n', &self.buffer[..ahead.min(self.end)]).count() as u64 + 1
    }

    /// The path the input is known as.
    pub fn path(&self) -> &str {
        self.source.path()
    }

    /// The digest of everything that was read.
    pub fn digest(&self) -> Digest {
        self.source.digest()
    }

    /// The error that says `message` of the byte `ahead` bytes after the first that was not consumed.
    pub fn malformed(&self, ahead: usize, message: impl Into<String>) -> InputError {
        InputError::malformed(self.path(), Some(self.line(ahead)), message)
    }

    fn too_long(&self) -> InputError {
        let most = format::count(self.most as u64);
        self.malformed(0, format!("a line or value here is longer than {most} bytes, the bound; write the file again"))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn window(bytes: Vec<u8>, most: usize) -> Window {
        Window::new(Source::new("r", Box::new(Cursor::new(bytes)), u64::MAX), most).unwrap()
    }

    #[test]
    fn it_moves_and_counts() {
        let text: Vec<u8> = (0..60_000).flat_map(|i| format!("line {i}\n").into_bytes()).collect();
        let mut window = window(text.clone(), 1 << 20);
        let (mut joined, mut lines) = (Vec::new(), 1);
        loop {
            let take = window.bytes().len().min(777);
            assert_eq!(window.offset(), joined.len() as u64);
            assert_eq!(window.line(0), lines);
            joined.extend_from_slice(&window.bytes()[..take]);
            lines += memchr_iter(b'\n', &window.bytes()[..take]).count() as u64;
            window.consume(take);
            if window.bytes().is_empty() && !window.more().unwrap() {
                break;
            }
        }
        assert_eq!(joined, text);
        assert_eq!(window.digest(), Digest::of(&text));
        assert!(window.buffer.len() <= FIRST_ROOM);
    }

    #[test]
    fn a_piece_that_is_too_long_is_refused_by_line() {
        let mut window = window([b"a\nb\n".to_vec(), vec![b'x'; 3_000_000]].concat(), 1 << 20);
        window.consume(4);
        let error = loop {
            match window.more() {
                Ok(more) => assert!(more),
                Err(error) => break error,
            }
        };
        assert!(error.to_string().starts_with("r:3: a line or value here is longer than 1,048,576"), "{error}");
    }

    #[test]
    fn a_mark_is_dropped() {
        assert_eq!(window(b"\xEF\xBB\xBFSF:a\n".to_vec(), 10).bytes(), b"SF:a\n");
    }
}
