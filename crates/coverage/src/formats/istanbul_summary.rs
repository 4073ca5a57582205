//! Istanbul's summary, `coverage-summary.json` (`istanbul-reports`, `json-summary`): an object from paths to totals of
//! `lines`, `statements`, `functions` and `branches`, each `{total, covered, skipped, pct}`. Nothing tells which lines
//! were hit. The key `total` stands for the sum of all files, which is only compared.

#[cfg(test)]
mod tests;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};

use crate::file_coverage::{Counts, FileCoverage, Totals};
use crate::formats::json_values::{is_path, malformed, whole};
use crate::formats::{Figures, Format, Sniff};
use crate::reading::Reading;

/// Istanbul's summary.
pub(super) const FORMAT: Format = Format {
    name: "Istanbul summary",
    writers: "nyc, Jest, Vitest, c8, karma-coverage (coverage-summary.json)",
    figures: Figures { patch: false, ..Figures::ALL },
    about: "Totals of each file, taken as they are: there is nothing to recount, and no line of a change can be judged. \
            coverage-final.json of the same run has the lines.",
    detect,
    read,
};

fn detect(sniff: &Sniff<'_>) -> bool {
    // SimpleCov has such totals as well, and calls the percentage otherwise.
    let kinds = ["lines", "statements", "branches", "functions"].iter().filter(|key| sniff.has_key(2, key)).count();
    kinds >= 2 && sniff.has_key(3, "pct")
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut reading = Reading::default();
    let mut declared = None;
    reader.object(|reader, path| {
        if reader.kind()? != Kind::Object {
            malformed(reader, &mut reading.malformed, "what is said of a file is no object");
            return Ok(());
        }
        if path == "total" {
            declared = Some(totals(reader, &mut reading)?);
        } else if is_path(reader, path, &mut reading.malformed) {
            let totals = totals(reader, &mut reading)?;
            reading.add(path, FileCoverage::totals(totals));
        }
        Ok(())
    })?;
    reader.end()?;
    if let Some(declared) = declared {
        close(&reader, &mut reading, declared)?;
    }
    if !reading.is_empty() {
        reading.notes.push(
            "holds totals alone, so no line of a change can be judged by it; coverage-final.json has the lines"
                .to_owned(),
        );
    }
    Ok((reading, reader.digest()))
}

/// Compares the declared total with the sum of the files.
fn close(reader: &Reader, reading: &mut Reading, declared: Totals) -> Result<(), InputError> {
    if reading.is_empty() {
        if declared == Totals::default() {
            return Ok(());
        }
        let message = "holds the total of all files and names none of them, so it cannot be matched with the files here; \
                       use coverage-final.json, or the json-summary reporter as it is";
        return Err(InputError::malformed(reader.path(), None, message));
    }
    let sums = reading.sums();
    reading.disagreements.compare(
        "the whole report",
        &[
            ("lines.total", Some(declared.lines.1), sums.lines.1),
            ("lines.covered", Some(declared.lines.0), sums.lines.0),
            ("statements.total", Some(declared.statements.1), sums.statements.1),
            ("statements.covered", Some(declared.statements.0), sums.statements.0),
            ("functions.total", Some(declared.functions.1), sums.functions.1),
            ("functions.covered", Some(declared.functions.0), sums.functions.0),
            ("branches.total", Some(declared.branches.1), sums.branches.1),
            ("branches.covered", Some(declared.branches.0), sums.branches.0),
        ],
    );
    Ok(())
}

/// `{"lines": {…}, "statements": {…}, "functions": {…}, "branches": {…}}`
fn totals(reader: &mut Reader, reading: &mut Reading) -> Result<Totals, InputError> {
    let mut totals = Totals::default();
    reader.object(|reader, key| {
        let place = match key {
            "lines" => &mut totals.lines,
            "statements" => &mut totals.statements,
            "functions" => &mut totals.functions,
            "branches" => &mut totals.branches,
            _ => return Ok(()),
        };
        match counts(reader)? {
            Some(counts) => *place = counts,
            None => malformed(
                reader,
                &mut reading.malformed,
                "a total needs whole numbers, with covered not above total, as in {\"total\": 9, \"covered\": 7}",
            ),
        }
        Ok(())
    })?;
    Ok(totals)
}

/// The largest total that is believed: no file has more lines, and sums of them stay far from overflow.
const MOST: u64 = i32::MAX as u64;

/// `{"total": 9, "covered": 7, "skipped": 0, "pct": 77.77}`; none if it makes no sense.
fn counts(reader: &mut Reader) -> Result<Option<Counts>, InputError> {
    if reader.kind()? != Kind::Object {
        return Ok(None);
    }
    let (mut total, mut covered) = (None, None);
    reader.object(|reader, key| {
        match key {
            "total" => total = whole(reader)?,
            "covered" => covered = whole(reader)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(covered.zip(total).filter(|(covered, total)| covered <= total && *total <= MOST))
}
