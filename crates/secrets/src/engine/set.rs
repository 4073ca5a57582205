//! All detectors, searched for at once.

use crate::engine::anchor::Anchor;
use crate::engine::detector::{Detector, Look};
use crate::engine::grams::Grams;

/// How far from its anchor a detector may look, in bytes, unless it is one that looks far.
pub(crate) const REACH: usize = 1024;
/// How far those look that do.
pub(crate) const FAR: usize = 20_000;

/// Something that must be found near a match.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Near {
    /// By this detector.
    pub(crate) detector: usize,
    /// How many lines apart the two may begin, at most.
    pub(crate) lines: Option<u32>,
    /// And how many columns.
    pub(crate) columns: Option<u32>,
}

/// All detectors, searched for at once.
#[derive(Debug)]
pub(crate) struct Set {
    pub(crate) detectors: Vec<Detector>,
    pub(crate) anchors: Vec<Anchor>,
    /// Which detector an anchor belongs to.
    pub(crate) owners: Vec<usize>,
    pub(crate) grams: Grams,
    /// Detectors without anchors.
    pub(crate) everywhere: Vec<usize>,
    /// Detectors of names.
    pub(crate) paths: Vec<usize>,
}

impl Set {
    pub(crate) fn new(all: impl IntoIterator<Item = (Detector, Vec<Anchor>)>) -> Self {
        let (mut detectors, mut anchors, mut owners) = (Vec::new(), Vec::new(), Vec::new());
        for (detector, its) in all {
            owners.extend(std::iter::repeat_n(detectors.len(), its.len()));
            anchors.extend(its);
            detectors.push(detector);
        }
        let which = |wanted: fn(&Detector) -> bool| {
            detectors.iter().enumerate().filter(|(_, d)| wanted(d)).map(|(number, _)| number).collect()
        };
        let everywhere = which(|detector| detector.everywhere);
        let paths = which(|detector| matches!(detector.look, Look::Path(_)));
        let grams = Grams::new(&anchors);
        Self { detectors, anchors, owners, grams, everywhere, paths }
    }

    /// How far detector `number` looks.
    pub(crate) fn reach(&self, number: usize) -> usize {
        if self.is_far(number) { FAR } else { REACH }
    }

    /// Whether it looks farther than most.
    pub(crate) fn is_far(&self, number: usize) -> bool {
        let detector = &self.detectors[number];
        let expression = matches!(detector.look, Look::Expression(..));
        detector.check.is_some_and(|check| check.is_far())
            || expression && detector.longest.is_none_or(|longest| longest >= REACH - 64)
    }
}
