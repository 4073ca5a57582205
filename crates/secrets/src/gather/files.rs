//! The files of a tree, each once, by several threads.

use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use tollgate_check::{Context, FileKind, Tree, TreeFile};
use tollgate_input::{Digest, Source};
use tollgate_model::{Cause, Problem};

use crate::engine::scan::Scanner;
use crate::engine::set::Set;
use crate::gather::{self, Gathered, Seen, stream};
use crate::sight::{self, Sight};

/// Largest file that is held whole, in bytes.
const LARGEST: u64 = 32 << 20;
/// How many files a thread takes at once.
const AT_ONCE: usize = 8;

/// Where files are read.
pub(crate) struct Files<'a, 'c> {
    pub(crate) ctx: &'a Context<'c>,
    pub(crate) tree: &'a dyn Tree,
    pub(crate) set: &'a Set,
    /// Whether the bytes of a file lie on the disk below the root.
    pub(crate) on_disk: bool,
}

/// The number of a file, the digest of its content, how long it is.
type Digested = (usize, [u8; 32], u64);

/// What one thread has.
#[derive(Default)]
struct Part {
    gathered: Gathered,
    digests: Vec<Digested>,
}

impl Files<'_, '_> {
    /// Scans `files` and records them as evidence.
    pub(crate) fn scan(&self, files: &[TreeFile]) -> Gathered {
        let next = AtomicUsize::new(0);
        let parts = Mutex::new(Vec::new());
        let work = || {
            let mut part = Part::default();
            let mut scanner = Scanner::new(self.set);
            loop {
                let start = next.fetch_add(AT_ONCE, Ordering::Relaxed);
                for (number, file) in files.iter().enumerate().skip(start).take(AT_ONCE) {
                    self.file(number, file, &mut scanner, &mut part);
                }
                if start >= files.len() {
                    break;
                }
            }
            parts.lock().unwrap_or_else(PoisonError::into_inner).push(part);
        };
        thread::scope(|scope| {
            for _ in 1..self.ctx.jobs().min(files.len() / AT_ONCE + 1) {
                scope.spawn(work);
            }
            work();
        });
        let mut gathered = Gathered::default();
        let mut digests = Vec::new();
        for part in parts.into_inner().unwrap_or_else(PoisonError::into_inner) {
            gathered.merge(part.gathered);
            digests.extend(part.digests);
        }
        self.record(files, digests);
        gathered
    }

    fn record(&self, files: &[TreeFile], mut digests: Vec<Digested>) {
        digests.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        let mut bytes = 0;
        for (number, digest, length) in &digests {
            hasher.update(files[*number].path.as_bytes());
            hasher.update(&[0]);
            hasher.update(digest);
            bytes += length;
        }
        if !digests.is_empty() {
            let digest = Digest { blake3: hasher.finalize().to_hex().to_string(), bytes };
            self.ctx.record("tree", ".", digest, Some(digests.len() as u64));
        }
    }

    fn file(&self, number: usize, file: &TreeFile, scanner: &mut Scanner<'_>, part: &mut Part) {
        if file.kind == FileKind::Submodule {
            return;
        }
        if file.tracked {
            let named = gather::named(self.set, &file.path);
            part.gathered.names.extend(named.into_iter().map(|detector| ((detector, file.path.clone()), None)));
        }
        if file.kind == FileKind::Link {
            return;
        }
        let (sights, digest, length) = match self.sights(file, scanner) {
            Ok(seen) => seen,
            Err(problem) => {
                part.gathered.problems.push(problem);
                return;
            }
        };
        part.gathered.texts += 1;
        part.gathered.bytes += length;
        part.digests.push((number, digest, length));
        for sight in sights {
            let confidence = gather::confidence(self.set, &sight, &file.path);
            let Some(confidence) = confidence else { continue };
            let (path, line) = (file.path.clone(), sight.line.clone());
            part.gathered
                .add(&sight, Seen { path, region: sight.region, commit: None, current: true, confidence, line });
        }
    }

    /// What stands in one file, with the digest of its content and its length.
    fn sights(&self, file: &TreeFile, scanner: &mut Scanner<'_>) -> Result<(Vec<Sight>, [u8; 32], u64), Problem> {
        let place = self.ctx.root().path().join(&file.path);
        if self.on_disk && place.metadata().is_ok_and(|meta| meta.len() > LARGEST) {
            let source = self.ctx.open(&file.path, u64::MAX).map_err(|error| error.problem())?;
            let mut through = Through { source, hasher: blake3::Hasher::new() };
            let trouble = |error: io::Error| {
                let message = format!("{}: cannot be read to its end ({error})", file.path);
                Problem::new(Cause::Unreadable, message).at(&file.path)
            };
            let (sights, length) = stream::scan(self.set, scanner, &mut through).map_err(trouble)?;
            return Ok((sights, *through.hasher.finalize().as_bytes(), length));
        }
        let limit = if self.on_disk { LARGEST } else { 1 << 30 };
        let bytes = self.tree.read(&file.path, limit).map_err(|error| error.problem())?;
        let kept = scanner.scan(&bytes);
        let sights = if kept.hits.is_empty() { Vec::new() } else { sight::sights(self.set, &bytes, &kept) };
        Ok((sights, *blake3::hash(&bytes).as_bytes(), bytes.len() as u64))
    }
}

/// Hashes what passes through.
struct Through {
    source: Source,
    hasher: blake3::Hasher,
}

impl Read for Through {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.fill(buffer).map_err(io::Error::other)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}
