//! gcovr's JSON (gcovr's documentation, "JSON Format Reference"), of any format version from 0.1.
//!
//! Versions differ in what names a branch (nothing, a number, blocks), in whether every instance of a template has its own
//! lines, and in how a line is marked that does not count (`gcovr/noncode`, `gcovr/excluded`).

#[cfg(test)]
mod tests;

use tollgate_input::json_stream::Reader;
use tollgate_input::{Digest, InputError, Window};

use super::gcc::Files;
use super::{Figures, Format, Sniff};
use crate::reading::Reading;

/// gcovr JSON.
pub(super) const FORMAT: Format = Format {
    name: "gcovr JSON",
    writers: "gcovr --json",
    figures: Figures::LINES_BRANCHES_FUNCTIONS,
    about: "A line is one line, however many instances of a template have it; gcovr 8 counts each. Branches and functions \
            count per instance. What is marked as excluded or as no code does not count.",
    detect,
    read,
};

/// How branches and functions are named.
const SCHEME: u8 = 10;

/// Keys that gcovr puts where gcov has none.
const OWN: [(usize, &str); 6] = [
    (1, "gcovr/format_version"),
    (5, "gcovr/noncode"),
    (5, "gcovr/excluded"),
    (5, "gcovr/md5"),
    (5, "gcovr/decision"),
    (5, "lineno"),
];

/// Old versions sort keys, so that the format version stands at the end.
fn detect(sniff: &Sniff<'_>) -> bool {
    let own = OWN.iter().any(|(depth, key)| sniff.has_key(*depth, key));
    let plain = sniff.has_key(5, "line_number") && !sniff.has_key(5, "unexecuted_block");
    let gcov = sniff.has_key(1, "gcc_version") || sniff.has_key(5, "blocks_executed");
    sniff.has_key(1, "gcovr/format_version") || sniff.has_key(1, "files") && (own || plain) && !gcov
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut reader = Reader::new(window);
    let (mut reading, mut files, mut found) = (Reading::default(), Files::new(SCHEME), false);
    reader.object(|reader, key| match key {
        "files" => {
            found = true;
            files.read(reader, &mut reading)
        }
        _ => Ok(()),
    })?;
    reader.end()?;
    if !found {
        return Err(reader.malformed("expected an array called files; write the report with gcovr --json"));
    }
    Ok((reading, reader.digest()))
}
