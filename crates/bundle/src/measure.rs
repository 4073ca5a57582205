//! Reads files, taking their digest and their size after gzip.
//!
//! The engine is zlib-rs at level 9. A size is that of a whole gzip file as Node's `zlib.gzipSync` makes it: a header of
//! 10 bytes (no name, no time), the compressed data, a trailer of 8.

use std::fs::File;
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;
use tollgate_input::{InputError, Source};
use tollgate_model::{Cause, Problem, Target};

use crate::Encoding;
use crate::asset::{Asset, Reading, within};

/// How the engine is named beside its numbers.
pub(crate) const ENGINE: &str = "gzip level 9, zlib-rs";

/// How far its numbers were from those of Node's zlib, which other size tools use, in what we compared: all 1,320 files of
/// four npm packages, Node 20 (0.33 % for the worst package, 1.3 % for the worst file of at least 1 KB, 10 bytes for the
/// worst of the others). Observed, not guaranteed.
pub(crate) const TOLERANCE: &str = "where compared, Node's zlib differed by at most 1.5 % for a file of 1 KB or more, 10 \
                                    bytes for a smaller one, 0.4 % in total";

/// Builds up to this size are read and compressed although nobody asks for gzip; larger ones are measured by size alone.
pub(crate) const UNASKED_BYTES: u64 = 64_000_000;

const BLOCK: usize = 1 << 16;

/// Whether a build of `raw` bytes is read and compressed: when it is small, when its sizes count in gzip, or when a
/// condition names `bundle.gzip`.
pub(crate) fn wants_gzip(raw: u64, encoding: Encoding, targets: &[Target]) -> bool {
    raw <= UNASKED_BYTES || encoding == Encoding::Gzip || targets.iter().any(|target| target.metric == "bundle.gzip")
}

/// Reads every asset of the build folder `dir` with `jobs` threads, largest first, and keeps what that gave. Memory is one
/// block and one compressor per thread, whatever the files' sizes. Returns what went wrong, in order of path.
pub(crate) fn read_all(assets: &mut [Asset], dir: &str, jobs: usize) -> Vec<Problem> {
    let mut order: Vec<usize> = (0..assets.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(assets[at].raw));
    let next = AtomicUsize::new(0);
    let files = &*assets;
    let work = || {
        let mut done = Vec::new();
        while let Some(&at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((at, read(&files[at], dir)));
        }
        done
    };
    let mut results: Vec<(usize, Result<Reading, Problem>)> = if jobs == 1 {
        work()
    } else {
        thread::scope(|scope| {
            let workers: Vec<_> = (0..jobs.min(files.len())).map(|_| scope.spawn(work)).collect();
            let join = |worker: thread::ScopedJoinHandle<'_, _>| {
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            workers.into_iter().flat_map(join).collect()
        })
    };
    results.sort_by_key(|(at, _)| *at);
    let mut problems = Vec::new();
    for (at, result) in results {
        match result {
            Ok(reading) => assets[at].read = Some(reading),
            Err(problem) => problems.push(problem),
        }
    }
    problems
}

fn read(asset: &Asset, dir: &str) -> Result<Reading, Problem> {
    let path = within(dir, &asset.path);
    let changed = || {
        let message = format!("{path}: changed while it was measured; run again when the build has finished");
        Problem::new(Cause::Unfinished, message).at(&path)
    };
    let file = File::open(&asset.real).map_err(|e| InputError::io(&path, &e).problem())?;
    let mut source = Source::new(&path, Box::new(file), asset.raw);
    let counter = gzip(&mut source, Counter(0)).map_err(|error| match error {
        InputError::TooLarge { .. } => changed(),
        other => other.problem(),
    })?;
    let digest = source.digest();
    if digest.bytes == asset.raw { Ok(Reading { gzip: counter.0, blake3: digest.blake3 }) } else { Err(changed()) }
}

