//! The JSON of html-validate (`--formatter json`), which looks like ESLint's.
//!
//! A list with an object per file in which something was found: `filePath`, `messages` (`ruleId`, `ruleUrl`,
//! `severity`, `message`, `line`, `column`, `size`, `selector`), `errorCount`, `warningCount`. Told from ESLint's by
//! the keys `ruleUrl` or `selector` of a message, which are looked for in the beginning of the report: a JSON string
//! cannot hold them unescaped. Where there are none, no message is there, and ESLint's reader says the same of it. The
//! report object of the library, `{valid, results}`, is read too.

use std::collections::BTreeMap;

use memchr::memmem::find;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Fingerprinter, Foreign, Level, Location, Problem, Rule, ToolInfo};

use super::doubts::{Doubts, Lines};
use super::json::{finding, path, rule};
use super::{Format, Grade};

const GRADES: &[Grade] = &[Grade::new("2", Level::Error, None), Grade::new("1", Level::Warning, None)];

pub(super) const FORMAT: Format = Format {
    id: "html-validate",
    name: "html-validate",
    writers: "`html-validate --formatter json FILES`",
    about: "Only files in which something was found are in the report: it does not say how many were looked at, and \
            is an empty list where all are well. A file that could not be parsed makes the source incomplete.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| {
        let keyed = |key: &[u8]| find(sniff.head, key).is_some();
        let files = sniff.is_list(&["filePath", "messages"]) && !sniff.has_keys(&["fixableErrorCount"]);
        files && (keyed(b"\"ruleUrl\":") || keyed(b"\"selector\":")) || sniff.is_object(&["valid", "results"])
    },
    read,
};

/// What html-validate calls a file that it cannot parse.
const BROKEN: &str = "parser-error";

