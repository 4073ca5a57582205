//! The JSON of Mocha (`--reporter json`).
//!
//! Its lists of passes, failures and pending tests count; a hook that failed is in the failures alone.

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};

use super::json::{count, line, name};
use super::tally::{Outcome, Tally};
use super::{Failure, Format, Results};

pub(super) const FORMAT: Format = Format {
    name: "Mocha JSON",
    writers: "Mocha",
    about: "A test is flaky where it passed at a second try (`retries`). A hook that failed is a failed test; the tests \
            that it kept from running are not in the report.",
    detect: |sniff| sniff.has_keys(&["stats", "tests"]) || sniff.has_keys(&["stats", "passes"]),
    read,
};

fn read(window: Window) -> Result<(Results, Digest), InputError> {
    let mut reader = Reader::new(window);
    let (mut tally, mut declared, mut lists) = (Tally::default(), None, 0);
    reader.object(|reader, key| {
        let outcome = match key {
            "stats" => {
                return reader.object(|reader, key| {
                    if key == "failures" {
                        declared = count(reader)?;
                    }
                    Ok(())
                });
            }
            "passes" => Outcome::Passed,
            "pending" => Outcome::Skipped,
            "failures" => Outcome::Failed,
            _ => return Ok(()),
        };
        lists += 1;
        reader.array(|reader| test(reader, outcome, &mut tally))
    })?;
    reader.end()?;
    if lists < 3 {
        return Err(
            reader.malformed("expected the lists `passes`, `failures` and `pending`; have the report written again")
        );
    }
    let counted = tally.failed();
    tally.declared("the run", "failures", declared.unwrap_or_default(), counted);
    Ok((tally.finish(), reader.digest()))
}

fn test(reader: &mut Reader, outcome: Outcome, tally: &mut Tally) -> Result<(), InputError> {
    let mut failure = Failure::default();
    let mut tries = None;
    reader.object(|reader, key| {
        match key {
            "fullTitle" => failure.name = name(reader)?,
            "file" => failure.file = Some(name(reader)?).filter(|file| !file.is_empty()),
            "currentRetry" => tries = count(reader)?,
            "err" if reader.kind()? == Kind::Object => reader.object(|reader, key| {
                if key == "message" {
                    failure.message = line(reader)?;
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    let flaky = outcome == Outcome::Passed && tries > Some(0);
    tally.add(if flaky { Outcome::Flaky } else { outcome }, || failure);
    Ok(())
}
