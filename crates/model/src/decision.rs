//! What policy makes of the reports.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Exit, Labels, Verdict};

/// The answer to "may this change merge", with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The worst verdict among the judged gates and the problems of configured checkers.
    pub verdict: Verdict,
    /// Gates, worst first, then by name.
    pub gates: Vec<GateDecision>,
    /// Checkers with a problem, whether or not a gate names their metrics.
    #[serde(default)]
    pub unfinished: Vec<String>,
    /// Things about the policy itself that its owner should know.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// What the change's own policy would demand less than that of its base, by which it was judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relaxations: Vec<Relaxed>,
}

/// One thing that the change would relax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relaxed {
    /// The gate it concerns; absent where it concerns all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// One plain sentence: what would be, and what is.
    pub text: String,
    /// Who, not being the author, approved the commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
}

/// One gate's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateDecision {
    /// The gate's name.
    pub name: String,
    /// Its verdict: the worst of its reasons.
    pub verdict: Verdict,
    /// False where it needs a checker that this run left out: shown, never posted, not part of the verdict.
    pub judged: bool,
    /// Whether any of its conditions concerns this change. A gate of which none does passes and says so.
    pub applies: bool,
    /// Until when a failure only warns, `YYYY-MM-DD`, where the gate is being adopted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_until: Option<String>,
    /// One per condition, worst first.
    pub reasons: Vec<Reason>,
}

/// Why a condition got its verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The condition as the policy writes it.
    pub condition: String,
    /// The checker whose word it rests on, where one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checker: Option<String>,
    /// Its verdict, after `warn`, `too_close` and adoption were taken into account.
    pub verdict: Verdict,
    /// Whether it concerns this change.
    pub applies: bool,
    /// One plain sentence: the number, then the distance to the limit.
    pub text: String,
    /// Where to look, worst first, a handful.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "crate::metric::is_none")]
    pub more_places: u64,
    /// What to do next, where something can be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Labels of the worst series.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// Whether the number was reported by the change's own run.
    #[serde(default)]
    pub own_run: bool,
    /// A stricter limit that the change and its base both keep, where the one that is written leaves room to spare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tighter: Option<String>,
}

impl Decision {
    /// What the process exits with.
    pub fn exit(&self) -> Exit {
        self.verdict.into()
    }
}
