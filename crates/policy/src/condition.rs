//! What a condition is.

use tollgate_model::{Labels, Op, Target, Unit};

use crate::quantity::Quantity;

/// The metric of findings that the base has had for too long.
pub(crate) const OVERDUE: &str = "findings.overdue";

/// The metric of what the change relaxes.
pub(crate) const RELAXATIONS: &str = "policy.relaxations";

/// One condition: `metric{label="value"} op limit`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What is compared.
    pub subject: Subject,
    /// How.
    pub op: Op,
    /// With what.
    pub limit: Limit,
}

/// The left side of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A metric of a checker or a source.
    Metric(Selector),
    /// `findings.overdue`: findings of all checkers and sources that the base has had for longer than their class allows.
    Overdue(Selector),
    /// `policy.relaxations`: what the change relaxes, whatever gate it concerns.
    Relaxations,
    /// `steps.<id>`: how a step of the workflow ended.
    Step(String),
    /// `needs.<job>`: how a job of the workflow ended.
    Need(String),
}

/// A metric and the series of it that are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Full name: `coverage.lines`.
    pub metric: String,
    /// Labels that a series must carry; empty for the one series without labels.
    pub labels: Labels,
}

/// The right side of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// A number.
    Quantity(Quantity),
    /// The base's value, moved by a quantity: `base`, `base + 2 KB`, `base - 0.5%`.
    Base {
        /// Added (true) or taken away (false), and how much.
        offset: Option<(bool, Quantity)>,
    },
    /// The word `success`.
    Success,
}

impl Selector {
    /// What stands before the first dot: of a count of findings the checker, else most often the checker.
    pub(crate) fn prefix(&self) -> &str {
        prefix(&self.metric)
    }

    /// Whether it counts findings of one checker.
    pub fn counts_findings(&self) -> bool {
        self.metric.split_once('.').is_some_and(|(_, rest)| rest == "findings")
    }
}

/// What stands before the first dot of a metric's name.
pub(crate) fn prefix(metric: &str) -> &str {
    metric.split_once('.').map_or(metric, |(prefix, _)| prefix)
}

impl Condition {
    /// Whether it compares with the base, by its limit or by `state`.
    pub fn needs_base(&self) -> bool {
        let by_subject = match &self.subject {
            Subject::Metric(selector) => selector.labels.contains_key("state"),
            Subject::Overdue(_) => true,
            Subject::Relaxations | Subject::Step(_) | Subject::Need(_) => false,
        };
        by_subject || matches!(self.limit, Limit::Base { .. })
    }

    /// Whether it needs the run that the base left behind, whoever reports what it is about.
    pub fn needs_record(&self) -> bool {
        matches!(self.subject, Subject::Overdue(_))
    }

    /// The condition as its checker sees it; none for outcomes. `unit` is the metric's.
    pub fn target(&self, unit: Unit) -> Option<Target> {
        let Subject::Metric(selector) = &self.subject else { return None };
        let value = match &self.limit {
            Limit::Quantity(quantity) => Some(quantity.value()),
            Limit::Base { .. } | Limit::Success => None,
        };
        let (metric, labels) = (selector.metric.clone(), selector.labels.clone());
        Some(Target { metric, labels, op: self.op, value, unit, warn: None })
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.subject, self.op.sign(), self.limit)
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Metric(selector) | Self::Overdue(selector) => selector.fmt(f),
            Self::Relaxations => f.write_str(RELAXATIONS),
            Self::Step(id) => write!(f, "steps.{id}"),
            Self::Need(job) => write!(f, "needs.{job}"),
        }
    }
}

impl std::fmt::Display for Selector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&tollgate_model::series(&self.metric, &self.labels))
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Quantity(quantity) => quantity.fmt(f),
            Self::Base { offset: None } => f.write_str("base"),
            Self::Base { offset: Some((true, by)) } => write!(f, "base + {by}"),
            Self::Base { offset: Some((false, by)) } => write!(f, "base - {by}"),
            Self::Success => f.write_str("success"),
        }
    }
}
