//! Objects that are files of their own.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use flate2::read::ZlibDecoder;
use gix::ObjectId;

use super::Visit;
use super::flaw::{Failure, Flaw};
use super::inflate::Exactly;
use super::resolve::{WHOLE, Worker};
use super::sources::Sources;
use crate::Id;

/// No header is longer: a kind, a size, a zero.
const LONGEST_HEADER: usize = 32;

impl<V: Visit> Worker<'_, V> {
    /// Visits the loose object at `position`, if it is a blob. `asked`: it is a failure when it is none.
    pub(crate) fn loose(&mut self, sources: &Sources, position: usize, asked: bool) {
        let Some((id, path)) = sources.place(position) else { return };
        if !self.known.shared.is_open(&id) {
            return;
        }
        let source = sources.packs.len();
        let flaw = match self.read_loose(id, &path, (source, position)) {
            Ok(true) => return,
            Ok(false) => {
                self.known.others.set(source, position);
                if !asked {
                    return;
                }
                Flaw::NoBlob
            }
            Err(flaw) => flaw,
        };
        self.failures.push(Failure { source: Some(source as u32), offset: 0, id, flaw });
    }

    /// Visits the object at `path`; whether it is a blob.
    fn read_loose(&mut self, id: ObjectId, path: &Path, (source, position): (usize, usize)) -> Result<bool, Flaw> {
        let mut stream = ZlibDecoder::new(File::open(path)?);
        let mut start = Vec::with_capacity(LONGEST_HEADER);
        let mut byte = [0];
        while start.last() != Some(&0) && start.len() < LONGEST_HEADER {
            stream.read_exact(&mut byte)?;
            start.push(byte[0]);
        }
        let (kind, size, _) = gix::objs::decode::loose_header(&start).map_err(|_| Flaw::Header)?;
        if kind != gix::objs::Kind::Blob {
            return Ok(false);
        }
        let mut stream = Exactly::new(stream, size);
        if size > WHOLE {
            if self.known.shared.claim(&id) {
                self.visitor.large(Id(id), size, &mut stream)?;
                self.count(source, position, size);
            }
            return Ok(true);
        }
        let mut bytes = self.buffer(size as usize);
        bytes.try_reserve_exact(size as usize)?;
        let read = io::copy(&mut stream, &mut bytes);
        if read.is_ok() && self.known.shared.claim(&id) {
            self.visitor.blob(Id(id), &bytes, None);
            self.count(source, position, size);
        }
        self.recycle(bytes);
        read?;
        Ok(true)
    }
}
