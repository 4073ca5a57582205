//! gcov's JSON (GCC manual, "Invoking Gcov", `--json-format`), not compressed, as `gcov --json-format --stdout` writes it.

#[cfg(test)]
mod tests;

use tollgate_input::json_stream::Reader;
use tollgate_input::{Digest, InputError, Window};

use super::gcc::Files;
use super::{Figures, Format, Sniff};
use crate::reading::Reading;

/// gcov JSON.
pub(super) const FORMAT: Format = Format {
    name: "gcov JSON",
    writers: "gcov --json-format (GCC 9 and later)",
    figures: Figures::LINES_BRANCHES_FUNCTIONS,
    about: "One report per data file, as `gcov --json-format --stdout FILE.gcda` writes it; `.gcov.json.gz` must be unpacked \
            first. Every branch counts, those of exceptions too, if gcov was run with `--branch-probabilities`. System headers \
            are listed: leave them out with `coverage.exclude`.",
    detect,
    read,
};

/// How branches and functions are named.
const SCHEME: u8 = 16;

fn detect(sniff: &Sniff<'_>) -> bool {
    let own = sniff.has_key(5, "unexecuted_block") || sniff.has_key(5, "blocks_executed");
    let gcovr = sniff.has_key(1, "gcovr/format_version");
    !gcovr && (sniff.has_key(1, "gcc_version") || own && sniff.has_key(1, "files"))
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut reader = Reader::new(window);
    let (mut reading, mut files, mut found) = (Reading::default(), Files::new(SCHEME), false);
    reader.object(|reader, key| {
        match key {
            "files" => {
                found = true;
                files.read(reader, &mut reading)?;
            }
            "current_working_directory" => reading.add_root(&reader.string()?),
            _ => {}
        }
        Ok(())
    })?;
    reader.end().map_err(several)?;
    if !found {
        return Err(reader.malformed("expected an array called files; write the report with gcov --json-format"));
    }
    Ok((reading, reader.digest()))
}

/// Says what to do where gcov was given several data files: it writes one text for each, one after another.
fn several(error: InputError) -> InputError {
    match error {
        InputError::Malformed { path, line, message, .. } if message.ends_with("found `{`") => {
            let message = "the report of another data file begins here, and one file can hold one only; run gcov for each \
                           .gcda file, or gcovr --json for all of them";
            InputError::malformed(&path, line, message)
        }
        other => other,
    }
}
