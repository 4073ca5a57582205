//! Reports that are one JSON object per line.

use memchr::memchr;
use tollgate_input::{Digest, InputError, Limits, Node, Window, json};

/// Lines of a report, one after the other.
pub(crate) struct Lines {
    window: Window,
    /// How many bytes of the window belong to the last line.
    taken: usize,
}

/// A line.
pub(crate) enum Line<'a> {
    /// An object.
    Object(Box<Node>),
    /// It begins like an object and is none; true: it is the last one, and has no end.
    Broken(bool),
    /// Something else, without its end.
    Other(&'a [u8]),
}

impl Lines {
    /// The lines of `window`, which begins with the first.
    pub(crate) fn new(window: Window) -> Self {
        Self { window, taken: 0 }
    }

    /// The next line that is not blank.
    ///
    /// # Errors
    /// What reading said; a line that is longer than the window's bound.
    pub(crate) fn next(&mut self) -> Result<Option<Line<'_>>, InputError> {
        loop {
            self.window.consume(self.taken);
            self.taken = 0;
            let mut from = 0;
            let (length, ended) = loop {
                let bytes = self.window.bytes();
                match memchr(b'\n', bytes.get(from..).unwrap_or_default()) {
                    Some(at) => break (from + at, true),
                    None => from = bytes.len(),
                }
                if !self.window.more()? {
                    break (from, false);
                }
            };
            self.taken = length + usize::from(ended);
            if !ended && length == 0 {
                return Ok(None);
            }
            let line = self.window.bytes().get(..length).unwrap_or_default().trim_ascii();
            if line.is_empty() {
                continue;
            }
            // Borrowed anew, since the window is not borrowed while the loop goes on.
            let line = self.window.bytes().get(..length).unwrap_or_default().trim_ascii();
            return Ok(Some(match line.first() {
                Some(b'{') => match json::parse("", &String::from_utf8_lossy(line), Limits::default()) {
                    Ok(node) => Line::Object(Box::new(node)),
                    Err(_) => Line::Broken(!ended),
                },
                _ => Line::Other(line),
            }));
        }
    }

    /// The error that says `message` of the line that was given last.
    pub(crate) fn malformed(&self, message: impl Into<String>) -> InputError {
        self.window.malformed(0, message)
    }

    /// The digest of what was read.
    pub(crate) fn digest(&self) -> Digest {
        self.window.digest()
    }
}

/// The string that `node` has at `key`; empty where there is none.
pub(crate) fn text<'a>(node: &'a Node, key: &str) -> &'a str {
    node.get(key).and_then(Node::as_str).unwrap_or_default()
}

/// The count that `node` has at `key`.
pub(crate) fn count(node: &Node, key: &str) -> Option<u64> {
    node.get(key)?.as_number()?.as_u64()
}
