//! The JSON of Playwright (`--reporter=json`).
//!
//! Each test of a spec (one per project) counts, by its own word: `expected`, `unexpected`, `flaky`, `skipped`. Errors of
//! the run, outside of any test, count as failed tests.

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};

use super::json::{count, line, line_number, name};
use super::tally::{Outcome, Tally};
use super::{Failure, Format, Results};
use crate::text;

pub(super) const FORMAT: Format = Format {
    name: "Playwright JSON",
    writers: "Playwright",
    about: "Each test of each project counts. A test that failed as it was expected to has passed.",
    detect: |sniff| sniff.has_keys(&["config", "suites"]),
    read,
};

fn read(window: Window) -> Result<(Results, Digest), InputError> {
    let mut reader = Reader::new(window);
    let (mut tally, mut unexpected, mut errors) = (Tally::default(), None, 0);
    reader.object(|reader, key| match key {
        "suites" => reader.array(|reader| suite(reader, "", &mut tally)),
        "errors" => reader.array(|reader| {
            errors += 1;
            let message = message(reader)?;
            tally.fail(1, || Failure { name: "the run".to_owned(), message, ..Failure::default() });
            Ok(())
        }),
        "stats" => reader.object(|reader, key| {
            if key == "unexpected" {
                unexpected = count(reader)?;
            }
            Ok(())
        }),
        _ => Ok(()),
    })?;
    reader.end()?;
    let counted = tally.failed().saturating_sub(errors);
    tally.declared("the run", "unexpected", unexpected.unwrap_or_default(), counted);
    Ok((tally.finish(), reader.digest()))
}

/// A suite and those within it: as deep as JSON may be nested, which is bounded.
fn suite(reader: &mut Reader, within: &str, tally: &mut Tally) -> Result<(), InputError> {
    let mut title = within.to_owned();
    reader.object(|reader, key| match key {
        "title" => {
            title = joined(within, &name(reader)?);
            Ok(())
        }
        "suites" => reader.array(|reader| suite(reader, &title, tally)),
        "specs" => reader.array(|reader| spec(reader, &title, tally)),
        _ => Ok(()),
    })
}

fn joined(within: &str, title: &str) -> String {
    if within.is_empty() { title.to_owned() } else { text::name(&format!("{within} > {title}")) }
}

fn spec(reader: &mut Reader, within: &str, tally: &mut Tally) -> Result<(), InputError> {
    let mut failure = Failure { name: within.to_owned(), ..Failure::default() };
    // The place of a spec stands behind its tests.
    let mut tests: Vec<(Outcome, String)> = Vec::new();
    reader.object(|reader, key| {
        match key {
            "title" => failure.name = joined(within, &name(reader)?),
            "file" => failure.file = Some(name(reader)?).filter(|file| !file.is_empty()),
            "line" => failure.line = line_number(count(reader)?),
            "tests" => reader.array(|reader| {
                tests.push(test(reader)?);
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    for (outcome, message) in tests {
        tally.add(outcome, || Failure { message, ..failure.clone() });
    }
    Ok(())
}

fn test(reader: &mut Reader) -> Result<(Outcome, String), InputError> {
    let (mut status, mut said) = (String::new(), String::new());
    reader.object(|reader, key| {
        match key {
            "status" => status = name(reader)?,
            "results" => reader.array(|reader| {
                reader.object(|reader, key| {
                    if key == "error" && said.is_empty() {
                        said = message(reader)?;
                    }
                    Ok(())
                })
            })?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(match status.as_str() {
        "expected" => (Outcome::Passed, String::new()),
        "flaky" => (Outcome::Flaky, String::new()),
        "skipped" => (Outcome::Skipped, String::new()),
        "unexpected" => (Outcome::Failed, said),
        other => (Outcome::Failed, format!("has the status `{other}`, which is not known")),
    })
}

/// The message of an error.
fn message(reader: &mut Reader) -> Result<String, InputError> {
    let mut message = String::new();
    if reader.kind()? == Kind::Object {
        reader.object(|reader, key| {
            if key == "message" {
                message = line(reader)?;
            }
            Ok(())
        })?;
    }
    Ok(message)
}
