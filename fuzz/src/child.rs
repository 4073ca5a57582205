//! One target, one process: inputs until the time is up.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{fs, io, panic, process, thread};

use crate::mutate::{Random, hash, mutate};
use crate::targets::Target;
use crate::{folder, seeds};

/// Longest that one input may take. Inputs are small: even a debug build needs milliseconds.
const BOUND: Duration = Duration::from_secs(5);

/// What the watchdog sees between two inputs.
const IDLE: u64 = u64::MAX;

/// Feeds `target` for `seconds`. Each input lies in `keep` while it runs, and `keep` is gone when all went well; otherwise
/// this process ends at once.
pub(crate) fn run(target: &Target, seconds: u64, seed: u64, keep: &Path) -> io::Result<()> {
    let repository = folder().join("..");
    let seeds = seeds::of(target, &repository)?;
    let mut random = Random::new(seed ^ hash(target.name.as_bytes()));
    let mut kept = File::create(keep)?;
    let begin = Instant::now();
    let running = watchdog(begin, target.name);
    let (mut inputs, mut slowest) = (0_u64, (Duration::ZERO, 0));
    // Seeds come first, unchanged.
    while begin.elapsed() < Duration::from_secs(seconds) || inputs < seeds.len() as u64 {
        let as_is = usize::try_from(inputs).ok().and_then(|at| seeds.get(at));
        let input = as_is.cloned().unwrap_or_else(|| mutate(&mut random, &seeds, target.tokens));
        store(&mut kept, &input)?;
        let start = Instant::now();
        running.store(millis(begin), Ordering::SeqCst);
        let outcome = panic::catch_unwind(|| (target.run)(&input));
        running.store(IDLE, Ordering::SeqCst);
        if outcome.is_err() {
            process::exit(101);
        }
        slowest = slowest.max((start.elapsed(), input.len()));
        inputs += 1;
    }
    fs::remove_file(keep)?;
    let (time, bytes) = slowest;
    println!(
        "{:<10} {inputs:>8} inputs from {:>3} seeds in {:.1} s, slowest {:.1} ms ({bytes} bytes)",
        target.name,
        seeds.len(),
        begin.elapsed().as_secs_f64(),
        time.as_secs_f64() * 1e3
    );
    Ok(())
}

/// Makes `input` all that the file holds. Writing over it is far cheaper than creating it anew.
fn store(file: &mut File, input: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(input)?;
    file.set_len(input.len() as u64)
}

/// Ends the process when one input takes longer than [`BOUND`]; the returned cell holds when it began.
fn watchdog(begin: Instant, name: &'static str) -> Arc<AtomicU64> {
    let running = Arc::new(AtomicU64::new(IDLE));
    let seen = Arc::clone(&running);
    thread::spawn(move || {
        loop {
            thread::sleep(Duration::from_millis(100));
            let since = seen.load(Ordering::SeqCst);
            if since != IDLE && millis(begin).saturating_sub(since) > BOUND.as_millis() as u64 {
                eprintln!("{name}: one input takes longer than {} s", BOUND.as_secs());
                process::exit(102);
            }
        }
    });
    running
}

fn millis(begin: Instant) -> u64 {
    u64::try_from(begin.elapsed().as_millis()).unwrap_or(IDLE - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::all;

    #[test]
    fn a_shorter_input_leaves_nothing_of_the_longer_one() {
        let mut file = tempfile::tempfile().unwrap();
        for input in [&b"longer"[..], b"short"] {
            store(&mut file, input).unwrap();
        }
        assert_eq!(file.metadata().unwrap().len(), 5);
    }

    #[test]
    fn an_input_is_kept_only_while_it_runs() {
        static SEEN: AtomicU64 = AtomicU64::new(0);
        fn count(_: &[u8]) {
            SEEN.fetch_add(1, Ordering::SeqCst);
        }
        let target = Target { run: count, ..*all().next().unwrap() };
        let dir = tempfile::tempdir().unwrap();
        let keep = dir.path().join("keep");
        run(&target, 0, 1, &keep).unwrap();
        assert!(!keep.exists());
        assert!(SEEN.load(Ordering::SeqCst) >= target.seeds.len() as u64, "every seed is an input");
    }
}
