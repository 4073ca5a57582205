//! Values from many texts: each once, with every place where it stands.

pub(crate) mod blobs;
pub(crate) mod files;
pub(crate) mod stream;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use tollgate_digest::canonical;
use tollgate_model::{Confidence, Problem, Region};
use tollgate_tree::CommitFacts;

use crate::engine::detector::{Detector, Look};
use crate::engine::set::Set;
use crate::judge::structure::Check;
use crate::place;
use crate::sight::Sight;

/// Most places that are kept of one value.
const MOST_PLACES: usize = 50;
/// Most values.
const MOST_VALUES: usize = 20_000;

/// Values, as they are compared.
pub(crate) type Values = HashSet<Box<[u8]>>;

/// One value, and every place where it stands.
pub(crate) struct Secret {
    pub(crate) value: Box<[u8]>,
    pub(crate) detector: usize,
    pub(crate) confidence: Confidence,
    pub(crate) verified: bool,
    pub(crate) encoded: bool,
    pub(crate) places: Vec<Seen>,
    /// How many places there are, those that were not kept among them.
    pub(crate) count: u64,
}

impl Secret {
    /// What another sight of the same value adds. The rule that is surest of it names it; of equal ones the first.
    fn join(&mut self, detector: usize, confidence: Confidence, verified: bool, encoded: bool) {
        let rank = |confidence: Confidence, verified: bool, detector: usize| (confidence, verified, Reverse(detector));
        if rank(confidence, verified, detector) > rank(self.confidence, self.verified, self.detector) {
            self.detector = detector;
        }
        self.confidence = self.confidence.max(confidence);
        self.verified |= verified;
        self.encoded &= encoded;
    }
}

/// One place where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) region: Region,
    /// The commit that brought it there, where history was looked at.
    pub(crate) commit: Option<CommitFacts>,
    /// Whether it stands in the files as they are now.
    pub(crate) current: bool,
    /// How sure the finding is at this place.
    pub(crate) confidence: Confidence,
    /// The line, for lists of exceptions.
    pub(crate) line: Box<[u8]>,
}

/// Everything that was seen.
#[derive(Default)]
pub(crate) struct Gathered {
    secrets: BTreeMap<Box<[u8]>, Secret>,
    /// Files whose name alone is a finding: detector and path, with the commit where history was looked at.
    pub(crate) names: BTreeMap<(usize, String), Option<CommitFacts>>,
    pub(crate) problems: Vec<Problem>,
    /// Plain facts worth saying.
    pub(crate) notes: Vec<String>,
    /// How many texts were scanned, and how many bytes.
    pub(crate) texts: u64,
    pub(crate) bytes: u64,
    /// How many files lists of exceptions hide.
    pub(crate) hidden: u64,
    /// Values that were left out, because there are too many.
    pub(crate) left_out: u64,
}

impl Gathered {
    /// Adds a value at a place.
    pub(crate) fn add(&mut self, sight: &Sight, seen: Seen) {
        let key: Box<[u8]> = canonical(&sight.value).as_ref().into();
        if !self.secrets.contains_key(&key) && self.secrets.len() >= MOST_VALUES {
            self.left_out += 1;
            return;
        }
        let secret = self.secrets.entry(key).or_insert_with(|| Secret {
            value: sight.value.clone(),
            detector: sight.detector,
            confidence: seen.confidence,
            verified: sight.verified,
            encoded: sight.encoded,
            places: Vec::new(),
            count: 0,
        });
        secret.join(sight.detector, seen.confidence, sight.verified, sight.encoded);
        if secret
            .places
            .iter()
            .any(|known| known.path == seen.path && known.region == seen.region && known.current == seen.current)
        {
            return;
        }
        secret.count += 1;
        if secret.places.len() < MOST_PLACES {
            secret.places.push(seen);
        }
    }

    /// Puts another part beside this one.
    pub(crate) fn merge(&mut self, other: Self) {
        for (key, secret) in other.secrets {
            match self.secrets.get_mut(&key) {
                None => drop(self.secrets.insert(key, secret)),
                Some(known) => {
                    known.join(secret.detector, secret.confidence, secret.verified, secret.encoded);
                    known.count += secret.count;
                    known.places.extend(secret.places);
                }
            }
        }
        self.names.extend(other.names);
        self.problems.extend(other.problems);
        self.notes.extend(other.notes);
        self.texts += other.texts;
        self.bytes += other.bytes;
        self.hidden += other.hidden;
        self.left_out += other.left_out;
    }

    pub(crate) fn has(&self, value: &[u8]) -> bool {
        self.secrets.contains_key(canonical(value).as_ref())
    }

    pub(crate) fn get(&self, value: &[u8]) -> Option<&Secret> {
        self.secrets.get(canonical(value).as_ref())
    }

    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.secrets.values()
    }

    /// Keeps the places that `keep` wants, and the values that have any; a value is as sure as its surest place.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&Secret, &Seen) -> bool) {
        self.secrets.retain(|_, secret| {
            let places = std::mem::take(&mut secret.places);
            let before = places.len();
            let kept: Vec<Seen> = places.into_iter().filter(|seen| keep(secret, seen)).collect();
            secret.count = secret.count.saturating_sub((before - kept.len()) as u64);
            secret.confidence = kept.iter().map(|seen| seen.confidence).max().unwrap_or(secret.confidence);
            secret.places = kept;
            !secret.places.is_empty()
        });
    }

    /// Sorts every value's places: those of now first, then by path.
    pub(crate) fn sort(&mut self) {
        for secret in self.secrets.values_mut() {
            let key = |seen: &Seen| {
                (
                    !seen.current,
                    Reverse(seen.confidence),
                    seen.path.clone(),
                    seen.region.start_line,
                    seen.region.start_column,
                )
            };
            secret.places.sort_by_key(key);
            secret.places.truncate(MOST_PLACES);
        }
    }
}

/// How sure a finding is in a file of this path; none where it is no finding there.
pub(crate) fn confidence(set: &Set, sight: &Sight, path: &str) -> Option<Confidence> {
    let detector = &set.detectors[sight.detector];
    if detector.path.as_ref().is_some_and(|pattern| !pattern.is_match(path.as_bytes())) {
        return None;
    }
    let formless = matches!(detector.look, Look::Any);
    if !detector.strict {
        return Some(sight.confidence);
    }
    if !matches!(detector.look, Look::Expression(..)) && place::is_generated(path)
        || formless && sight.bare && !place::is_setting(path)
    {
        return None;
    }
    Some(if place::is_staged(path) { milder(detector, sight.confidence) } else { sight.confidence })
}

/// What most likely was made up is less sure, unless its form alone says that a service issued it.
fn milder(detector: &Detector, confidence: Confidence) -> Confidence {
    match confidence {
        Confidence::High if detector.check == Some(Check::Pem) => Confidence::Medium,
        Confidence::High => Confidence::High,
        Confidence::Medium | Confidence::Low => Confidence::Low,
    }
}

/// The detectors of names that `path` is a finding of.
pub(crate) fn named(set: &Set, path: &str) -> Vec<usize> {
    let lower = path.to_ascii_lowercase();
    set.paths.iter().copied().filter(|number| set.detectors[*number].is_named(path, &lower)).collect()
}
