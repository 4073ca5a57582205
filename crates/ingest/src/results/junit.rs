//! JUnit XML, in every dialect: it has no specification, so what its writers write is what counts.
//!
//! Every `<testcase>` at any depth is a test. It failed where it holds a `<failure>` or `<error>` (several are one), or a
//! `status` or `result` says so; it was skipped where it holds `<skipped>` or says so. A `<failure>` or `<error>` outside
//! of any test case is a failed test of its own. What writers do with tests that ran more than once:
//!
//! - Surefire, nextest, Playwright: one test case, with `<flakyFailure>` or `<flakyError>` where it passed in the end
//!   (flaky), with `<rerunFailure>` or `<rerunError>` beside a `<failure>` where it did not (failed).
//! - pytest (a suite called `pytest`): names are unique, and test cases of one name that follow each other are one
//!   test. pytest-rerunfailures writes each try that failed as an empty test case before the last (flaky where that passed);
//!   a test that fails, and again when it is torn down, is written as two (failed, once).
//! - Gradle without `mergeReruns`, gotestsum, Bazel's shards: several test cases of one name. Nothing tells these from
//!   two tests of one name, so each counts, and a failure is not forgiven; a note says what to do.
//!
//! PHPUnit before 10 writes a `<warning>` where a test is none (a class without tests) and calls the run failed: that is a failure.
//! CTest writes a test that it could not start (no executable, no required file) as skipped with `status="notrun"`, and
//! calls the run failed because of it: so does this reader. Declared `failures` and `errors` beyond the listed ones count.

mod case;
mod suite;

use std::collections::HashSet;

use tollgate_input::xml::{Event, Scanner};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::format::things;

use self::case::Case;
use self::suite::Suite;
use super::key::{Key, Keys};
use super::tally::{Outcome, Tally};
use super::{Failure, Format, Results};
use crate::text;

pub(super) const FORMAT: Format = Format {
    name: "JUnit XML",
    writers: "Surefire, Gradle, pytest, jest-junit, Vitest, Mocha, Playwright, Cypress, GoogleTest, CTest, PHPUnit, \
              nextest, go-junit-report, gotestsum, Bazel, .NET loggers",
    about: "Every test case counts. Test cases of one name are tries of one test only where the writer says so: have \
            Gradle merge them (`mergeReruns = true`). jest-junit leaves out suites that failed to run unless \
            `reportTestSuiteErrors` is set, and writes tests to be written as passed: Jest's JSON says both.",
    detect: |sniff| sniff.is_root("testsuites") || sniff.is_root("testsuite"),
    read,
};

/// Of how many failed tests the names are remembered, to note those that passed under the same name later.
const MOST_REMEMBERED: usize = 100_000;

/// An element that is open.
enum Open {
    Suite(Box<Suite>),
    Case(Box<Case>),
    Other,
}

/// What an element is, once its attributes were read.
enum Begun {
    Open(Open),
    /// A `<failure>` or `<error>`: its message, empty where the text has it, and its type.
    Failure {
        message: String,
        kind: String,
    },
    Flaky,
    Rerun,
    /// And why.
    Skipped(String),
    PassedOver,
}

struct State {
    open: Vec<Open>,
    tally: Tally,
    keys: Keys,
    /// Names of tests that failed.
    failed: HashSet<Key>,
    /// How many passed whose name is among them.
    passed_later: u64,
    /// Name and outcome of the last test.
    last: Option<(Key, Outcome)>,
}

fn read(window: Window) -> Result<(Results, Digest), InputError> {
    let mut scanner = Scanner::new(window);
    let (open, tally, keys, failed) = (Vec::new(), Tally::default(), Keys::default(), HashSet::new());
    let mut state = State { open, tally, keys, failed, passed_later: 0, last: None };
    loop {
        let begun = match scanner.next()? {
            None => break,
            Some(Event::Start(element)) => begin(&element, state.innermost_suite(), &state.keys),
            Some(Event::End(_)) => {
                state.end();
                continue;
            }
            Some(Event::Text(_)) => continue,
        };
        match begun {
            Begun::Open(open) => {
                state.open.push(open);
                continue;
            }
            Begun::Failure { mut message, kind } => {
                if message.is_empty() {
                    message = first_line(&mut scanner)?;
                }
                state.failure(if message.is_empty() { kind } else { message });
            }
            Begun::Flaky => state.with_case(|case| case.flaky = true),
            Begun::Rerun => state.with_case(|case| case.rerun = true),
            Begun::Skipped(why) => state.with_case(|case| _ = case.skipped.get_or_insert(why)),
            Begun::PassedOver => {}
        }
        state.pass(&mut scanner)?;
    }
    if state.passed_later > 0 {
        let count = things(state.passed_later, "test case");
        state.tally.note(format!(
            "{count} passed under the name of one that had failed before; each counts by itself. Where these are further \
             tries of one test, have the writer say so (Gradle: `reports.junitXml.mergeReruns = true`)"
        ));
    }
    Ok((state.tally.finish(), scanner.digest()))
}

