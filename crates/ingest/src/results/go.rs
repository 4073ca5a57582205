//! The events of `go test -json`, one JSON object per line (`go doc test2json`), also as gotestsum keeps them.
//!
//! Every test and subtest counts, as `go test -v` prints them; with `-count` each run of it. A package that failed without
//! a failed test (it did not build, panicked, was killed) is a failed test of its own. A test that was started and did not
//! end has failed, also where its output hid the end (Go before 1.20). Lines that are no event, which Go writes where a
//! build fails, are passed over but for `FAIL`.
//!
//! gotestsum runs failed tests again after their package ended, and marks nothing. A test that failed and passed in a
//! later run of its package is flaky only if all later runs held failed tests alone, and tests that had passed were left
//! out: else these may be two runs of everything, say with other build tags, and a failure is not forgiven.

mod package;

use std::collections::{BTreeMap, HashMap};

use tollgate_input::{Digest, InputError, Node, Window};
use tollgate_model::format::things;

use self::package::{End, Package};
use super::key::{Key, Keys};
use super::lines::{Line, Lines, text};
use super::tally::{Outcome, Tally};
use super::{Failure, Format, MOST_FAILURES, Results, Sniff};

pub(super) const FORMAT: Format = Format {
    name: "go test JSON",
    writers: "go test -json, gotestsum --jsonfile",
    about: "Subtests count. A test is flaky where it failed and passed when failed tests alone were run again. A report \
            that ends between two packages cannot be told from a whole one.",
    detect,
    read,
};

/// How many tests, and packages, one report may have: each takes some 50 bytes.
const MOST: usize = 10_000_000;

fn detect(sniff: &Sniff<'_>) -> bool {
    let failed = || sniff.head.split(|byte| *byte == b'\n').any(|line| failed_package(line).is_some());
    let event = ["Package", "ImportPath", "Test", "Time", "Output"].iter().any(|key| sniff.has_keys(&["Action", key]));
    event || (!sniff.head.trim_ascii_start().starts_with(b"<") && failed())
}

/// The package of a line like `FAIL\tsome/package [build failed]`.
fn failed_package(line: &[u8]) -> Option<(&str, &str)> {
    let (package, why) = str::from_utf8(line).ok()?.trim_end().strip_prefix("FAIL\t")?.split_once(" [")?;
    Some((package, why.strip_suffix(" failed]")?))
}

/// How a test ended when it was run last, and in which run of its package that was.
struct Known {
    outcome: Outcome,
    run: u32,
}

#[derive(Default)]
struct State {
    tally: Tally,
    keys: Keys,
    tests: HashMap<Key, Known>,
    packages: BTreeMap<String, Package>,
    /// Failures that a later run may excuse: test, package, what to say.
    failures: Vec<(Key, String, Failure)>,
    failed: u64,
    builds_failed: u64,
    fail_line: bool,
    other: u64,
    broken: u64,
}

fn read(window: Window) -> Result<(Results, Digest), InputError> {
    let path = window.path().to_owned();
    let mut lines = Lines::new(window);
    let (mut state, mut cut) = (State::default(), false);
    while let Some(line) = lines.next()? {
        match line {
            Line::Object(event) => state.event(&event),
            Line::Broken(last) => {
                state.broken += 1;
                cut |= last;
            }
            Line::Other(line) => match failed_package(line) {
                Some((package, why)) => {
                    let message = format!("{} failed", crate::text::name(why));
                    state.end_package(package, End::Failed, &message);
                }
                None => {
                    state.fail_line |= line == b"FAIL";
                    state.other += 1;
                }
            },
        }
        if state.tests.len().max(state.packages.len()) > MOST {
            return Err(InputError::malformed(&path, None, format!("has more than {MOST} tests, the bound")));
        }
    }
    Ok((state.finish(cut), lines.digest()))
}

impl State {
    fn event(&mut self, event: &Node) {
        let (package, test) = (text(event, "Package"), text(event, "Test"));
        match (text(event, "Action"), test) {
            ("build-fail", _) => self.builds_failed += 1,
            ("build-output" | "", _) => {}
            ("fail", "") => {
                let built = text(event, "FailedBuild").is_empty();
                self.end_package(package, End::Failed, if built { "" } else { "build failed" });
            }
            ("pass", "") => self.end_package(package, End::Passed, ""),
            ("skip", "") => self.end_package(package, End::Skipped, ""),
            ("start", "") => self.package(package).open = true,
            ("output", _) => self.package(package).said(test, text(event, "Output")),
            ("run", _) => {
                let unfinished = self.package(package).start(test);
                if unfinished {
                    self.end_test(package, test, Outcome::Failed, Some("was started again and did not end"));
                    self.package(package).start(test);
                }
            }
            ("pass" | "bench", _) => self.end_test(package, test, Outcome::Passed, None),
            ("skip", _) => self.end_test(package, test, Outcome::Skipped, None),
            ("fail", _) => self.end_test(package, test, Outcome::Failed, None),
            _ => {}
        }
    }

    fn package(&mut self, name: &str) -> &mut Package {
        if !self.packages.contains_key(name) {
            self.packages.insert(name.to_owned(), Package::default());
        }
        self.packages.entry(name.to_owned()).or_default()
    }

