//! Which files must be compressed, for the questions asked.
//!
//! A size after compression lies between bounds that the size on the disk gives. Where these already answer every condition on
//! it, it stays between them.

use tollgate_model::{Op, Target};

use crate::Encoding;
use crate::asset::Asset;
use crate::engine::Engine;
use crate::series::{Part, Series};
use crate::size::Size;

/// Builds up to this size, in bytes, are compressed with gzip although nobody asks.
pub(crate) const UNASKED_BYTES: u64 = 8_000_000;

/// What is asked of one build.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// What the metrics without an encoding in their name count.
    pub(crate) encoding: Encoding,
    /// The conditions.
    pub(crate) targets: &'a [Target],
    /// Whether it is compared with another build, which takes exact numbers.
    pub(crate) compared: bool,
}

/// How much `engine` has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nobody asks for its sizes.
    None,
    /// These files, by position; of the others bounds are enough.
    Some(Vec<usize>),
}

/// What `engine` has to do for `asked` of `assets`, where `series` are the numbers about them.
pub(crate) fn need(engine: Engine, assets: &[Asset], series: &[Series], asked: Asked<'_>) -> Need {
    let every = || Need::Some((0..assets.len()).collect());
    let own = asked.encoding.engine() == Some(engine);
    let targets: Vec<&Target> = asked.targets.iter().filter(|target| names(engine, own, &target.metric)).collect();
    if targets.is_empty() || (own && asked.compared) {
        let raw = assets.iter().fold(0, |sum: u64, asset| sum.saturating_add(asset.raw));
        return match own || (engine == Engine::Gzip && raw <= UNASKED_BYTES) {
            true => every(),
            false => Need::None,
        };
    }
    let mut needed = vec![false; assets.len()];
    for target in targets {
        for series in series.iter().filter(|series| asks_about(target, series)) {
            let bounds = series.members.iter().map(|at| bounds(engine, &assets[*at])).sum();
            if !is_met(target, bounds) {
                series.members.iter().for_each(|at| needed[*at] = true);
            }
        }
    }
    Need::Some((0..assets.len()).filter(|at| needed[*at]).collect())
}

/// The size of `asset` after `engine`: what is known of it, else its bounds.
pub(crate) fn bounds(engine: Engine, asset: &Asset) -> Size {
    asset.packed.get(&engine).copied().unwrap_or_else(|| engine.bounds(asset.raw))
}

/// Whether `metric` counts what `engine` gives.
fn names(engine: Engine, own: bool, metric: &str) -> bool {
    let explicit = Encoding::ALL.into_iter().find(|encoding| encoding.metric() == metric);
    let counts = || Part::ALL.into_iter().any(|part| part.metric() == metric);
    explicit.map_or_else(|| own && counts(), |encoding| encoding.engine() == Some(engine))
}

fn asks_about(target: &Target, series: &Series) -> bool {
    let explicit = Encoding::ALL.iter().any(|encoding| encoding.metric() == target.metric);
    let same = if explicit { series.part.in_every_encoding() } else { series.part.metric() == target.metric };
    same && series.is_meant(target)
}

/// Whether any size within `bounds` satisfies the target, and is too small for a warning.
fn is_met(target: &Target, bounds: Size) -> bool {
    let high = bounds.high as f64;
    let Some(limit) = target.value else { return false };
    let quiet = target.warn.is_none_or(|from| high < from);
    quiet && matches!(target.op, Op::Le | Op::Lt) && target.op.holds(high.total_cmp(&limit))
}

#[cfg(test)]
mod tests;
