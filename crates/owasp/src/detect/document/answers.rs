//! What operations say about refusing.

use super::{Look, OPENAPI};
use crate::evidence::{Evidence, State};

/// How many operations say that too many requests are refused.
pub(super) struct Limits {
    all: usize,
    said: usize,
}

impl Limits {
    pub(super) fn answer(&self, evidence: &mut Evidence, path: &str) {
        if self.all == 0 {
            return;
        }
        let text = format!("{path}: {} of {} operations declare 429", self.said, self.all);
        evidence.answer(OPENAPI, "limits-declared", State::of(self.said, self.all), text, Vec::new());
    }
}

/// Looks at every operation.
pub(super) fn answers(look: &mut Look<'_>) -> Limits {
    let mut limits = Limits { all: look.operations.len(), said: 0 };
    for (operation, placed) in look.all() {
        let name = format!("{} {}", operation.method, operation.path);
        let says = |status: &str, class: &str| {
            operation.responses.iter().any(|r| r == status || r.eq_ignore_ascii_case(class))
        };
        if says("429", "4XX") {
            limits.said += 1;
        } else {
            look.mild("no-limit-declared", name.clone(), placed.at);
        }
        if !operation.anonymous && !says("401", "4XX") && !says("403", "default") {
            look.mild("refusal-not-declared", name, placed.at);
        }
    }
    limits
}
