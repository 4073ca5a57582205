//! A report as blocks of whole lines, so that a file of any size is read in bounded memory.

use memchr::memrchr;
use tollgate_input::{Digest, InputError, Window};

/// A report as blocks of whole lines.
#[derive(Debug)]
pub(crate) struct Blocks {
    window: Window,
    /// How much of the window was given out.
    given: usize,
}

impl Blocks {
    /// What `window` has from here on.
    pub(crate) fn new(window: Window) -> Self {
        Self { window, given: 0 }
    }

    /// The path the report is known as.
    pub(crate) fn path(&self) -> &str {
        self.window.path()
    }

    /// The digest of everything that was read.
    pub(crate) fn digest(&self) -> Digest {
        self.window.digest()
    }

    /// The next lines; the last one of a block ends with `\n`, except at the very end. None when nothing is left.
    ///
    /// # Errors
    /// What reading said, and a line longer than the window's bound.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, InputError> {
        self.window.consume(std::mem::take(&mut self.given));
        loop {
            let bytes = self.window.bytes();
            let whole = memrchr(b'\n', bytes).map_or(0, |at| at + 1);
            if whole > 0 {
                self.given = whole;
                break;
            }
            if !self.window.more()? {
                self.given = self.window.bytes().len();
                break;
            }
        }
        Ok((self.given > 0).then(|| &self.window.bytes()[..self.given]))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use tollgate_input::Source;

    use super::*;

    fn blocks(bytes: Vec<u8>) -> Blocks {
        Blocks::new(Window::new(Source::new("r", Box::new(Cursor::new(bytes)), u64::MAX), 1 << 20).unwrap())
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
        assert!(message.starts_with("r:3: a line or value here is longer than 1,048,576 bytes"), "{message}");
    }
}
