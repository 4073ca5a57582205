//! Gates: named groups of conditions.

use tollgate_model::{Date, Op, Target};

use crate::condition::Condition;
use crate::incidents::Incidents;
use crate::number::Number;
use crate::quantity::Quantity;
use crate::scope::{Change, InstanceScope, Scope};

/// Everything that decides, nothing that measures.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Gates, each with at least one condition.
    pub gates: Vec<Gate>,
    /// What each configured instance of a checker concerns.
    pub instance_scopes: Vec<InstanceScope>,
    /// By when findings must be gone.
    pub incidents: Incidents,
}

impl Policy {
    /// Why `checker`, or that `instance` of it, does not concern this change; none where any instance meant does.
    pub fn excludes(&self, checker: &str, instance: Option<&str>, change: &Change, event: &str) -> Option<String> {
        let meant = |s: &&InstanceScope| {
            s.checker == checker && instance.is_none_or(|instance| s.instance.as_deref() == Some(instance))
        };
        let proofs: Option<Vec<String>> =
            self.instance_scopes.iter().filter(meant).map(|s| s.scope.excludes(change, event)).collect();
        proofs?.into_iter().next()
    }
}

/// One gate.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Its name: what a branch protection rule requires.
    pub name: String,
    /// What must hold.
    pub clauses: Vec<Clause>,
    /// Checkers that need not be configured.
    pub optional: Vec<String>,
    /// What a number is that cannot be told from its limit.
    pub too_close: TooClose,
    /// From which share of an upper limit on it warns, in percent.
    pub warn_at: Option<Quantity>,
    /// Which changes and events it concerns.
    pub scope: Scope,
    /// Until when it only observes.
    pub adopt: Option<Adopt>,
}

/// One condition within a gate.
#[derive(Clone, Debug)]
pub struct Clause {
    /// As the policy writes it.
    pub text: String,
    /// What it says.
    pub condition: Condition,
    /// Whether it blocks; else a failure is a warning.
    pub blocks: bool,
    /// Which changes and events it concerns.
    pub scope: Scope,
}

/// What a number is that cannot be told from its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TooClose {
    /// Unknown: blocks.
    #[default]
    Unknown,
    /// A warning: the tick then reads "not proven".
    Warn,
}

/// A gate that is being introduced: it is computed and shown as if enforced, and a failure counts as a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adopt {
    /// The first day on which it blocks.
    pub enforce_from: Date,
}

impl Adopt {
    /// Longest time a gate may only observe, in days.
    pub const LONGEST_DAYS: i64 = 90;

    /// Whether it still only observes.
    pub(crate) fn observes(self, today: Date) -> bool {
        today < self.enforce_from
    }
}

impl Gate {
    /// A gate of these clauses that concerns every change.
    pub fn new(name: impl Into<String>, clauses: Vec<Clause>) -> Self {
        Self {
            name: name.into(),
            clauses,
            optional: Vec::new(),
            too_close: TooClose::default(),
            warn_at: None,
            scope: Scope::default(),
            adopt: None,
        }
    }

    /// From which value on it warns although `target` is met, in the scale of its unit; none where it does not.
    pub fn warns_from(&self, target: &Target) -> Option<f64> {
        self.warns_above(target.op, Number::from_f64(target.value?)).map(|(from, _)| from.as_f64())
    }

    /// From which value on it warns although it is met that a number is `op` `limit`, and which share of the limit that is; none
    /// where it does not.
    pub(crate) fn warns_above(&self, op: Op, limit: Number) -> Option<(Number, &Quantity)> {
        let at = self.warn_at.as_ref().filter(|_| matches!(op, Op::Le | Op::Lt) && limit.is_positive())?;
        Some((limit.by(at.number).times(1, 100), at))
    }
}

impl Clause {
    /// A clause that concerns every change.
    pub fn new(text: impl Into<String>, condition: Condition, blocks: bool) -> Self {
        Self { text: text.into(), condition, blocks, scope: Scope::default() }
    }
}