/// Writes all of `source`, compressed, to `sink`.
fn gzip<W: Write>(source: &mut Source, sink: W) -> Result<W, InputError> {
    let path = source.path().to_owned();
    let refused = |e: io::Error| InputError::io(&path, &e);
    let mut encoder = GzEncoder::new(sink, Compression::best());
    let mut block = vec![0; BLOCK];
    loop {
        match source.fill(&mut block)? {
            0 => return encoder.finish().map_err(refused),
            n => encoder.write_all(&block[..n]).map_err(refused)?,
        }
    }
}

/// Counts what is written to it.
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::path::Path;

    use flate2::read::GzDecoder;
    use proptest::prelude::*;
    use tollgate_model::{Labels, Op, Unit};

    use super::*;
    use crate::kind::Kind;

    fn compressed(bytes: &[u8]) -> Vec<u8> {
        gzip(&mut Source::new("x", Box::new(io::Cursor::new(bytes.to_vec())), u64::MAX), Vec::new()).unwrap()
    }

    fn asset(folder: &Path, name: &str, raw: u64) -> Asset {
        Asset { path: name.to_owned(), real: folder.join(name), kind: Kind::of(name), raw, read: None }
    }

    #[test]
    fn the_file_is_laid_out_as_nodes() {
        let bytes = compressed(b"");
        assert_eq!(bytes, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        // Data that cannot be compressed is stored: 5 bytes for each block of at most 65,535.
        let noise: Vec<u8> = (0u32..1000).flat_map(|n| mixed(n).to_le_bytes()).collect();
        assert_eq!(compressed(&noise).len(), 10 + 5 + noise.len() + 8);
    }

    /// Numbers without a pattern (the finalizer of splitmix).
    fn mixed(n: u32) -> u64 {
        let mut x = u64::from(n).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    #[test]
    fn a_large_build_is_compressed_only_when_asked() {
        let labels = Labels::from([("type".to_owned(), "js".to_owned())]);
        let target = |metric: &str| Target {
            metric: metric.to_owned(),
            labels: labels.clone(),
            op: Op::Le,
            value: None,
            unit: Unit::Bytes,
        };
        let large = UNASKED_BYTES + 1;
        assert!(wants_gzip(UNASKED_BYTES, Encoding::Raw, &[]));
        assert!(!wants_gzip(large, Encoding::Raw, &[target("bundle.raw"), target("bundle.size")]));
        assert!(wants_gzip(large, Encoding::Gzip, &[]));
        assert!(wants_gzip(large, Encoding::Raw, &[target("bundle.size"), target("bundle.gzip")]));
    }

    #[test]
    fn what_vanished_or_changed_is_named() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.js"), "12345").unwrap();
        std::fs::write(dir.path().join("ok.js"), "12345").unwrap();
        for jobs in [1, 4] {
            let mut assets = vec![
                asset(dir.path(), "a.js", 4),
                asset(dir.path(), "gone.js", 9),
                asset(dir.path(), "ok.js", 5),
                asset(dir.path(), "a.js", 6),
            ];
            let problems = read_all(&mut assets, "dist", jobs);
            let messages: Vec<_> = problems.iter().map(|p| p.message.as_str()).collect();
            let changed = "dist/a.js: changed while it was measured; run again when the build has finished";
            assert_eq!(messages, [changed, "dist/gone.js: not found", changed]);
            assert!(assets[2].read.is_some() && assets[0].read.is_none());
        }
    }

    proptest! {
        #[test]
        fn the_size_is_that_of_a_file_that_unpacks_to_the_same(
            part in proptest::collection::vec(any::<u8>(), 0..300),
            times in 1_usize..900,
        ) {
            let bytes = part.repeat(times);
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join("x"), &bytes).unwrap();
            let mut assets = [asset(dir.path(), "x", bytes.len() as u64)];
            prop_assert_eq!(read_all(&mut assets, "dist", 1), vec![]);
            let packed = compressed(&bytes);
            prop_assert_eq!(assets[0].gzip(), Some(packed.len() as u64));
            let mut unpacked = Vec::new();
            GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).unwrap();
            prop_assert_eq!(&unpacked, &bytes);
            let trailer = packed[packed.len() - 4..].try_into().unwrap();
            prop_assert_eq!(u32::from_le_bytes(trailer) as usize, bytes.len());
        }
    }
}
