//! `coverage`: project and patch figures from coverage reports.
//!
//! Reports are found (`search`), read by the format that their content shows (`formats`), recounted from their
//! records and put together by union of hits (`reading`, `measure`); their paths are matched with files
//! (`resolve`). From that come the figures of the project (`tally`) and of what a change adds (`patch`).
//!
//! A line counts as covered when it was hit, also where a branch of it was not: branches are a metric of their own. What
//! a report declares as its totals is compared and never used. Nothing out of nothing is no number.

mod blocks;
mod checker;
mod declared;
mod exhibits;
mod formats;
mod lines;
mod marks;
mod measure;
mod options;
mod patch;
mod reading;
mod resolve;
mod search;
mod source;
mod tally;

pub use checker::Coverage;
pub use options::Options;

/// Reads `bytes` as a report of whatever format they look like. For fuzzing: it must come back, whatever they are.
#[doc(hidden)]
pub fn fuzz(bytes: &[u8]) {
    let cursor = std::io::Cursor::new(bytes.to_vec());
    let source = tollgate_input::Source::new("fuzz", Box::new(cursor), u64::MAX);
    if let Ok(mut blocks) = blocks::Blocks::new(source)
        && let Ok(mut reading) = measure::read_blocks(&mut blocks)
    {
        reading.take_files();
    }
}
