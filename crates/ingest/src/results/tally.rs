//! Counts of a report, as they grow.

use tollgate_model::format::things;

use super::{Failure, MOST_FAILURES, Results};

/// How many disagreements between declared and counted numbers are named.
const MOST_DISAGREEMENTS: usize = 5;

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Passed,
    Flaky,
    Skipped,
    Failed,
}

/// Counts of a report, as they grow.
#[derive(Debug, Default)]
pub(super) struct Tally {
    results: Results,
    disagreements: u64,
}

impl Tally {
    /// Adds a test; `failure` is asked for where it failed and is still to be named.
    pub(super) fn add(&mut self, outcome: Outcome, failure: impl FnOnce() -> Failure) {
        match outcome {
            Outcome::Passed => self.count_run(1),
            Outcome::Flaky => {
                self.count_run(1);
                self.results.flaky = self.results.flaky.saturating_add(1);
            }
            Outcome::Skipped => self.results.skipped = self.results.skipped.saturating_add(1),
            Outcome::Failed => self.fail(1, failure),
        }
    }

    /// Adds `count` failures, at least 1, that are named together.
    pub(super) fn fail(&mut self, count: u64, failure: impl FnOnce() -> Failure) {
        self.count_run(count);
        self.results.failed = self.results.failed.saturating_add(count);
        if self.results.failures.len() < MOST_FAILURES {
            self.results.failures.push(failure());
        }
    }

    /// Takes back a test that was added, and is part of one that will be. None that failed is taken back.
    pub(super) fn take_back(&mut self, outcome: Outcome) {
        let results = &mut self.results;
        match outcome {
            Outcome::Passed => results.run = results.run.saturating_sub(1),
            Outcome::Flaky => {
                results.run = results.run.saturating_sub(1);
                results.flaky = results.flaky.saturating_sub(1);
            }
            Outcome::Skipped => results.skipped = results.skipped.saturating_sub(1),
            Outcome::Failed => {}
        }
    }

    fn count_run(&mut self, count: u64) {
        self.results.run = self.results.run.saturating_add(count);
    }

    /// How many tests failed so far.
    pub(super) fn failed(&self) -> u64 {
        self.results.failed
    }

    /// Adds what is declared beyond the failures counted in `place`: `words` is declared as `declared`, but `counted`
    /// were found. Gives how many were added.
    pub(super) fn declared(&mut self, place: &str, words: &str, declared: u64, counted: u64) -> u64 {
        let excess = declared.saturating_sub(counted);
        if excess > 0 {
            let message = format!("declares {words} {declared}, lists {counted}");
            self.disagree(format!("{place} {message}; {} counted as failed", things(excess, "unlisted failure")));
            self.fail(excess, || Failure { name: place.to_owned(), message, ..Failure::default() });
        }
        excess
    }

    /// Says, where most of the tests that the report declares are not listed, that how they ended is not known.
    pub(super) fn short(&mut self, declared: u64, listed: u64) {
        if listed < declared.div_ceil(2) {
            let declared = things(declared, "test");
            self.results.doubts.push(format!(
                "declares {declared} and lists {listed}, so how most ended is not known; was the run cut off? write the report again"
            ));
        }
    }

    /// Notes a disagreement between declared and counted numbers.
    pub(super) fn disagree(&mut self, note: String) {
        self.disagreements += 1;
        if self.disagreements <= MOST_DISAGREEMENTS as u64 {
            self.note(note);
        }
    }

    /// Says of `broken` lines, but for the last of a report that was cut there, that what they tell is not known.
    pub(super) fn doubt(&mut self, broken: u64, cut: bool) {
        let lines = broken - u64::from(cut).min(broken);
        if lines > 0 {
            let (begin, make) = if lines == 1 { ("begins", "makes") } else { ("begin", "make") };
            let lines = things(lines, "line");
            self.results.doubts.push(format!(
                "{lines} {begin} like an event and {make} no sense, so how some tests ended is not known; write the report again"
            ));
        }
    }

    /// Adds a note.
    pub(super) fn note(&mut self, note: String) {
        self.results.notes.push(note);
    }

    /// What it came to.
    pub(super) fn finish(mut self) -> Results {
        let more = self.disagreements.saturating_sub(MOST_DISAGREEMENTS as u64);
        if more > 0 {
            self.note(format!("{} like these between declared and counted numbers", things(more, "more disagreement")));
        }
        self.results
    }
}
