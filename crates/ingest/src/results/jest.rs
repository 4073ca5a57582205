//! The JSON of Jest (`jest --json`) and of Vitest (`--reporter=json`), which writes the same.
//!
//! A file of tests that failed without a failed test (it could not be loaded, or something threw after its tests) is a
//! failed test of its own. A run that was interrupted, or that calls itself failed although nothing in it did (a snapshot,
//! a threshold, an error that no test caught), is one too.

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};

use super::json::{count, is_true, items, line, line_number, name};
use super::tally::{Outcome, Tally};
use super::{Failure, Format, Results, Sniff};

pub(super) const FORMAT: Format = Format {
    name: "Jest JSON",
    writers: "Jest, Vitest",
    about: "A test is flaky where it passed at a second try (`retryTimes`, `retry`). A run that calls itself failed \
            without a failed test, also for a snapshot or a coverage threshold, counts as one failed test.",
    detect,
    read,
};

fn detect(sniff: &Sniff<'_>) -> bool {
    sniff.has_keys(&["numTotalTests"]) || sniff.has_keys(&["testResults"])
}

/// What a run declares.
#[derive(Default)]
struct Declared {
    total: Option<u64>,
    /// Tests that did not run.
    idle: u64,
    failed: Option<u64>,
    runtime_errors: Option<u64>,
    unsuccessful: bool,
    interrupted: bool,
    run_error: bool,
}

/// What was counted.
#[derive(Default)]
struct Counted {
    listed: u64,
    failed: u64,
    files_failed: u64,
    results: bool,
}

/// A test, as far as it was read.
#[derive(Default)]
struct Test {
    full: String,
    title: String,
    status: String,
    message: String,
    failures: u64,
    tries: Option<u64>,
    retries: u64,
    line: Option<u32>,
}

fn read(window: Window) -> Result<(Results, Digest), InputError> {
    let mut reader = Reader::new(window);
    let (mut tally, mut declared, mut counted) = (Tally::default(), Declared::default(), Counted::default());
    reader.object(|reader, key| {
        match key {
            "numTotalTests" => declared.total = count(reader)?,
            "numFailedTests" => declared.failed = count(reader)?,
            "numPendingTests" | "numTodoTests" => {
                declared.idle = declared.idle.saturating_add(count(reader)?.unwrap_or_default());
            }
            "numRuntimeErrorTestSuites" => declared.runtime_errors = count(reader)?,
            "success" => declared.unsuccessful = reader.kind()? == Kind::Bool && !reader.bool()?,
            "wasInterrupted" => declared.interrupted = is_true(reader)?,
            "runExecError" => declared.run_error = reader.kind()? != Kind::Null,
            "testResults" => {
                counted.results = true;
                reader.array(|reader| file(reader, &mut tally, &mut counted))?;
            }
            _ => {}
        }
        Ok(())
    })?;
    reader.end()?;
    if !counted.results {
        return Err(reader.malformed("expected `testResults`, the list of test files; have the whole report written"));
    }
    compare(&declared, &counted, &mut tally);
    Ok((tally.finish(), reader.digest()))
}

fn compare(declared: &Declared, counted: &Counted, tally: &mut Tally) {
    let unlisted = tally.declared("the run", "numFailedTests", declared.failed.unwrap_or_default(), counted.failed);
    let errors = declared.runtime_errors.unwrap_or_default();
    tally.declared("the run", "numRuntimeErrorTestSuites", errors, counted.files_failed);
    if let Some(total) = declared.total.filter(|total| *total != counted.listed) {
        let listed = counted.listed;
        tally.disagree(format!("the run declares numTotalTests {total}, lists {listed}; those that are listed count"));
        // Tests that did not run need not be listed.
        tally.short(total.saturating_sub(declared.idle), listed.saturating_add(unlisted));
    }
    let message = if declared.interrupted {
        "was interrupted"
    } else if declared.run_error {
        "ended with an error"
    } else if declared.unsuccessful && tally.failed() == 0 {
        "calls itself failed (`success` is false), and no test did: a snapshot, a threshold or an error outside of tests"
    } else {
        return;
    };
    tally.fail(1, || Failure { name: "the run".to_owned(), message: message.to_owned(), ..Failure::default() });
}

/// A file of tests.
fn file(reader: &mut Reader, tally: &mut Tally, counted: &mut Counted) -> Result<(), InputError> {
    let before = counted.failed;
    let (mut path, mut failed, mut message, mut tests) = (String::new(), false, String::new(), Vec::new());
    reader.object(|reader, key| {
        match key {
            "name" | "testFilePath" => path = name(reader)?,
            "status" => failed = name(reader)? == "failed",
            "testExecError" => failed |= reader.kind()? != Kind::Null,
            "message" | "failureMessage" if counted.failed == before => message = line(reader)?,
            "assertionResults" => reader.array(|reader| {
                let test = test(reader)?;
                counted.listed += 1;
                let outcome = test.outcome();
                counted.failed += u64::from(outcome == Outcome::Failed);
                // The path of the file may stand behind its tests.
                match outcome {
                    Outcome::Failed if tests.len() < super::MOST_FAILURES => tests.push(test),
                    _ => tally.add(outcome, Failure::default),
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    let place = (!path.is_empty()).then_some(path);
    for test in tests {
        tally.fail(1, || test.failure(place.clone()));
    }
    if failed && counted.failed == before {
        counted.files_failed += 1;
        let name = place.clone().unwrap_or_else(|| "a file of tests without a name".to_owned());
        let message = message.trim_start_matches("● ").to_owned();
        tally.fail(1, || Failure { name, file: place, line: None, message });
    }
    Ok(())
}

fn test(reader: &mut Reader) -> Result<Test, InputError> {
    let mut test = Test::default();
    reader.object(|reader, key| {
        match key {
            "fullName" => test.full = name(reader)?,
            "title" => test.title = name(reader)?,
            "status" => test.status = name(reader)?,
            "invocations" => test.tries = count(reader)?,
            "retryReasons" => test.retries = items(reader)?,
            "location" if reader.kind()? == Kind::Object => reader.object(|reader, key| {
                if key == "line" {
                    test.line = line_number(count(reader)?);
                }
                Ok(())
            })?,
            "failureMessages" if reader.kind()? == Kind::Array => reader.array(|reader| {
                test.failures += 1;
                if test.message.is_empty() {
                    test.message = line(reader)?;
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(test)
}

impl Test {
    /// What became of it. Vitest keeps the messages of tries that failed before one passed.
    fn outcome(&self) -> Outcome {
        match self.status.as_str() {
            "passed" if self.failures > 0 || self.retries > 0 || self.tries > Some(1) => Outcome::Flaky,
            "passed" => Outcome::Passed,
            "pending" | "skipped" | "todo" | "disabled" => Outcome::Skipped,
            _ => Outcome::Failed,
        }
    }

    fn failure(self, file: Option<String>) -> Failure {
        let name = [self.full, self.title].into_iter().find(|name| !name.is_empty());
        let message = match self.status.as_str() {
            "failed" => self.message,
            status => format!("has the status `{status}`, which is not known"),
        };
        Failure { name: name.unwrap_or_else(|| "(a test without a name)".to_owned()), file, line: self.line, message }
    }
}