    fn end_test(&mut self, package: &str, test: &str, outcome: Outcome, why: Option<&str>) {
        let key = self.keys.of(&[package, test]);
        let root = self.keys.of(&[package, test.split('/').next().unwrap_or_default()]);
        let root_failed = self
            .tests
            .get(&root)
            .is_some_and(|root| root.outcome != Outcome::Passed && root.outcome != Outcome::Skipped);
        let known = self.packages.entry(package.to_owned()).or_default();
        let said = known.end(test);
        let run = known.run;
        known.failed |= outcome == Outcome::Failed;
        let before = self.tests.get(&key);
        // Twice in one run (`-count`): no tries of one test.
        known.repeated |= before.is_some_and(|before| before.run == run);
        let earlier = before.filter(|before| before.run < run).map(|before| before.outcome);
        // Flaky stands for: failed, and passed in a later run.
        let kept = match (earlier, outcome) {
            (Some(Outcome::Failed), Outcome::Passed) => {
                known.recovered += 1;
                Some(Outcome::Flaky)
            }
            (Some(Outcome::Flaky), Outcome::Failed) => {
                known.recovered = known.recovered.saturating_sub(1);
                Some(Outcome::Failed)
            }
            (Some(before @ (Outcome::Failed | Outcome::Flaky)), _) => Some(before),
            // Beside a subtest that failed, those that passed may be run again.
            (Some(before), now) if root_failed && now != Outcome::Failed => Some(before),
            (Some(_), _) => {
                known.repeated = true;
                None
            }
            (None, Outcome::Passed) if run == 0 => {
                known.passed_first = true;
                None
            }
            (None, _) => None,
        };
        if kept.is_none() {
            if outcome == Outcome::Failed {
                self.failed += 1;
                if self.failures.len() < MOST_FAILURES {
                    let name = crate::text::name(&format!("{package} {test}"));
                    let message = match why {
                        Some(why) if said.is_empty() => why.to_owned(),
                        Some(why) => crate::text::name(&format!("{why}: {said}")),
                        None => said,
                    };
                    let failure = Failure { name: name.trim().to_owned(), message, ..Failure::default() };
                    self.failures.push((key, package.to_owned(), failure));
                }
            } else {
                self.tally.add(outcome, Failure::default);
            }
        }
        let known = self.tests.entry(key).or_insert(Known { outcome, run });
        // Of several runs of a test at once the worst counts.
        let worst = if known.run == run && known.outcome == Outcome::Failed { Outcome::Failed } else { outcome };
        *known = Known { outcome: kept.unwrap_or(worst), run };
    }

    fn end_package(&mut self, name: &str, end: End, why: &str) {
        let package = self.package(name);
        let said = std::mem::take(&mut package.said);
        for test in package.take_running() {
            // Go writes no end for a benchmark that only measures.
            if end != End::Passed || !test.starts_with("Benchmark") {
                self.end_test(name, &test, Outcome::Failed, Some("was started and did not end"));
            }
        }
        let package = self.package(name);
        let unexplained = end == End::Failed && !package.failed;
        package.failed = false;
        package.open = false;
        package.run = package.run.saturating_add(1);
        if unexplained {
            self.failed += 1;
            let message = if why.is_empty() { said } else { why.to_owned() };
            if self.failures.len() < MOST_FAILURES {
                // No test has this name, so that no later run excuses it.
                let key = self.keys.of(&[name]);
                let failure = Failure { name: crate::text::name(name), message, ..Failure::default() };
                self.failures.push((key, String::new(), failure));
            }
        }
    }

    fn finish(mut self, cut: bool) -> Results {
        let open: Vec<String> =
            self.packages.iter().filter(|(_, package)| package.open).map(|(name, _)| name.clone()).collect();
        for name in open {
            self.end_package(&name, End::Failed, "was started and did not end; the report is cut short");
        }
        let (mut flaky, mut unsure) = (0, 0);
        for package in self.packages.values() {
            *(if package.is_rerun() { &mut flaky } else { &mut unsure }) += package.recovered;
        }
        for _ in 0..flaky {
            self.tally.add(Outcome::Flaky, Failure::default);
        }
        let mut excused = flaky;
        for (key, package, failure) in std::mem::take(&mut self.failures) {
            self.failed = self.failed.saturating_sub(1);
            let recovered = self.tests.get(&key).is_some_and(|test| test.outcome == Outcome::Flaky);
            if recovered && self.packages.get(&package).is_some_and(Package::is_rerun) {
                excused = excused.saturating_sub(1);
            } else {
                self.tally.fail(1, || failure);
            }
        }
        // Those that there was no room to name.
        let unnamed = self.failed.saturating_sub(excused);
        if unnamed > 0 {
            let name = format!("{} beyond those that are named", things(unnamed, "test"));
            self.tally.fail(unnamed, || Failure { name, ..Failure::default() });
        }
        let message = match (cut, self.builds_failed > 0, self.fail_line) {
            (true, _, _) => "the report is cut short within an event",
            (_, true, _) if self.tally.failed() == 0 => "a build failed",
            (_, _, true) if self.tally.failed() == 0 => "go printed FAIL, and no test failed",
            _ => "",
        };
        if !message.is_empty() {
            self.tally.fail(1, || Failure {
                name: "the run".to_owned(),
                message: message.to_owned(),
                ..Failure::default()
            });
        }
        if unsure > 0 {
            let count = things(unsure, "test");
            self.tally.note(format!(
                "{count} failed and passed in another run of the package; counted as failed, since \
                                     tests that had passed were run again too, or there were none"
            ));
        }
        self.tally.doubt(self.broken, cut);
        if self.other > 0 {
            self.tally.note(format!("{} passed over that are no event", things(self.other, "line")));
        }
        self.tally.finish()
    }
}
