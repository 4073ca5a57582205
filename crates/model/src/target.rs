//! What policy asks of a checker before it runs, and what a checker may answer by its own test.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Labels, Unit, Verdict};

/// How two numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Op {
    /// At least.
    #[serde(rename = ">=")]
    Ge,
    /// At most.
    #[serde(rename = "<=")]
    Le,
    /// Equal.
    #[serde(rename = "==")]
    Eq,
    /// Not equal.
    #[serde(rename = "!=")]
    Ne,
    /// More than.
    #[serde(rename = ">")]
    Gt,
    /// Less than.
    #[serde(rename = "<")]
    Lt,
}

impl Op {
    /// The sign, as conditions write it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Ge => ">=",
            Self::Le => "<=",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Gt => ">",
            Self::Lt => "<",
        }
    }

    /// Whether `ordering` (of the value against the limit) satisfies it.
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Ge => ordering.is_ge(),
            Self::Le => ordering.is_le(),
            Self::Eq => ordering.is_eq(),
            Self::Ne => ordering.is_ne(),
            Self::Gt => ordering.is_gt(),
            Self::Lt => ordering.is_lt(),
        }
    }
}

/// A condition as a checker sees it: which series will be compared with what. A checker may use it to choose what to
/// measure, when to stop and how to word a finding; never to compare.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Full metric name.
    pub metric: String,
    /// The selector; empty for the series without labels.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// How it will be compared.
    pub op: Op,
    /// With what, in the canonical scale of `unit`; absent when the limit is the base's value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// What the limit counts.
    pub unit: Unit,
    /// From which value on policy warns although the condition holds, in the scale of `unit`; absent where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn: Option<f64>,
}

/// The answer of a checker whose own sequential test decides a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// Exactly the target that was handed in.
    pub target: Target,
    /// What the test says.
    pub verdict: Verdict,
    /// The name of the test.
    pub method: String,
    /// How many observations it rests on.
    pub n: u64,
    /// One plain sentence with the numbers.
    pub message: String,
    /// Whether a verdict of unknown says that the number lies too close to its limit for this many observations, rather than that
    /// something was missing. A gate may take that for a warning.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub too_close: bool,
}

/// Whether the `value` of a label is the `wanted` one; a path also where it lies below the wanted folder, `.` being the top.
pub fn label_fits(label: &str, value: &str, wanted: &str) -> bool {
    if label != "path" {
        return value == wanted;
    }
    let folder = wanted.trim_end_matches('/');
    folder == "." || value == folder || value.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// `name` or `name{label="value",…}`, as conditions write a series.
pub fn series(name: &str, labels: &Labels) -> String {
    let mut text = name.to_owned();
    for (i, (label, value)) in labels.iter().enumerate() {
        text.push(if i == 0 { '{' } else { ',' });
        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
        let _ = write!(text, "{label}=\"{value}\"");
    }
    if !labels.is_empty() {
        text.push('}');
    }
    text
}

impl Target {
    /// Whether `other` asks the same, whenever either warns.
    pub fn asks_as(&self, other: &Self) -> bool {
        (&self.metric, &self.labels, self.op, self.value, self.unit)
            == (&other.metric, &other.labels, other.op, other.value, other.unit)
    }

    /// `name` or `name{label="value"}`, as conditions write it.
    pub fn series(&self) -> String {
        series(&self.metric, &self.labels)
    }
}