#[derive(Default)]
struct Message {
    rule: String,
    address: Option<String>,
    severity: String,
    text: String,
    lines: Lines,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let (mut reader, doubts) = (Reader::new(window), Doubts::default());
    let tools = vec![ToolInfo { name: "html-validate".to_owned(), version: String::new() }];
    let mut foreign = Foreign { tools, ..Foreign::default() };
    let mut rules = BTreeMap::new();
    if reader.kind()? == Kind::Array {
        reader.array(|reader| file(reader, (&mut foreign, &mut rules), &doubts))?;
    } else {
        let (mut valid, mut listed) = (None, false);
        reader.object(|reader, key| match key {
            "valid" => {
                valid = doubts.flag(reader, key)?;
                Ok(())
            }
            "results" => {
                listed = true;
                doubts.list(reader, key, |reader| file(reader, (&mut foreign, &mut rules), &doubts))
            }
            _ => Ok(()),
        })?;
        if !listed {
            doubts.missing("results");
        }
        if valid == Some(false) && foreign.findings.is_empty() {
            doubts.wrong(|| "`valid` is false, and nothing is listed".to_owned());
        }
    }
    reader.end()?;
    foreign.rules = rules.into_values().collect();
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

fn file(
    reader: &mut Reader,
    (foreign, rules): (&mut Foreign, &mut BTreeMap<String, Rule>),
    doubts: &Doubts,
) -> Result<(), InputError> {
    let (mut place, mut messages) = (String::new(), None::<Vec<Message>>);
    let (mut errors, mut warnings) = (None, None);
    doubts.object(reader, "a file", |reader, key| {
        match key {
            "filePath" => place = path(&doubts.text(reader, key)?),
            "errorCount" => errors = doubts.count(reader, key)?,
            "warningCount" => warnings = doubts.count(reader, key)?,
            "messages" if doubts.is(reader, key, Kind::Array)? => {
                let all = messages.get_or_insert_default();
                reader.array(|reader| {
                    all.push(message(reader, doubts)?);
                    Ok(())
                })?;
            }
            _ => {}
        }
        Ok(())
    })?;
    let Some(messages) = messages else {
        doubts.missing("messages");
        return Ok(());
    };
    let of = |severity: &str| messages.iter().filter(|message| message.severity == severity).count() as u64;
    doubts.compare(&format!("errors of {place}"), errors, of("2"));
    doubts.compare(&format!("warnings of {place}"), warnings, of("1"));
    let mut names = Fingerprinter::default();
    for message in messages {
        if message.rule == BROKEN {
            let what = format!("html-validate could not parse it: {}", crate::text::line(&message.text));
            foreign.problems.push(Problem::new(Cause::Unfinished, what).at(place.clone()));
        }
        let grade = doubts.grade(GRADES, &message.severity);
        let name = if message.rule.is_empty() { "unknown" } else { &message.rule };
        if message.address.is_some() && !rules.contains_key(name) {
            rules.insert(name.to_owned(), rule(name, name, grade.0, None, message.address));
        }
        let location = Location { path: place.clone(), region: message.lines.region() };
        foreign.findings.push(finding(&mut names, name, grade, message.text, Some(location)));
    }
    Ok(())
}

fn message(reader: &mut Reader, doubts: &Doubts) -> Result<Message, InputError> {
    let mut message = Message::default();
    doubts.object(reader, "messages", |reader, key| {
        match key {
            "ruleId" => message.rule = doubts.word(reader, key)?,
            "ruleUrl" => message.address = doubts.text_or_none(reader, key)?,
            "severity" => message.severity = doubts.word(reader, key)?,
            "message" => message.text = doubts.text(reader, key)?,
            "line" => message.lines.line = doubts.ordinal(reader, key)?,
            "column" => message.lines.column = doubts.ordinal(reader, key)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(message)
}

#[cfg(test)]
mod tests {
    use tollgate_model::{Cause, Level};

    use crate::findings::probe::{notices_a_cut, notices_wrong_kinds};
    use crate::findings::tests::said;

    const SAMPLE: &str = r##"[{"filePath": "/w/dist/index.html", "messages": [
        {"ruleId": "no-dup-id","ruleUrl":"https://html-validate.org/rules/no-dup-id.html", "severity": 2,
         "message": "Duplicate ID \"top\"", "offset": 120, "line": 7, "column": 12, "size": 3, "selector": "#top"},
        {"ruleId": "long-title", "severity": 1, "message": "title is too long", "line": 4, "column": 3,
          "selector": null}],
        "errorCount": 1, "warningCount": 1, "source": null}]"##;

    #[test]
    fn files_with_messages() {
        let (foreign, format) = said(SAMPLE).unwrap();
        assert_eq!((format, &foreign.inputs, foreign.problems.len()), ("html-validate", &None, 0));
        let found: Vec<_> = foreign
            .findings
            .iter()
            .map(|f| (f.rule.as_str(), f.level, f.location.as_ref().unwrap().to_string()))
            .collect();
        let expected = [
            ("no-dup-id", Level::Error, "/w/dist/index.html:7".to_owned()),
            ("long-title", Level::Warning, "/w/dist/index.html:4".to_owned()),
        ];
        assert_eq!(found, expected);
        assert_eq!(foreign.rules[0].references, ["https://html-validate.org/rules/no-dup-id.html"]);

        let (foreign, _) = said(&format!(r#"{{"valid": false, "results": {SAMPLE}}}"#)).unwrap();
        assert_eq!((foreign.findings.len(), foreign.problems.len()), (2, 0));
        let (foreign, _) = said(r#"{"valid": true, "results": []}"#).unwrap();
        assert_eq!((foreign.findings.len(), foreign.problems.len()), (0, 0));
        let (foreign, _) = said(r#"{"valid": false, "results": []}"#).unwrap();
        assert_eq!(foreign.problems.len(), 1);
    }

    #[test]
    fn eslint_keeps_what_is_its_own() {
        let (_, format) = said(r#"[{"filePath": "a.ts", "messages": [], "source": "{ \"selector\": 1 }"}]"#).unwrap();
        assert_eq!(format, "ESLint");
    }

    #[test]
    fn a_broken_file_and_numbers_that_disagree_are_problems() {
        let (foreign, _) = said(&SAMPLE.replace("no-dup-id\",", "parser-error\",")).unwrap();
        assert_eq!(foreign.problems[0].cause, Cause::Unfinished);
        let (foreign, _) = said(&SAMPLE.replace("\"errorCount\": 1", "\"errorCount\": 4")).unwrap();
        let expected = "declares errors of /w/dist/index.html 4, lists 1";
        assert!(foreign.problems[0].message.contains(expected), "{:?}", foreign.problems);
    }

    #[test]
    fn damage_is_noticed() {
        // Without messages nothing tells it from a report of ESLint.
        notices_wrong_kinds(SAMPLE, &["/messages"]);
        notices_wrong_kinds(&format!(r#"{{"valid": false, "results": {SAMPLE}}}"#), &[]);
        notices_a_cut(SAMPLE);
    }
}
