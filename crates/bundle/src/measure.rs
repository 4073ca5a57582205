//! Reads files: their digests, and their sizes after compression.
//!
//! First every file in question is digested, then each content whose size is not known yet is compressed once, the largest first,
//! by all threads. Memory is one block and one compressor per thread, whatever the files' sizes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tollgate_input::{InputError, Source};
use tollgate_model::{Cause, Problem};

use crate::asset::{Asset, within};
use crate::cache::Cache;
use crate::engine::{Engine, Packer};
use crate::need::{Need, bounds};
use crate::size::Size;

const BLOCK: usize = 1 << 16;

/// From how much work on, in bytes of gzip, what it gave is kept for the next run.
const WORTH_KEEPING: u64 = 1_000_000;

/// A build whose files are to be read.
pub(crate) struct Job<'a> {
    /// Its files, which take the sizes.
    pub(crate) assets: &'a mut [Asset],
    /// How its folder is called in problems.
    pub(crate) dir: &'a str,
    /// What each engine has to do.
    pub(crate) needs: BTreeMap<Engine, Need>,
    /// Whether every file is digested, for what it is compared with.
    pub(crate) digest_all: bool,
}

/// Reads what is needed of every build, with `jobs` threads, and keeps in each asset what that gave: its size after each engine that
/// is asked for, exact where needed, else its bounds. What went wrong is returned per build, in order of path.
pub(crate) fn read_all(builds: &mut [Job<'_>], cache: &Cache, jobs: usize) -> Vec<Vec<Problem>> {
    let mut problems: Vec<Vec<Problem>> = builds.iter().map(|_| Vec::new()).collect();
    digest_all(builds, &mut problems, jobs);
    let (wanted, mut sizes, used) = wanted(builds, cache);
    let order = largest_first(&wanted, Wanted::cost);
    let packed = parallel(
        &order,
        jobs,
        || Packer::new(BLOCK),
        |packer, at| {
            let one = &wanted[at];
            pack(one, packer).map(|size| (one.blake3.clone(), one.engine, size))
        },
    );
    let mut found = Vec::new();
    for (at, result) in packed {
        match result {
            Ok(one) => found.push(one),
            Err(problem) => problems[wanted[at].build].push(problem),
        }
    }
    if wanted.iter().map(Wanted::cost).fold(0, u64::saturating_add) >= WORTH_KEEPING {
        cache.keep(&found, &used);
    }
    sizes.extend(found.into_iter().map(|(blake3, engine, size)| ((blake3, engine), size)));
    for build in builds {
        for engine in build.needs.iter().filter(|(_, need)| **need != Need::None).map(|(engine, _)| *engine) {
            for asset in build.assets.iter_mut() {
                let known = asset.blake3.clone().and_then(|blake3| sizes.get(&(blake3, engine)).copied());
                let size = known.map_or_else(|| bounds(engine, asset), Size::exact);
                asset.packed.insert(engine, size);
            }
        }
    }
    problems
}

/// One content that must be compressed.
#[derive(Clone, Debug)]
struct Wanted {
    build: usize,
    engine: Engine,
    blake3: String,
    raw: u64,
    real: std::path::PathBuf,
    path: String,
}

impl Wanted {
    /// What compressing it takes, in bytes of gzip: brotli at its best is slower by this factor.
    fn cost(&self) -> u64 {
        self.raw.saturating_mul(if self.engine == Engine::Brotli { 30 } else { 1 })
    }
}

type Sizes = BTreeMap<(String, Engine), u64>;

/// What is to be compressed, each content once; the sizes that are known already; which of these the cache gave.
fn wanted(builds: &[Job<'_>], cache: &Cache) -> (Vec<Wanted>, Sizes, BTreeSet<(String, Engine)>) {
    let (mut wanted, mut sizes, mut used) = (Vec::new(), Sizes::new(), BTreeSet::new());
    let mut seen = BTreeSet::new();
    for (at, build) in builds.iter().enumerate() {
        for (engine, need) in &build.needs {
            let Need::Some(files) = need else { continue };
            for asset in files.iter().map(|file| &build.assets[*file]) {
                let Some(blake3) = asset.blake3.clone().filter(|blake3| seen.insert((blake3.clone(), *engine))) else {
                    continue;
                };
                if let Some(size) = cache.get(&blake3, *engine) {
                    used.insert((blake3.clone(), *engine));
                    sizes.insert((blake3, *engine), size);
                    continue;
                }
                let path = within(build.dir, &asset.path);
                let (raw, real) = (asset.raw, asset.real.clone());
                wanted.push(Wanted { build: at, engine: *engine, blake3, raw, real, path });
            }
        }
    }
    (wanted, sizes, used)
}

/// Digests every file that an engine needs, or all of a build that is compared.
fn digest_all(builds: &mut [Job<'_>], problems: &mut [Vec<Problem>], jobs: usize) {
    let mut files: Vec<(usize, usize)> = Vec::new();
    for (at, build) in builds.iter().enumerate() {
        let mut needed: BTreeSet<usize> = BTreeSet::new();
        for need in build.needs.values() {
            if let Need::Some(files) = need {
                needed.extend(files);
            }
        }
        if build.digest_all {
            needed.extend(0..build.assets.len());
        }
        files.extend(needed.into_iter().map(|file| (at, file)));
    }
    let shared = &*builds;
    let order = largest_first(&files, |(build, file)| shared[*build].assets[*file].raw);
    let digests = parallel(
        &order,
        jobs,
        || vec![0; BLOCK],
        |block, at| {
            let (build, file) = files[at];
            digest(&shared[build].assets[file], shared[build].dir, block)
        },
    );
    for (at, result) in digests {
        let (build, file) = files[at];
        match result {
            Ok(blake3) => builds[build].assets[file].blake3 = Some(blake3),
            Err(problem) => problems[build].push(problem),
        }
    }
}

fn largest_first<T>(items: &[T], size: impl Fn(&T) -> u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(size(&items[at])));
    order
}

/// What `work` makes of each position in `order`, begun in that order by `jobs` threads, each with room of its own; sorted by
/// position.
fn parallel<R, T: Send>(
    order: &[usize],
    jobs: usize,
    room: impl Fn() -> R + Sync,
    work: impl Fn(&mut R, usize) -> T + Sync,
) -> Vec<(usize, T)> {
    let next = AtomicUsize::new(0);
    let run = || {
        let (mut done, mut room) = (Vec::new(), room());
        while let Some(&at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((at, work(&mut room, at)));
        }
        done
    };
    let threads = jobs.min(order.len());
    let mut results = if threads <= 1 {
        run()
    } else {
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
            let join = |worker: thread::ScopedJoinHandle<'_, _>| {
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            workers.into_iter().flat_map(join).collect()
        })
    };
    results.sort_by_key(|(at, _)| *at);
    results
}

