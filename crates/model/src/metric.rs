//! Numbers, with what they mean.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format;

/// Label names and values of one series.
pub type Labels = BTreeMap<String, String>;

/// What a number counts. Each has one canonical scale, named here; conditions may be written in others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Things.
    Count,
    /// Parts of a hundred.
    Percent,
    /// Bytes.
    Bytes,
    /// Milliseconds.
    Milliseconds,
}

impl Unit {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Percent => "percent",
            Self::Bytes => "bytes",
            Self::Milliseconds => "milliseconds",
        }
    }
}

/// One measured number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// Full name: `coverage.lines`. One checker owns it, and most names begin with the checker's own.
    pub name: String,
    /// The value, in the canonical scale of `unit`. Finite.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
    /// Which series of that name this is.
    #[serde(default)]
    pub labels: Labels,
    /// Of a percentage: how many. Comparisons use the exact ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerator: Option<u64>,
    /// Of a percentage: out of how many. Never 0: nothing out of nothing is not a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<u64>,
    /// Where the true value lies, both ends included, in the scale of `value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// How sure the interval is, 0 to 1; absent when it is certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// Where to look to change it, worst first, a handful: `src/tank.ts:41-43`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more_places: u64,
}

/// How many places a number names.
pub const PLACES: usize = 5;

/// Whether there is nothing to write.
pub(crate) fn is_none(count: &u64) -> bool {
    *count == 0
}

impl Metric {
    /// A number of things.
    pub fn count(name: impl Into<String>, value: u64) -> Self {
        Self::new(name, Unit::Count, value as f64)
    }

    /// A size in bytes.
    pub fn bytes(name: impl Into<String>, value: u64) -> Self {
        Self::new(name, Unit::Bytes, value as f64)
    }

    /// A duration in milliseconds.
    pub fn milliseconds(name: impl Into<String>, value: f64) -> Self {
        Self::new(name, Unit::Milliseconds, value)
    }

    /// `numerator` of `denominator` as an exact percentage; none when the denominator is 0.
    pub fn ratio(name: impl Into<String>, numerator: u64, denominator: u64) -> Option<Self> {
        (denominator > 0).then(|| Self {
            numerator: Some(numerator),
            denominator: Some(denominator),
            ..Self::new(name, Unit::Percent, numerator as f64 * 100.0 / denominator as f64)
        })
    }

    fn new(name: impl Into<String>, unit: Unit, value: f64) -> Self {
        Self {
            name: name.into(),
            value,
            unit,
            labels: Labels::new(),
            numerator: None,
            denominator: None,
            interval: None,
            confidence: None,
            places: Vec::new(),
            more_places: 0,
        }
    }

    /// The same number as the series with this label.
    #[must_use]
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(name.into(), value.into());
        self
    }

    /// The same number, known only to lie within `low..=high`.
    #[must_use]
    pub fn within(mut self, low: f64, high: f64) -> Self {
        self.interval = Some([low, high]);
        self
    }

    /// The same number with the places to look at, worst first: the first [`PLACES`] are named, the others counted.
    #[must_use]
    pub fn places(mut self, places: impl IntoIterator<Item = String>) -> Self {
        let mut places = places.into_iter();
        self.places = places.by_ref().take(PLACES).collect();
        self.more_places = places.count() as u64;
        self
    }

    /// The same number with so many more places than those named.
    #[must_use]
    pub fn and_more(mut self, more: u64) -> Self {
        self.more_places = more;
        self
    }

    /// Whether its value is no more than the upper end of where it lies for certain.
    pub fn is_upper_bound(&self) -> bool {
        self.confidence.is_none() && self.interval.is_some_and(|[low, high]| low < high && high == self.value)
    }

    /// The value for people: `79.97 % (7,997 of 10,000)`, `612.3 KB (612,345 B)`, `at most 5 KB (5,000 B)` of one that is known by
    /// its upper bound alone.
    pub fn shown(&self) -> String {
        match (self.numerator, self.denominator) {
            (Some(n), Some(d)) => format!("{} ({} of {})", format::ratio(n, d), format::count(n), format::count(d)),
            _ if self.is_upper_bound() => format!("at most {}", format::value(self.value, self.unit)),
            _ => format::value(self.value, self.unit),
        }
    }

    /// `name` or `name{label="value"}`, as conditions write it.
    pub fn series(&self) -> String {
        crate::target::series(&self.name, &self.labels)
    }
}

/// A metric that a checker may report: what conditions can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MetricSpec {
    /// Full name: `coverage.lines`. What stands before the dot is most often the checker's name, and need not be
    /// (`tests.failed`); no other checker may have the same.
    pub name: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// Labels that a series may carry.
    pub labels: &'static [&'static str],
    /// One line for the reference page.
    pub about: &'static str,
    /// Whether it is about what a change touches, so that without a base there is nothing to say.
    pub of_change: bool,
    /// What one of the things counted is called: `line`.
    pub noun: Option<&'static str>,
    /// The option without which it is never reported, as the configuration spells it: `coverage.tests`.
    pub option: Option<&'static str>,
    /// The label that parts what is counted by what the change touches, and its values; without a base it says nothing.
    pub parted: Option<(&'static str, &'static [&'static str])>,
    /// Whether its label `path` is no path below the checked folder, but one within a build.
    pub elsewhere: bool,
}

impl MetricSpec {
    /// A metric of the subject as it is, without labels.
    pub const fn new(name: &'static str, unit: Unit, about: &'static str) -> Self {
        Self {
            name,
            unit,
            labels: &[],
            about,
            of_change: false,
            noun: None,
            option: None,
            parted: None,
            elsewhere: false,
        }
    }

    /// The same with these labels.
    #[must_use]
    pub const fn labels(mut self, labels: &'static [&'static str]) -> Self {
        self.labels = labels;
        self
    }

    /// The same, about what a change touches.
    #[must_use]
    pub const fn of_change(mut self) -> Self {
        self.of_change = true;
        self
    }

    /// The same, where `label` parts what is counted by what the change touches.
    #[must_use]
    pub const fn parted(mut self, label: &'static str, values: &'static [&'static str]) -> Self {
        self.parted = Some((label, values));
        self
    }

    /// The same, with paths within a build.
    #[must_use]
    pub const fn elsewhere(mut self) -> Self {
        self.elsewhere = true;
        self
    }

    /// The same, counting these: a percentage's distance is then said in `line`s.
    #[must_use]
    pub const fn counting(mut self, noun: &'static str) -> Self {
        self.noun = Some(noun);
        self
    }

    /// The same, reported only where this option is set: `coverage.tests`.
    #[must_use]
    pub const fn needs_option(mut self, option: &'static str) -> Self {
        self.option = Some(option);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_known_by_its_bound_alone_says_so() {
        let of = |interval, confidence| Metric { interval, confidence, ..Metric::bytes("b.t", 5_000) }.shown();
        assert_eq!(of(Some([20.0, 5_000.0]), None), "at most 5 KB (5,000 B)");
        for (interval, confidence) in [
            (None, None),
            (Some([5_000.0; 2]), None),
            (Some([20.0, 6_000.0]), None),
            (Some([20.0, 5_000.0]), Some(0.95)),
        ] {
            assert_eq!(of(interval, confidence), "5 KB (5,000 B)", "{interval:?} {confidence:?}");
        }
        assert_eq!(
            Metric::ratio("c.l", 7_997, 10_000).map(|metric| metric.shown()).as_deref(),
            Some("79.97 % (7,997 of 10,000)")
        );
    }
}
