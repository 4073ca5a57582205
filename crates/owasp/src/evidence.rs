//! What detectors say: answers about slots, findings, and how much they saw.

use tollgate_model::Location;

/// What one detector says about one slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) slot: &'static str,
    pub(crate) detector: &'static str,
    pub(crate) state: State,
    /// What was seen, in a few words.
    pub(crate) text: String,
    /// Where: of what holds, what shows it; of what does not, what lacks it.
    pub(crate) places: Vec<Location>,
}

/// How a slot stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// It was looked for, and there is none.
    Missing,
    /// It is there, and not in force.
    Idle,
    /// It holds for some of what it must hold for.
    Partly,
    /// It is shown.
    Holds,
}

impl State {
    /// Of what holds for `held` of `all`.
    pub(crate) fn of(held: usize, all: usize) -> Self {
        match held {
            0 => Self::Missing,
            held if held == all => Self::Holds,
            _ => Self::Partly,
        }
    }

    /// The word that tables use.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Idle => "not in force",
            Self::Partly => "in part",
            Self::Holds => "shown",
        }
    }
}

/// Something that was found, before it becomes a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// The rule, without the checker's name.
    pub(crate) rule: String,
    pub(crate) message: String,
    pub(crate) place: Location,
    /// What its name is made of, beside rule and path: it stays the same when lines move.
    pub(crate) context: String,
    pub(crate) related: Vec<Location>,
    /// Whether it is only worth knowing here, whatever its rule says.
    pub(crate) mild: bool,
    /// Whether it is less sure here than its rule says.
    pub(crate) unsure: bool,
    /// Items that it fails beside those that name its rule: what a rule of a user's says.
    pub(crate) items: Vec<String>,
}

/// Everything that was seen.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) answers: Vec<Answer>,
    pub(crate) drafts: Vec<Draft>,
}

impl Draft {
    /// A draft at `place`, whose name is made of `context`.
    pub(crate) fn new(rule: &str, message: impl Into<String>, place: Location, context: impl Into<String>) -> Self {
        Self {
            rule: rule.to_owned(),
            message: message.into(),
            place,
            context: context.into(),
            related: Vec::new(),
            mild: false,
            unsure: false,
            items: Vec::new(),
        }
    }
}

impl Evidence {
    /// Notes what a detector says about a slot.
    pub(crate) fn answer(
        &mut self,
        detector: &'static str,
        slot: &'static str,
        state: State,
        text: impl Into<String>,
        places: Vec<Location>,
    ) {
        self.answers.push(Answer { slot, detector, state, text: text.into(), places });
    }

    /// The answer about a slot that counts: the best, unless the running service showed otherwise.
    pub(crate) fn best(&self, slot: &str) -> Option<&Answer> {
        let of = || self.answers.iter().filter(|answer| answer.slot == slot);
        // That a burst was not refused does not show that there is no limit: it may be higher.
        let denied =
            |answer: &&Answer| answer.detector == "probe" && answer.state == State::Missing && slot != "rate-limit";
        // Of several that are as good, the first.
        of().find(denied).or_else(|| of().rev().max_by_key(|answer| answer.state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(answers: &[(&'static str, &'static str, State)]) -> Option<State> {
        let mut evidence = Evidence::default();
        for (detector, slot, state) in answers {
            evidence.answer(detector, slot, *state, "", Vec::new());
        }
        evidence.best("cors").map(|answer| answer.state)
    }

    #[test]
    fn one_that_shows_it_is_enough_unless_the_running_service_shows_otherwise() {
        assert_eq!(best(&[]), None);
        assert_eq!(best(&[("source", "cors", State::Partly), ("probe", "cors", State::Holds)]), Some(State::Holds));
        assert_eq!(best(&[("source", "cors", State::Holds), ("probe", "cors", State::Missing)]), Some(State::Missing));
        assert_eq!(best(&[("source", "cors", State::Holds), ("openapi", "cors", State::Missing)]), Some(State::Holds));
        assert_eq!(best(&[("source", "cors", State::Idle), ("source", "audit-log", State::Holds)]), Some(State::Idle));
        let mut evidence = Evidence::default();
        evidence.answer("source", "rate-limit", State::Holds, "", Vec::new());
        evidence.answer("probe", "rate-limit", State::Missing, "", Vec::new());
        assert_eq!(
            evidence.best("rate-limit").map(|answer| answer.state),
            Some(State::Holds),
            "the limit may be higher"
        );
    }
}
