//! When files were written, for outputs that may be older than what they were made of.

use std::fs;
use std::time::{Duration, SystemTime};

use tollgate_model::format;

use crate::{Context, TreeError};

/// How much later is later: the clock of a file system may count in steps of two seconds.
pub const MARGIN: Duration = Duration::from_secs(2);

/// How many files are asked for when they were written.
const ASKED: usize = 200;

/// When the file at `path`, relative to the root, was last written, as far as the disk tells.
pub fn written(ctx: &Context<'_>, path: &str) -> Option<SystemTime> {
    fs::metadata(ctx.root().path().join(path)).and_then(|meta| meta.modified()).ok()
}

/// How long something took in whole units, cut: `59 min`, `3 h`.
pub fn whole(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let unit = [86_400, 3_600, 60].into_iter().find(|unit| seconds >= *unit).unwrap_or(1);
    format::milliseconds((seconds - seconds % unit) as f64 * 1000.0)
}

/// Whether the working copy was there at `moment`: one of its first files under version control is as old as that. A fresh checkout
/// writes all of them anew, so beside an output that came from elsewhere their times tell nothing.
///
/// # Errors
/// When the tree cannot be read.
pub fn was_there(ctx: &Context<'_>, moment: SystemTime) -> Result<bool, TreeError> {
    let tracked = ctx.tree().tracked()?;
    Ok(tracked.iter().take(ASKED).any(|file| written(ctx, file).is_some_and(|at| at <= moment)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_cut_to_whole_units() {
        for (seconds, words) in
            [(0, "0 us"), (59, "59 s"), (119, "1 min"), (3_599, "59 min"), (7_300, "2 h"), (200_000, "2 days")]
        {
            assert_eq!(whole(Duration::from_secs(seconds)), words);
        }
    }
}