fn begin(element: &tollgate_input::xml::Element<'_>, suite: Option<&Suite>, keys: &Keys) -> Begun {
    let line = |name| element.attribute(name).map(|value| text::line(&value.text())).unwrap_or_default();
    let message = || line("message");
    match element.name() {
        b"testsuites" | b"testsuite" => Begun::Open(Open::Suite(Box::new(Suite::new(element, suite)))),
        b"testcase" => Begun::Open(Open::Case(Box::new(Case::new(element, keys)))),
        b"failure" | b"error" | b"warning" => Begun::Failure { message: message(), kind: line("type") },
        b"flakyFailure" | b"flakyError" => Begun::Flaky,
        b"rerunFailure" | b"rerunError" => Begun::Rerun,
        b"skipped" | b"ignored" | b"disabled" => Begun::Skipped(message()),
        b"system-out" | b"system-err" | b"properties" => Begun::PassedOver,
        _ => Begun::Open(Open::Other),
    }
}

/// The first line of text within the element that was begun last, of which nothing else is read.
fn first_line(scanner: &mut Scanner) -> Result<String, InputError> {
    let depth = scanner.depth();
    while scanner.depth() >= depth {
        if let Some(Event::Text(piece)) = scanner.next()? {
            let line = text::line(&piece.text());
            if !line.is_empty() {
                return Ok(line);
            }
        }
    }
    Ok(String::new())
}

impl State {
    /// Passes over the rest of the elements that are not among the open ones.
    fn pass(&self, scanner: &mut Scanner) -> Result<(), InputError> {
        while scanner.depth() > self.open.len() {
            scanner.skip()?;
        }
        Ok(())
    }

    fn innermost_suite(&self) -> Option<&Suite> {
        self.open.iter().rev().find_map(|open| if let Open::Suite(suite) = open { Some(&**suite) } else { None })
    }

    /// The innermost suite or test case that is open.
    fn innermost(&mut self) -> Option<&mut Open> {
        self.open.iter_mut().rev().find(|open| !matches!(open, Open::Other))
    }

    fn with_case(&mut self, change: impl FnOnce(&mut Case)) {
        if let Some(Open::Case(case)) = self.innermost() {
            change(case);
        }
    }

    /// A `<failure>` or `<error>` stands here.
    fn failure(&mut self, message: String) {
        match self.innermost() {
            Some(Open::Case(case)) => case.fail(message),
            Some(Open::Suite(suite)) => {
                suite.counts.failed += 1;
                suite.counts.elements += 1;
                let name = suite.title();
                let file = suite.file.clone();
                self.tally.fail(1, || Failure { name, file, line: None, message });
            }
            Some(Open::Other) | None => {}
        }
    }

    /// The innermost element ends.
    fn end(&mut self) {
        match self.open.pop() {
            Some(Open::Case(case)) => self.end_case(&case),
            Some(Open::Suite(mut suite)) => {
                suite.compare(&mut self.tally);
                match self.innermost() {
                    Some(Open::Suite(outer)) => outer.counts.add(&suite.counts),
                    _ => self.tally.short(suite.counts.tests, suite.counts.known()),
                }
            }
            Some(Open::Other) | None => {}
        }
    }

    fn end_case(&mut self, case: &Case) {
        let (outcome, message) = case.outcome();
        let suite = self.innermost_suite();
        let unique = suite.is_some_and(|suite| suite.name == "pytest");
        let suite_file = suite.and_then(|suite| suite.file.clone());
        let key = case.key;
        match outcome {
            Outcome::Failed if self.failed.len() < MOST_REMEMBERED => _ = self.failed.insert(key),
            Outcome::Passed if self.failed.contains(&key) => self.passed_later += 1,
            _ => {}
        }
        let again = self.last.filter(|(last, _)| unique && *last == key).map(|(_, outcome)| outcome);
        let outcome_of_all = match (again, outcome) {
            // Two entries, one failed test: it is counted.
            (Some(Outcome::Failed), Outcome::Failed) => None,
            (Some(Outcome::Passed | Outcome::Flaky), Outcome::Passed) => Some(Outcome::Flaky),
            _ => Some(outcome),
        };
        if let Some(outcome) = outcome_of_all {
            if let Some(earlier) = again {
                self.tally.take_back(earlier);
            }
            self.tally.add(outcome, || Failure {
                name: case.title(),
                file: case.file.clone().or(suite_file),
                line: case.line,
                message,
            });
        }
        // What failed once stays failed, whatever follows under its name.
        let kept = if again == Some(Outcome::Failed) { Outcome::Failed } else { outcome_of_all.unwrap_or(outcome) };
        self.last = Some((key, kept));
        for open in self.open.iter_mut().rev() {
            if let Open::Suite(suite) = open {
                suite.counts.add_case(outcome, case.elements);
                break;
            }
        }
    }
}
