//! Reading reports in tests.

use std::io::Cursor;

use tollgate_input::{Source, Window};

use super::FORMATS;
use crate::file_coverage::Counts;
use crate::measure::read_window;
use crate::reading::Reading;

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
    let counts = |(path, file): (String, crate::file_coverage::FileCoverage)| {
        (path, [file.line_counts(), file.branch_counts(), file.function_counts(), file.statement_counts()])
    };
    reading.take_files().into_iter().map(counts).collect()
}

/// The lines of the file at `path`, each with whether it was hit.
pub(crate) fn lines(reading: &mut Reading, path: &str) -> Vec<(u32, bool)> {
    let file = reading.take_files().into_iter().find(|(name, _)| name == path);
    file.map_or_else(Vec::new, |(_, file)| file.lines.iter_within(0, u32::MAX).collect())
}

/// Reads `whole`, a small XML report of the format `name` whose root element is `root`, damaged in every way that XML can
/// be; and unharmed but written otherwise, when it must say the same.
pub(crate) fn damaged_xml(name: &str, root: &str, whole: &str) {
    let path = "report.xml";
    let refused = |text: &str| read(path, name, text.as_bytes()).map(|_| ()).unwrap_err();
    let whole = whole.trim_end();
    for (cut, _) in whole.char_indices() {
        let message = refused(&whole[..cut]);
        assert!(message.starts_with("report.xml"), "cut at {cut}: {message}");
    }
    let begin = format!("<{root}");
    let entity = "<!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\"><!ENTITY x SYSTEM \"file:///etc/hostname\">]>";
    let doctype = |text: &str| text.replacen(&begin, &format!("{entity}{begin}"), 1);
    for (bad, word) in [
        (whole.replace(&format!("</{root}>"), "</other>"), "other"),
        (format!("{whole}<second/>"), ""),
        (whole.replacen(&format!("</{root}>"), &format!("&b;</{root}>"), 1), "b"),
        (doctype(whole).replacen(&format!("</{root}>"), &format!("&x;</{root}>"), 1), "x"),
        (whole.replacen(&format!("</{root}>"), &format!("\0</{root}>"), 1), ""),
        (format!("{}{}", "<a>".repeat(100_000), whole), ""),
        (whole.replacen(&format!("</{root}>"), &format!("<a b='{}'/></{root}>", "x".repeat(10_000_000)), 1), "longer"),
    ] {
        let message = refused(&bad);
        assert!(message.starts_with("report.xml") && message.contains(word), "{word}: {message}");
    }
    let mut same = read(path, name, whole.as_bytes()).unwrap();
    let odd = same.oddities;
    let expected = counts(&mut same);
    let spaces = " ".repeat(10_000_000);
    for other in [
        format!("\u{FEFF}{}", whole.replace('\n', "\r\n")),
        whole.replace('\n', "\r"),
        doctype(whole),
        whole.replacen(&begin, &format!("<!-- {} -->{begin}", "x ".repeat(1000)), 1),
        whole.replacen(&format!("</{root}>"), &format!("{spaces}<!--{spaces}--></{root}>"), 1),
        format!("{whole}\n\n"),
    ] {
        let mut reading = read(path, name, other.as_bytes()).unwrap();
        assert_eq!((counts(&mut reading), reading.oddities), (expected.clone(), odd));
    }
}
