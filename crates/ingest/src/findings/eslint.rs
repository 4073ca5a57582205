//! The JSON of ESLint (`--format json`), whose form Biome, oxlint and stylelint do not share.
//!
//! A list with an object per file: `filePath`, `messages` (`ruleId`, `severity` 1 or 2, `message`, `line`, `column`, `endLine`,
//! `endColumn`, `fatal`), `suppressedMessages`, counts. A file that could not be parsed has a message that is `fatal`: what its
//! rules would have said is not known.

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Fingerprinter, Foreign, Inputs, Level, Location, Problem, Suppression, ToolInfo};

use super::doubts::{Doubts, Lines};
use super::json::{finding, path};
use super::{Format, Grade};

const GRADES: &[Grade] = &[Grade::new("2", Level::Error, None), Grade::new("1", Level::Warning, None)];

pub(super) const FORMAT: Format = Format {
    id: "eslint",
    name: "ESLint",
    writers: "`eslint --format json`",
    about: "A file that ESLint could not parse makes the source incomplete. Messages that a comment suppresses are kept as \
            suppressed. A path that is absolute is taken below the checked folder.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| sniff.is_list(&["filePath", "messages"]),
    read,
};

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let (mut reader, doubts) = (Reader::new(window), Doubts::default());
    let tools = vec![ToolInfo { name: "ESLint".to_owned(), version: String::new() }];
    let mut foreign = Foreign { tools, ..Foreign::default() };
    let mut files = 0;
    reader.array(|reader| {
        files += 1;
        file(reader, &mut foreign, &doubts)
    })?;
    reader.end()?;
    if files == 0 {
        foreign
            .problems
            .push(Problem::new(Cause::NoEvidence, "no file was looked at; see which files ESLint was given"));
    }
    foreign.inputs = Some(Inputs::new(files, "file"));
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

fn file(reader: &mut Reader, foreign: &mut Foreign, doubts: &Doubts) -> Result<(), InputError> {
    let (mut place, mut listed, mut messages) = (String::new(), false, Vec::new());
    let (mut errors, mut warnings) = (None, None);
    doubts.object(reader, "a file", |reader, key| {
        match key {
            "filePath" => place = path(&doubts.text(reader, key)?),
            "errorCount" => errors = doubts.count(reader, key)?,
            "warningCount" => warnings = doubts.count(reader, key)?,
            "messages" | "suppressedMessages" => {
                let suppressed = key == "suppressedMessages";
                listed |= !suppressed;
                doubts.list(reader, key, |reader| {
                    messages.push(message(reader, suppressed, doubts)?);
                    Ok(())
                })?;
            }
            _ => {}
        }
        Ok(())
    })?;
    if !listed {
        doubts.missing("messages");
    }
    let mut names = Fingerprinter::default();
    let mut read = [0, 0];
    for message in messages {
        if message.fatal {
            let what = format!("ESLint could not parse it: {}", crate::text::line(&message.text));
            foreign.problems.push(Problem::new(Cause::Unfinished, what).at(place.clone()));
        }
        let grade = doubts.grade(GRADES, &message.severity);
        if message.suppressed.is_none() {
            read[usize::from(grade.0 != Level::Error)] += 1;
        }
        let rule = message.rule.as_deref().unwrap_or("parse-error");
        let location = Location { path: place.clone(), region: message.lines.region() };
        let mut found = finding(&mut names, rule, grade, message.text, Some(location));
        found.suppressed = message.suppressed.map(|reason| Suppression { reason, owner: None, expires: None });
        foreign.findings.push(found);
    }
    doubts.compare("`errorCount`", errors, read[0]);
    doubts.compare("`warningCount`", warnings, read[1]);
    Ok(())
}

#[derive(Default)]
struct Message {
    rule: Option<String>,
    severity: String,
    text: String,
    fatal: bool,
    lines: Lines,
    suppressed: Option<String>,
}

fn message(reader: &mut Reader, suppressed: bool, doubts: &Doubts) -> Result<Message, InputError> {
    let (mut message, mut reasons) = (Message::default(), Vec::new());
    doubts.object(reader, "a message", |reader, key| {
        match key {
            "ruleId" => message.rule = doubts.word_or_none(reader, key)?,
            "severity" => message.severity = doubts.word(reader, key)?,
            "message" => message.text = doubts.text(reader, key)?,
            "fatal" => message.fatal = doubts.flag(reader, key)? == Some(true),
            "line" => message.lines.line = doubts.ordinal(reader, key)?,
            "column" => message.lines.column = doubts.ordinal(reader, key)?,
            "endLine" => message.lines.end_line = doubts.ordinal(reader, key)?,
            "endColumn" => message.lines.end_column = doubts.ordinal(reader, key)?,
            "suppressions" if doubts.is(reader, key, Kind::Array)? => reader.array(|reader| {
                doubts.object(reader, "a suppression", |reader, key| {
                    if key == "justification" {
                        reasons.extend(doubts.text_or_none(reader, key)?.filter(|reason| !reason.is_empty()));
                    }
                    Ok(())
                })
            })?,
            _ => {}
        }
        Ok(())
    })?;
    if suppressed {
        message.suppressed =
            Some(if reasons.is_empty() { "a comment in the source".to_owned() } else { reasons.join("; ") });
    }
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::super::probe::{notices_a_cut, notices_wrong_kinds};
    use super::super::tests::said;

    const SAMPLE: &str = r#"[{"filePath": "src/a.ts", "messages": [
        {"ruleId": "no-var", "severity": 2, "message": "Unexpected var.", "line": 3, "column": 5, "endLine": 3, "endColumn": 9},
        {"ruleId": "eqeqeq", "severity": 1, "message": "Expected '==='.", "line": 4, "column": 1}],
        "suppressedMessages": [], "errorCount": 1, "fatalErrorCount": 0, "warningCount": 1}]"#;

    #[test]
    fn what_is_damaged_is_not_passed_over() {
        notices_wrong_kinds(SAMPLE, &[]);
        notices_a_cut(SAMPLE);
    }

    #[test]
    fn declared_numbers_and_unknown_words_are_told() {
        let (foreign, _) = said(&SAMPLE.replace("\"errorCount\": 1", "\"errorCount\": 4")).unwrap();
        assert!(foreign.problems[0].message.contains("declares `errorCount` 4, lists 1"), "{:?}", foreign.problems);
        let (foreign, _) = said(&SAMPLE.replace("\"severity\": 1", "\"severity\": 7")).unwrap();
        assert!(foreign.notes[0].contains("`7`"), "{:?}", foreign.notes);
        let (foreign, _) = said(r#"[{"filePath": "a.ts", "messages": []}]"#).unwrap();
        assert_eq!((foreign.findings.len(), foreign.problems.len()), (0, 0));
    }
}
