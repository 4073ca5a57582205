//! Where a merged log goes.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use tollgate_input::InputError;

use super::MergeError;

const ROOM: usize = 1 << 16;

/// A buffered writer that remembers what went wrong with it, because readers only hand on errors of input.
pub(super) struct Out<'a> {
    inner: BufWriter<&'a mut dyn Write>,
    failed: Option<io::Error>,
}

impl<'a> Out<'a> {
    pub(super) fn new(inner: &'a mut dyn Write) -> Self {
        Self { inner: BufWriter::with_capacity(ROOM, inner), failed: None }
    }

    /// Writes `bytes`.
    ///
    /// # Errors
    /// One that stands for what [`done`](Self::done) says.
    #[inline]
    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), InputError> {
        self.write_all(bytes).map_err(|error| InputError::io("", &error))
    }

    /// Writes a comma unless `first`, which is then no longer so.
    #[inline]
    pub(super) fn comma(&mut self, first: &mut bool) -> Result<(), InputError> {
        if std::mem::take(first) { Ok(()) } else { self.put(b",") }
    }

    /// Writes a member's name, behind a comma unless it is the first.
    #[inline]
    pub(super) fn key(&mut self, key: &str, first: &mut bool) -> Result<(), InputError> {
        self.comma(first)?;
        self.text(key)?;
        self.put(b":")
    }

    /// Writes a string.
    #[inline]
    pub(super) fn text(&mut self, text: &str) -> Result<(), InputError> {
        let plain = text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
        if !plain {
            return self.json(text);
        }
        self.put(b"\"")?;
        self.put(text.as_bytes())?;
        self.put(b"\"")
    }

    /// Writes `value`.
    pub(super) fn json<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), InputError> {
        serde_json::to_writer(&mut *self, value).map_err(|error| InputError::io("", &error.into()))
    }

    /// Ends it: everything is written, unless `result` says otherwise.
    ///
    /// # Errors
    /// What the writer said first; else what `result` says.
    pub(super) fn done<T>(mut self, result: Result<T, InputError>) -> Result<T, MergeError> {
        let flushed = match &result {
            Ok(_) => self.flush(),
            Err(_) => Ok(()),
        };
        // Otherwise the buffer would be written when it is dropped.
        let (_, _) = self.inner.into_parts();
        if let Some(error) = self.failed {
            return Err(error.into());
        }
        flushed?;
        Ok(result?)
    }

    fn noted<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            let kind = error.kind();
            self.failed.get_or_insert(error);
            kind.into()
        })
    }
}

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes);
        self.noted(written)
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self.inner.write_all(bytes) {
            Ok(()) => Ok(()),
            failed => self.noted(failed),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.inner.flush();
        self.noted(flushed)
    }
}
