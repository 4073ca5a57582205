//! Reading reports in tests.

use std::io::Cursor;

use tollgate_input::{Source, Window};

use super::FORMATS;
use crate::measure::read_window;
use crate::reading::{Counts, Reading};

/// Reads a report known as `path`, which must be detected as the format `name`.
pub(crate) fn read(path: &str, name: &str, bytes: &[u8]) -> Result<Reading, String> {
    let window = window(path, bytes);
    match crate::formats::detect(window.bytes()) {
        Ok(format) => assert_eq!(FORMATS[format].name, name, "detected as another format"),
        Err(message) => return Err(format!("{path}: {message}")),
    }
    read_window(window).map(|(_, reading, _)| reading).map_err(|problem| problem.message)
}

fn window(path: &str, bytes: &[u8]) -> Window {
    Window::new(Source::new(path, Box::new(Cursor::new(bytes.to_vec())), u64::MAX), 1 << 20).unwrap()
}

/// Each file with its lines, branches, functions and statements, as (hit, all).
pub(crate) fn counts(reading: &mut Reading) -> Vec<(String, [Counts; 4])> {
    let counts = |(path, file): (String, crate::reading::FileCoverage)| {
        (path, [file.line_counts(), file.branch_counts(), file.function_counts(), file.statement_counts()])
    };
    reading.take_files().into_iter().map(counts).collect()
}

/// The lines of the file at `path`, each with whether it was hit.
pub(crate) fn lines(reading: &mut Reading, path: &str) -> Vec<(u32, bool)> {
    let file = reading.take_files().into_iter().find(|(name, _)| name == path);
    file.map_or_else(Vec::new, |(_, file)| file.lines.iter_within(0, u32::MAX).collect())
}
