//! gcovr's JSON summary (gcovr's documentation, "JSON Summary Output"): totals of every file, and no lines.

#[cfg(test)]
mod tests;

use tollgate_input::json_stream::Reader;
use tollgate_input::{Digest, InputError, Window};

use super::json_values::{malformed, path, whole};
use super::{Figures, Format, Sniff};
use crate::file_coverage::{Counts, FileCoverage, Totals};
use crate::reading::Reading;

/// gcovr summaries.
pub(super) const FORMAT: Format = Format {
    name: "gcovr summary",
    writers: "gcovr --json-summary",
    figures: Figures { patch: false, ..Figures::LINES_BRANCHES_FUNCTIONS },
    about: "Totals alone: changed lines cannot be judged. gcovr 8 counts a line once per instance of a template, and the \
            summary shows no way to undo that; gcovr's JSON does.",
    detect,
    read,
};

fn detect(sniff: &Sniff<'_>) -> bool {
    sniff.has_key(1, "gcovr/summary_format_version") || sniff.has_key(3, "filename") && sniff.has_key(3, "line_total")
}

/// Totals as they are written.
#[derive(Clone, Copy, Default)]
struct Written {
    /// Covered and total of lines, branches and functions.
    counts: [[Option<u64>; 2]; 3],
    /// Whether a total is something else than a number.
    bad: bool,
}

const KEYS: [[&str; 2]; 3] =
    [["line_covered", "line_total"], ["branch_covered", "branch_total"], ["function_covered", "function_total"]];

impl Written {
    /// Takes the value of `key`, if it is a total.
    fn take(&mut self, reader: &mut Reader, key: &str) -> Result<(), InputError> {
        for (kind, keys) in KEYS.iter().enumerate() {
            if let Some(which) = keys.iter().position(|known| *known == key) {
                let value = whole(reader)?;
                self.counts[kind][which] = value;
                self.bad |= value.is_none();
                return Ok(());
            }
        }
        Ok(())
    }

    /// The totals, unless they make no sense.
    fn totals(&self) -> Option<Totals> {
        let count = |[covered, total]: [Option<u64>; 2]| {
            let (covered, total): Counts = (covered.unwrap_or(0), total.unwrap_or(0));
            // A sum of many must not be more than a number can hold.
            (covered <= total && total <= u64::from(u32::MAX)).then_some((covered, total))
        };
        let [lines, branches, functions] = self.counts;
        let lines = lines.iter().all(Option::is_some).then_some(lines)?;
        let (lines, branches, functions) = (count(lines)?, count(branches)?, count(functions)?);
        (!self.bad).then_some(Totals { lines, branches, functions, ..Totals::default() })
    }
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut reader = Reader::new(window);
    let (mut reading, mut declared, mut found) = (Reading::default(), Written::default(), false);
    reader.object(|reader, key| match key {
        "files" => {
            found = true;
            reader.array(|reader| file(reader, &mut reading))
        }
        _ => declared.take(reader, key),
    })?;
    reader.end()?;
    if !found {
        let message = "totals of the whole report alone, without files; write the report with gcovr --json";
        return Err(reader.malformed(message));
    }
    let sums = reading.sums();
    let counted = [sums.lines, sums.branches, sums.functions];
    let totals: Vec<_> = (KEYS.iter().zip(declared.counts).zip(counted))
        .flat_map(|((keys, declared), counted)| [(keys[0], declared[0], counted.0), (keys[1], declared[1], counted.1)])
        .collect();
    reading.disagreements.compare("the whole report", &totals);
    let note = "holds totals alone, so no changed line can be judged by it; gcovr --json writes lines";
    reading.notes.push(note.to_owned());
    Ok((reading, reader.digest()))
}

fn file(reader: &mut Reader, reading: &mut Reading) -> Result<(), InputError> {
    let (mut named, mut name, mut written) = (false, None, Written::default());
    reader.object(|reader, key| match key {
        "filename" | "file" => {
            named = true;
            name = path(reader, &mut reading.malformed)?;
            Ok(())
        }
        _ => written.take(reader, key),
    })?;
    match (name, written.totals()) {
        (Some(name), Some(totals)) => reading.add(&name, FileCoverage::totals(totals)),
        (Some(_), None) => malformed(reader, &mut reading.malformed, "the totals of a file make no sense"),
        (None, _) if named => {}
        (None, _) => malformed(reader, &mut reading.malformed, "a file without its path: no `filename`"),
    }
    Ok(())
}
