//! The events of libtest (`cargo test -- -Z unstable-options --format json`) and of nextest (`--message-format
//! libtest-json`), one JSON object per line.
//!
//! nextest writes one event for the last try of a test, with `#` and the number of the try behind its name.

use std::collections::HashMap;

use tollgate_input::{Digest, InputError, Window};
use tollgate_model::format::things;

use super::lines::{Line, Lines, count, text};
use super::tally::{Outcome, Tally};
use super::{Failure, Format, Results, Sniff};

pub(super) const FORMAT: Format = Format {
    name: "libtest JSON",
    writers: "cargo test, cargo-nextest",
    about: "With nextest, a test is flaky where it passed at a second try. A test that was started and not ended, and a \
            suite that was, counts as failed.",
    detect: |sniff: &Sniff<'_>| sniff.has_keys(&["type", "event"]),
    read,
};

#[derive(Default)]
struct State {
    tally: Tally,
    /// Tests that were started and not ended, with how many of that name.
    running: HashMap<String, u64>,
    suites_open: u64,
    declared: u64,
    other: u64,
    broken: u64,
}

fn read(window: Window) -> Result<(Results, Digest), InputError> {
    let mut lines = Lines::new(window);
    let (mut state, mut cut) = (State::default(), false);
    while let Some(line) = lines.next()? {
        match line {
            Line::Object(node) => match (text(&node, "type"), text(&node, "event")) {
                ("suite", "started") => state.suites_open += 1,
                ("suite", "ok" | "failed") => {
                    state.suites_open = state.suites_open.saturating_sub(1);
                    let failed = count(&node, "failed").unwrap_or_default();
                    state.declared = state.declared.saturating_add(failed);
                }
                ("test" | "bench", event) => state.test(event, text(&node, "name"), &node),
                _ => {}
            },
            Line::Broken(last) => {
                state.broken += 1;
                cut |= last;
            }
            Line::Other(_) => state.other += 1,
        }
    }
    Ok((state.finish(cut), lines.digest()))
}

impl State {
    fn test(&mut self, event: &str, name: &str, node: &tollgate_input::Node) {
        // Of libtest a name has no `$`.
        let tried = name.rsplit_once('#').filter(|(before, _)| before.contains('$'));
        let tried = tried.and_then(|(before, number)| Some((before, number.parse::<u64>().ok()?)));
        let (plain, attempt) = tried.unwrap_or((name, 1));
        let outcome = match event {
            "started" => {
                *self.running.entry(plain.to_owned()).or_default() += 1;
                return;
            }
            "ok" if attempt > 1 => Outcome::Flaky,
            "ok" => Outcome::Passed,
            "ignored" => Outcome::Skipped,
            "failed" => Outcome::Failed,
            // A result of a benchmark has no event; a test that takes long goes on.
            "" if text(node, "type") == "bench" => Outcome::Passed,
            _ => return,
        };
        match self.running.get_mut(plain) {
            Some(count) if *count > 1 => *count -= 1,
            _ => _ = self.running.remove(plain),
        }
        self.tally.add(outcome, || {
            let said = [text(node, "message"), text(node, "reason"), text(node, "stdout")];
            let message = said.map(crate::text::line).into_iter().find(|line| !line.is_empty()).unwrap_or_default();
            Failure { name: crate::text::name(plain), message, ..Failure::default() }
        });
    }

    fn finish(mut self, cut: bool) -> Results {
        let counted = self.tally.failed();
        self.tally.declared("the run", "failed", self.declared, counted);
        let mut running: Vec<_> = self.running.into_iter().collect();
        running.sort_unstable();
        for (name, count) in &running {
            let message = "was started and did not end".to_owned();
            self.tally.fail(*count, || Failure { name: crate::text::name(name), message, ..Failure::default() });
        }
        if running.is_empty() && (cut || self.suites_open > 0) {
            let message = "the report is cut short: a suite was started and did not end".to_owned();
            self.tally.fail(1, || Failure { name: "the run".to_owned(), message, ..Failure::default() });
        }
        self.tally.doubt(self.broken, cut);
        if self.other > 0 {
            self.tally.note(format!("{} passed over that are no event", things(self.other, "line")));
        }
        self.tally.finish()
    }
}
