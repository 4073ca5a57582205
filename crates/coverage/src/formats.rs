//! The formats of coverage reports: one file each, told apart by content, never by name.

mod lcov;

use tollgate_input::InputError;

use crate::blocks::Blocks;
use crate::reading::Reading;

/// A format that is read.
pub(crate) struct Format {
    /// Its name, as people write it.
    pub(crate) name: &'static str,
    /// Whether a report that begins like this is one.
    pub(crate) detect: fn(&[u8]) -> bool,
    /// Reads a report.
    pub(crate) read: fn(&mut Blocks) -> Result<Reading, InputError>,
}

/// Every format that is read. A new one is a file beside `lcov.rs` and a line here.
pub(crate) const FORMATS: &[Format] = &[lcov::FORMAT];

/// Formats that are known and not read: a name, and words of which one stands at the beginning of such a report.
const OTHERS: &[(&str, &[&str])] = &[
    ("JaCoCo XML", &["-//JACOCO//", "<report "]),
    ("OpenCover XML", &["<CoverageSession"]),
    ("SonarQube generic XML", &["<coverage version=\"1\""]),
    ("Clover XML", &["<coverage generated=", "<coverage clover="]),
    ("Cobertura XML", &["cobertura", "<coverage "]),
    ("dotCover XML", &["<Root CoveredStatements="]),
    ("a Go coverprofile", &["mode: set\n", "mode: count\n", "mode: atomic\n"]),
    ("Istanbul JSON", &["\"statementMap\"", "\"fnMap\""]),
    ("an Istanbul summary in JSON", &["\"skipped\":"]),
    ("llvm-cov JSON", &["llvm.coverage.json.export"]),
    ("coverage.py JSON", &["\"executed_lines\""]),
    ("gcovr JSON", &["\"gcovr/"]),
    ("SimpleCov JSON", &["\"RSpec\"", "\"Minitest\"", "\"Unit Tests\""]),
    ("an HTML page", &["<!DOCTYPE html", "<!doctype html", "<html"]),
];

/// The format of a report that begins with `head`.
///
/// # Errors
/// What it looks like instead, as one sentence.
pub(crate) fn detect(head: &[u8]) -> Result<&'static Format, String> {
    FORMATS.iter().find(|format| (format.detect)(head)).ok_or_else(|| refusal(head))
}

fn refusal(head: &[u8]) -> String {
    let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    let read = format!("{} is the format read here", names.join(" or "));
    let holds = |word: &str| memchr::memmem::find(head, word.as_bytes()).is_some();
    let other = OTHERS.iter().find(|(_, words)| words.iter().any(|word| holds(word)));
    match other {
        _ if head.iter().all(u8::is_ascii_whitespace) => {
            format!("is empty; {read}, so run the tests with coverage again")
        }
        _ if head.contains(&0) => format!("holds binary data; {read}"),
        Some((name, _)) => format!("looks like {name}; {read}"),
        None if head.trim_ascii_start().starts_with(b"<") => format!("looks like XML of no known kind; {read}"),
        None if head.trim_ascii_start().starts_with(b"{") => format!("looks like JSON of no known kind; {read}"),
        None => format!("is no coverage report that is known; {read}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_names_the_format() {
        for (head, words) in [
            ("<?xml version=\"1.0\"?>\n<coverage line-rate=\"0.5\">", "looks like Cobertura XML; LCOV is the format"),
            ("<?xml version=\"1.0\"?>\n<coverage generated=\"1\" clover=\"3\">", "looks like Clover XML"),
            ("<!DOCTYPE report PUBLIC \"-//JACOCO//DTD Report 1.1//EN\">", "looks like JaCoCo XML"),
            ("mode: set\na/b.go:1.2,3.4 1 1\n", "looks like a Go coverprofile"),
            ("{\"/a/b.js\":{\"path\":\"/a/b.js\",\"statementMap\":{", "looks like Istanbul JSON"),
            ("{\"a\":1}", "looks like JSON of no known kind"),
            (" <a/>", "looks like XML of no known kind"),
            ("\u{0}\u{1}\u{2}ELF", "holds binary data"),
            ("  \n", "is empty"),
            ("", "is empty"),
            ("hello\n", "is no coverage report that is known"),
        ] {
            let message = detect(head.as_bytes()).map(|format| format.name).unwrap_err();
            assert!(message.starts_with(words), "{message}");
        }
        for head in ["TN:\nSF:a\n", "SF:a\n", "# made by hand\n\nTN:x\r\n", "  \nVER:1\nSF:x"] {
            assert_eq!(detect(head.as_bytes()).map(|format| format.name), Ok("LCOV"), "{head}");
        }
    }
}
