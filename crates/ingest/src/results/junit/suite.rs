//! A `<testsuite>` or `<testsuites>`, and what it declares.

use tollgate_input::xml::Element;

use super::case::{attribute, file};
use crate::results::tally::{Outcome, Tally};

/// What was counted within a suite.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    /// Test cases.
    cases: u64,
    /// Failures that are declared beyond the listed ones.
    unlisted: u64,
    skipped: u64,
    /// Tests that suites declare, each suite as many as those within it at least.
    pub(super) tests: u64,
    /// Failed test cases, failures outside of any, and what inner suites declare beyond them.
    pub(super) failed: u64,
    /// The same, but several `<failure>` in one test case counted each.
    pub(super) elements: u64,
}

impl Counts {
    pub(super) fn add(&mut self, inner: &Self) {
        self.cases += inner.cases;
        self.unlisted = self.unlisted.saturating_add(inner.unlisted);
        self.tests = self.tests.saturating_add(inner.tests);
        self.skipped += inner.skipped;
        self.failed = self.failed.saturating_add(inner.failed);
        self.elements = self.elements.saturating_add(inner.elements);
    }

    /// Tests whose end is known: those that are listed, and failures that are only declared.
    pub(super) fn known(&self) -> u64 {
        self.cases.saturating_add(self.unlisted)
    }

    pub(super) fn add_case(&mut self, outcome: Outcome, elements: u64) {
        self.cases += 1;
        self.skipped += u64::from(outcome == Outcome::Skipped);
        let failed = u64::from(outcome == Outcome::Failed);
        self.failed = self.failed.saturating_add(failed);
        self.elements = self.elements.saturating_add(elements.max(failed));
    }
}

/// A suite, as far as it was read.
pub(super) struct Suite {
    pub(super) name: String,
    pub(super) file: Option<String>,
    tests: Option<u64>,
    /// Tests that it declares and says did not run.
    idle: u64,
    failures: Option<u64>,
    errors: Option<u64>,
    /// Of it and the suites within it.
    pub(super) counts: Counts,
}

impl Suite {
    /// The suite that `element` begins, within `outer`.
    pub(super) fn new(element: &Element<'_>, outer: Option<&Self>) -> Self {
        let number = |name| element.attribute(name).and_then(|value| value.number());
        // What is no count of failures is no proof that there were none.
        let failures = |name| {
            let text = element.attribute(name)?.text();
            let text = text.trim();
            match (text.parse::<u64>(), text.parse::<f64>()) {
                _ if text.is_empty() => None,
                (Ok(count), _) => Some(count),
                (_, Ok(count)) if count >= 0.0 => Some(count.ceil() as u64),
                _ => Some(1),
            }
        };
        Self {
            name: attribute(element, "name"),
            file: file(element).or_else(|| outer.and_then(|outer| outer.file.clone())),
            tests: number("tests"),
            idle: ["skipped", "disabled", "skip", "ignored"]
                .into_iter()
                .filter_map(number)
                .fold(0, u64::saturating_add),
            failures: failures("failures"),
            errors: failures("errors"),
            counts: Counts::default(),
        }
    }

    /// For a message.
    pub(super) fn title(&self) -> String {
        if self.name.is_empty() { "a suite without a name".to_owned() } else { format!("suite `{}`", self.name) }
    }

    /// Compares what it declares with what was counted. Suites count those within them or do not, and `tests` has the
    /// skipped ones or does not: only what fits neither is noted. More declared failures than listed ones count.
    pub(super) fn compare(&mut self, tally: &mut Tally) {
        let counts = &mut self.counts;
        // Tests that did not run need not be listed.
        let unlisted = self.idle.saturating_sub(counts.skipped);
        counts.tests = counts.tests.max(self.tests.unwrap_or_default().saturating_sub(unlisted));
        let listed = counts.failed.max(counts.elements);
        let declared = self.failures.unwrap_or_default().saturating_add(self.errors.unwrap_or_default());
        let title = || {
            if self.name.is_empty() { "a suite without a name".to_owned() } else { format!("suite `{}`", self.name) }
        };
        if declared > listed {
            let added = tally.declared(&title(), "failures and errors", declared, listed);
            counts.unlisted = counts.unlisted.saturating_add(added);
            counts.failed = counts.failed.saturating_add(added);
            counts.elements = counts.elements.saturating_add(added);
        } else if declared == 0 && counts.failed > 0 && self.failures.is_some() {
            let failed = counts.failed;
            tally.disagree(format!("{} declares no failure, and {failed} are listed, which count", title()));
        }
        if let Some(tests) = self.tests.filter(|tests| *tests > counts.cases) {
            let cases = counts.cases;
            tally.disagree(format!("{} declares tests {tests}, lists {cases}; those that are listed count", title()));
        }
    }
}
