//! The JSON of pytest-json-report.
//!
//! A test that was expected to fail and did counts as skipped, as in pytest's JUnit XML.

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};

use super::json::{count, line, line_number, name};
use super::tally::{Outcome, Tally};
use super::{Failure, Format, Results};

pub(super) const FORMAT: Format = Format {
    name: "pytest-json-report",
    writers: "pytest-json-report",
    about: "A test is flaky where it passed at a second try (pytest-rerunfailures).",
    detect: |sniff| sniff.has_keys(&["exitcode", "summary"]),
    read,
};

fn read(window: Window) -> Result<(Results, Digest), InputError> {
    let mut reader = Reader::new(window);
    let (mut tally, mut exit, mut declared) = (Tally::default(), None, 0_u64);
    reader.object(|reader, key| match key {
        "exitcode" => {
            exit = count(reader)?;
            Ok(())
        }
        "summary" => reader.object(|reader, key| {
            if matches!(key, "failed" | "error") {
                declared = declared.saturating_add(count(reader)?.unwrap_or_default());
            }
            Ok(())
        }),
        "tests" => reader.array(|reader| entry(reader, false, &mut tally)),
        "collectors" => reader.array(|reader| entry(reader, true, &mut tally)),
        _ => Ok(()),
    })?;
    reader.end()?;
    let counted = tally.failed();
    tally.declared("the run", "failed and error", declared, counted);
    // 5: no test was found, which the number of tests says.
    if tally.failed() == 0 && !matches!(exit, Some(0 | 5)) {
        let message = "pytest ended with an exit code that is not 0, and no test failed".to_owned();
        tally.fail(1, || Failure { name: "the run".to_owned(), message, ..Failure::default() });
    }
    Ok((tally.finish(), reader.digest()))
}

/// A test, or what tests were collected from, of which only failures count.
fn entry(reader: &mut Reader, collector: bool, tally: &mut Tally) -> Result<(), InputError> {
    let (mut failure, mut outcome) = (Failure::default(), String::new());
    // What became of its last try, by its steps.
    let (mut called, mut unwell) = (false, false);
    reader.object(|reader, key| {
        match key {
            "nodeid" => failure.name = name(reader)?,
            "outcome" => outcome = name(reader)?,
            "lineno" => failure.line = line_number(count(reader)?.map(|line| line.saturating_add(1))),
            "longrepr" => failure.message = line(reader)?,
            "setup" | "call" | "teardown" if reader.kind()? == Kind::Object => {
                called |= key == "call";
                reader.object(|reader, key| {
                    if key == "outcome" {
                        unwell |= name(reader)? != "passed";
                    }
                    if key == "crash" && failure.message.is_empty() && reader.kind()? == Kind::Object {
                        reader.object(|reader, key| {
                            if key == "message" {
                                failure.message = line(reader)?;
                            }
                            Ok(())
                        })?;
                    }
                    Ok(())
                })?;
            }
            _ => {}
        }
        Ok(())
    })?;
    failure.file = failure.name.split("::").next().filter(|file| !file.is_empty()).map(str::to_owned);
    let outcome = match outcome.as_str() {
        "passed" | "skipped" if collector => return Ok(()),
        "passed" | "xpassed" => Outcome::Passed,
        "skipped" | "xfailed" => Outcome::Skipped,
        "rerun" if called && !unwell => Outcome::Flaky,
        "failed" | "error" | "rerun" => Outcome::Failed,
        other => {
            failure.message = format!("has the outcome `{other}`, which is not known");
            Outcome::Failed
        }
    };
    tally.add(outcome, || failure);
    Ok(())
}
