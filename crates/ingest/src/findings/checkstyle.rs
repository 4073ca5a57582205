//! The XML of Checkstyle, which many others write too (PHP_CodeSniffer, ktlint, detekt, SwiftLint, shellcheck,
//! golangci-lint).
//!
//! `<checkstyle version>` holds `<file name>`, that holds `<error line column severity message source/>`, and
//! `<exception>` where Checkstyle could not read the file (checkstyle, `XMLLogger`).

#[cfg(test)]
mod tests;

use tollgate_input::xml::{Element, Event, Scanner};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Fingerprinter, Foreign, Inputs, Level, Location, Problem, ToolInfo};

use super::doubts::{Doubts, Lines};
use super::json::{finding, ordinal, path};
use super::{Format, Grade};

const GRADES: &[Grade] = &[
    Grade::new("error", Level::Error, None),
    Grade::new("warning", Level::Warning, None),
    Grade::new("info", Level::Note, None),
    Grade::new("ignore", Level::Note, None),
];

pub(super) const FORMAT: Format = Format {
    id: "checkstyle",
    name: "Checkstyle XML",
    writers: "Checkstyle, PHP_CodeSniffer, ktlint, detekt, SwiftLint, `shellcheck -f checkstyle`",
    about: "A file that could not be read makes the source incomplete. A report without any file is no evidence: \
            Checkstyle lists the files it looked at, but some of the others list only those with findings.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| sniff.is_root("checkstyle"),
    read,
};

/// Longest message that is kept, in characters.
const LONGEST: usize = 4_000;

/// What an element says.
enum Begun {
    Version(String),
    File(String),
    Error(Error),
    Exception,
    Other,
}

struct Error {
    rule: String,
    severity: String,
    message: String,
    lines: Lines,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let (mut scanner, doubts) = (Scanner::new(window), Doubts::default());
    let (mut foreign, mut names) = (Foreign::default(), Fingerprinter::default());
    let (mut version, mut files, mut place) = (String::new(), 0, String::new());
    loop {
        let begun = match scanner.next()? {
            None => break,
            Some(Event::Start(element)) => begin(&element, &doubts),
            Some(Event::End(_) | Event::Text(_)) => continue,
        };
        match begun {
            Begun::Version(text) => version = text,
            Begun::File(name) => {
                files += 1;
                place = name;
            }
            Begun::Error(error) => {
                let grade = doubts.grade(GRADES, &error.severity);
                let location = Location { path: place.clone(), region: error.lines.region() };
                foreign.findings.push(finding(&mut names, &error.rule, grade, error.message, Some(location)));
            }
            Begun::Exception => {
                let why = first_line(&mut scanner)?;
                let problem = Problem::new(Cause::Unfinished, format!("Checkstyle could not look at it: {why}"));
                foreign.problems.push(if place.is_empty() { problem } else { problem.at(place.clone()) });
            }
            Begun::Other => {}
        }
    }
    if files == 0 {
        let what = "the report names no file: whether any was looked at is not known";
        foreign.problems.push(Problem::new(Cause::NoEvidence, what));
    }
    foreign.tools.push(ToolInfo { name: "Checkstyle".to_owned(), version });
    foreign.inputs = Some(Inputs::new(files, "file"));
    doubts.settle(&mut foreign);
    Ok((foreign, scanner.digest()))
}

fn begin(element: &Element<'_>, doubts: &Doubts) -> Begun {
    let text = |name: &str| element.attribute(name).map(|value| value.text());
    let line = |name: &str| text(name).map(|text| crate::text::name(&text)).unwrap_or_default();
    match element.name() {
        b"checkstyle" => Begun::Version(line("version")),
        b"file" => {
            let name = text("name").map(|name| path(&name)).unwrap_or_default();
            if name.is_empty() {
                doubts.missing("name");
            }
            Begun::File(name.chars().filter(|c| !c.is_control()).take(LONGEST).collect())
        }
        b"error" => {
            if text("message").is_none() {
                doubts.missing("message");
            }
            let number = |name: &str| ordinal(element.attribute(name).and_then(|value| value.number()));
            let source = line("source");
            Begun::Error(Error {
                rule: if source.is_empty() { "checkstyle".to_owned() } else { source },
                severity: line("severity"),
                message: text("message")
                    .unwrap_or_default()
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(LONGEST)
                    .collect(),
                lines: Lines { line: number("line"), column: number("column"), ..Lines::default() },
            })
        }
        b"exception" => Begun::Exception,
        _ => Begun::Other,
    }
}

/// The first line of text within the element that was begun last.
fn first_line(scanner: &mut Scanner) -> Result<String, InputError> {
    let depth = scanner.depth();
    while scanner.depth() >= depth {
        match scanner.next()? {
            Some(Event::Text(piece)) => {
                let line = crate::text::line(&piece.text());
                if !line.is_empty() {
                    return Ok(line);
                }
            }
            Some(_) => {}
            None => break,
        }
    }
    Ok(String::new())
}
