//! coverage.py's JSON, formats 1 to 3 (`coverage/jsonreport.py`).
//!
//! `files` maps paths to `executed_lines`, `missing_lines` and `excluded_lines`, with `--branch` also to
//! `executed_branches` and `missing_branches`: pairs of the line a branch lies in and the one it leads to, where a
//! negative number is an exit. From format 3 on, `functions` and `classes` say the same of parts of the file.
//! `contexts` are passed over. A statement is a line here; totals are only compared.

mod file;
#[cfg(test)]
mod tests;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::format;

use self::file::{FileReader, Summary, summary};
use crate::file_coverage::Counts;
use crate::formats::json_values::{is_path, malformed};
use crate::formats::{Figures, Format, Sniff};
use crate::marks::Scheme;
use crate::reading::Reading;

/// coverage.py's JSON.
pub(super) const FORMAT: Format = Format {
    name: "coverage.py JSON",
    writers: "coverage.py, pytest-cov",
    figures: Figures::ALL,
    about: "Lines are coverage.py's statements; each line that a line with a choice can lead to is a branch; functions \
            from version 7.6 on. Its own percentage counts branches with the lines where they were measured; here they \
            stay apart.",
    detect,
    read,
};

/// How statements, branches and functions are named.
const SCHEME: Scheme = 6;

fn detect(sniff: &Sniff<'_>) -> bool {
    let one_file = sniff.has_key(3, "executed_lines") || sniff.has_key(3, "missing_lines");
    // SimpleCov has a meta with branch_coverage as well.
    let begins = sniff.has_key(1, "meta") && sniff.has_key(2, "show_contexts");
    begins || sniff.has_key(1, "files") && one_file
}

/// Everything that is read.
#[derive(Default)]
struct Report {
    reading: Reading,
    /// Of all files.
    lines: Counts,
    branches: Counts,
    /// How many more lines are listed as executed than are declared as covered.
    beyond: u64,
    /// How many branches are declared and not listed.
    unlisted: u64,
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut report = Report::default();
    let mut file = FileReader::new();
    let mut declared = Summary::default();
    let mut found = false;
    reader.object(|reader, key| {
        match key {
            "files" => {
                found = true;
                reader.object(|reader, path| report.file(reader, path, &mut file))?;
            }
            "totals" if reader.kind()? == Kind::Object => declared = summary(reader)?,
            _ => {}
        }
        Ok(())
    })?;
    reader.end()?;
    if !found {
        let message = "has no files, as every report of coverage.py has; run coverage json again";
        return Err(InputError::malformed(reader.path(), None, message));
    }
    report.close(declared);
    Ok((report.reading, reader.digest()))
}

impl Report {
    fn file(&mut self, reader: &mut Reader, path: &str, file: &mut FileReader) -> Result<(), InputError> {
        let reading = &mut self.reading;
        if reader.kind()? != Kind::Object {
            malformed(reader, &mut reading.malformed, "what is said of a file is no object");
            return Ok(());
        }
        if !is_path(reader, path, &mut reading.malformed) {
            return Ok(());
        }
        let Some((coverage, declared)) = file.read(reader, reading)? else { return Ok(()) };
        let (lines, branches) = (coverage.line_counts(), coverage.branch_counts());
        let add = |sum: Counts, (hit, all): Counts| (sum.0 + hit, sum.1 + all);
        self.lines = add(self.lines, lines);
        self.branches = add(self.branches, branches);
        self.beyond += declared.covered_lines.map_or(0, |covered| lines.0.saturating_sub(covered));
        self.unlisted = self.unlisted.saturating_add(declared.unlisted_branches());
        declared.compare(path, lines, branches, reading);
        reading.add(path, coverage);
        Ok(())
    }

    fn close(&mut self, mut declared: Summary) {
        declared.lists_branches = self.unlisted == 0;
        declared.compare("the whole report", self.lines, self.branches, &mut self.reading);
        if self.beyond > 0 {
            self.reading.notes.push(format!(
                "lists {} as executed that coverage.py does not count itself, as versions before 7.13.1 do with \
                 docstrings; they count as hit here, so use a newer version, or its XML",
                format::things(self.beyond, "line")
            ));
        }
        if self.unlisted > 0 {
            self.reading.notes.push(format!(
                "declares {} without listing them, as versions before 6.5 do; they are not counted, so use a newer \
                 version, or its XML",
                format::things(self.unlisted, "branch")
            ));
        }
    }
}
