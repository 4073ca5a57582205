//! Runs, compressed, and the files they are put into.

use std::io::{self, BufWriter, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use tollgate_input::InputError;

use super::Limits;
use crate::merge::MergeError;
use crate::merge::out::Out;
use crate::model::{SCHEMA, VERSION};

/// How hard gzip tries; the default of most programs.
const EFFORT: u32 = 6;

/// A run as it will stand in a file, compressed, and what was counted while it was written.
pub(super) struct Packed<T> {
    pub(super) bytes: Vec<u8>,
    pub(super) counted: T,
}

/// Compresses what `write` writes; none if that is more than `most` bytes.
///
/// # Errors
/// What `write` says.
pub(super) fn pack<T>(
    most: u64,
    write: impl FnOnce(&mut Out<'_>) -> Result<T, InputError>,
) -> Result<Option<Packed<T>>, InputError> {
    let mut gzip = GzEncoder::new(Bounded { bytes: Vec::new(), most }, Compression::new(EFFORT));
    let mut out = Out::new(&mut gzip);
    let result = write(&mut out);
    match out.done(result) {
        Ok(counted) => Ok(gzip.finish().ok().map(|inner| Packed { bytes: inner.bytes, counted })),
        Err(MergeError::Input(error)) => Err(error),
        Err(MergeError::Write(_)) => Ok(None),
    }
}

/// Bytes in memory, which has an end.
struct Bounded {
    bytes: Vec<u8>,
    most: u64,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() + bytes.len()) as u64 > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The files, one of them open.
pub(super) struct Files<'m> {
    make: &'m mut dyn FnMut(usize) -> io::Result<Box<dyn Write>>,
    most_runs: usize,
    most_bytes: u64,
    made: usize,
    open: Option<BufWriter<Box<dyn Write>>>,
    runs: usize,
    bytes: u64,
}

impl<'m> Files<'m> {
    pub(super) fn new(limits: &Limits, make: &'m mut dyn FnMut(usize) -> io::Result<Box<dyn Write>>) -> Self {
        Self { make, most_runs: limits.runs, most_bytes: limits.room(), made: 0, open: None, runs: 0, bytes: 0 }
    }

    /// Adds a run, to a new file where the open one has no room.
    ///
    /// # Errors
    /// What the writer, or making one, says.
    pub(super) fn add(&mut self, run: &[u8]) -> io::Result<()> {
        let size = run.len() as u64;
        if self.runs >= self.most_runs || self.bytes + size > self.most_bytes {
            self.close()?;
        }
        let out = match &mut self.open {
            Some(out) => {
                out.write_all(b",")?;
                out
            }
            none => {
                self.made += 1;
                let out = none.insert(BufWriter::new((self.make)(self.made)?));
                write!(out, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"{VERSION}\",\"runs\":[")?;
                out
            }
        };
        io::copy(&mut GzDecoder::new(run), out)?;
        self.runs += 1;
        self.bytes += size;
        Ok(())
    }

    /// Ends the open file.
    ///
    /// # Errors
    /// What the writer says.
    pub(super) fn close(&mut self) -> io::Result<()> {
        (self.runs, self.bytes) = (0, 0);
        match self.open.take() {
            Some(mut out) => {
                out.write_all(b"]}\n")?;
                out.flush()
            }
            None => Ok(()),
        }
    }
}
