//! The JSON of ESLint (`--format json`), whose form Biome, oxlint and stylelint do not share.
//!
//! A list with an object per file: `filePath`, `messages` (`ruleId`, `severity` 1 or 2, `message`, `line`, `column`, `endLine`,
//! `endColumn`, `fatal`), `suppressedMessages`, counts. A file that could not be parsed has a message that is `fatal`: what its
//! rules would have said is not known.

use tollgate_input::json_stream::Reader;
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Fingerprinter, Foreign, Inputs, Level, Location, Problem, Region, Suppression, ToolInfo};

use super::json::{count, finding, is_true, list, object, ordinal, path, text, word};
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
    let mut reader = Reader::new(window);
    let mut foreign =
        Foreign { tools: vec![ToolInfo { name: "ESLint".to_owned(), version: String::new() }], ..Foreign::default() };
    let mut files = 0;
    reader.array(|reader| {
        files += 1;
        file(reader, &mut foreign)
    })?;
    reader.end()?;
    foreign.inputs = Some(Inputs::new(files, "file"));
    Ok((foreign, reader.digest()))
}

fn file(reader: &mut Reader, foreign: &mut Foreign) -> Result<(), InputError> {
    let (mut place, mut messages) = (String::new(), Vec::new());
    object(reader, |reader, key| match key {
        "filePath" => {
            place = path(&text(reader)?.unwrap_or_default());
            Ok(())
        }
        "messages" | "suppressedMessages" => {
            let suppressed = key == "suppressedMessages";
            list(reader, |reader| {
                messages.push(message(reader, suppressed)?);
                Ok(())
            })
        }
        _ => Ok(()),
    })?;
    let mut names = Fingerprinter::default();
    for message in messages {
        if message.fatal {
            let what = format!("ESLint could not parse it: {}", crate::text::line(&message.text));
            foreign.problems.push(Problem::new(Cause::Unfinished, what).at(place.clone()));
        }
        let grade = Grade::of(GRADES, &message.severity);
        let level = grade.map_or(Level::Warning, |grade| grade.level);
        let rule = message.rule.as_deref().unwrap_or("parse-error");
        let location = Location { path: place.clone(), region: message.region };
        let mut found = finding(&mut names, rule, (level, None), message.text, Some(location));
        found.suppressed = message.suppressed.map(|reason| Suppression { reason, owner: None, expires: None });
        foreign.findings.push(found);
    }
    Ok(())
}

#[derive(Default)]
struct Message {
    rule: Option<String>,
    severity: String,
    text: String,
    fatal: bool,
    region: Option<Region>,
    suppressed: Option<String>,
}

fn message(reader: &mut Reader, suppressed: bool) -> Result<Message, InputError> {
    let (mut message, mut reasons) = (Message::default(), Vec::new());
    let (mut line, mut column, mut end_line, mut end_column) = (None, None, None, None);
    object(reader, |reader, key| {
        match key {
            "ruleId" => message.rule = word(reader)?,
            "severity" => message.severity = word(reader)?.unwrap_or_default(),
            "message" => message.text = text(reader)?.unwrap_or_default(),
            "fatal" => message.fatal = is_true(reader)?,
            "line" => line = ordinal(count(reader)?),
            "column" => column = ordinal(count(reader)?),
            "endLine" => end_line = ordinal(count(reader)?),
            "endColumn" => end_column = ordinal(count(reader)?),
            "suppressions" => list(reader, |reader| {
                object(reader, |reader, key| {
                    if key == "justification" {
                        reasons.extend(text(reader)?.filter(|reason| !reason.is_empty()));
                    }
                    Ok(())
                })
            })?,
            _ => {}
        }
        Ok(())
    })?;
    message.region = line.map(|start_line| Region {
        start_line,
        end_line: end_line.unwrap_or(start_line).max(start_line),
        start_column: column,
        end_column: end_column.filter(|_| end_line.is_some()),
    });
    if suppressed {
        message.suppressed =
            Some(if reasons.is_empty() { "a comment in the source".to_owned() } else { reasons.join("; ") });
    }
    Ok(message)
}