fn digest(asset: &Asset, dir: &str, block: &mut [u8]) -> Result<String, Problem> {
    let path = within(dir, &asset.path);
    let mut source = open(&asset.real, &path, asset.raw)?;
    loop {
        match source.fill(block).map_err(|error| told(error, &path))? {
            0 => break,
            _ => continue,
        }
    }
    let digest = source.digest();
    if digest.bytes == asset.raw { Ok(digest.blake3) } else { Err(changed(&path)) }
}

fn pack(one: &Wanted, packer: &mut Packer) -> Result<u64, Problem> {
    let mut source = open(&one.real, &one.path, one.raw)?;
    let fill = |block: &mut [u8]| source.fill(block).map_err(Trouble::from);
    let size = packer.size(one.engine, fill).map_err(|trouble| match trouble {
        Trouble::Input(error) => told(error, &one.path),
        Trouble::Engine(error) => InputError::io(&one.path, &error).problem(),
    })?;
    if source.digest().blake3 == one.blake3 { Ok(size) } else { Err(changed(&one.path)) }
}

/// What stops a compressor.
enum Trouble {
    Input(InputError),
    Engine(io::Error),
}

impl From<InputError> for Trouble {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Engine(error)
    }
}

fn open(real: &std::path::Path, path: &str, raw: u64) -> Result<Source, Problem> {
    let file = File::open(real).map_err(|e| InputError::io(path, &e).problem())?;
    Ok(Source::new(path, Box::new(file.take(raw.saturating_add(1))), raw))
}

fn told(error: InputError, path: &str) -> Problem {
    match error {
        InputError::TooLarge { .. } => changed(path),
        other => other.problem(),
    }
}

fn changed(path: &str) -> Problem {
    let message = format!("{path}: changed while it was measured; run again when the build has finished");
    Problem::new(Cause::Unfinished, message).at(path)
}

#[cfg(test)]
mod tests;
