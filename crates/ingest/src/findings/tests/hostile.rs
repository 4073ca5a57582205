//! Reports that are damaged, or not what they seem.

use std::io::Cursor;

use proptest::prelude::*;
use serde_json::{Value, json};
use tollgate_input::{Source, Window};
use tollgate_model::Foreign;

use super::{dependabot, gitleaks, grype, npm, osv, pip_audit, said, said_by, trivy, yarn};
use crate::findings::FORMATS;

/// Reports, each with its format's id; true: one object per line.
fn samples() -> Vec<(&'static str, String, bool)> {
    vec![
        ("npm-audit", npm::SEVEN.to_owned(), false),
        ("pnpm-audit", npm::SIX.to_owned(), false),
        ("yarn-audit", yarn::ONE.to_owned(), true),
        ("yarn-npm-audit", yarn::FOUR.to_owned(), true),
        ("cargo-audit", super::cargo_audit::REPORT.to_owned(), false),
        ("pip-audit", pip_audit::REPORT.to_owned(), false),
        ("osv-scanner", osv::REPORT.to_owned(), false),
        ("trivy", trivy::report(), false),
        ("grype", grype::REPORT.to_owned(), false),
        ("gitleaks", gitleaks::report(), false),
        ("dependabot", dependabot::report(), false),
    ]
}

/// Calls `each` with every document that differs from `value` in one place, where one of `others` stands or nothing.
fn mutants(value: &Value, others: &[Value], each: &mut dyn FnMut(Value)) {
    for other in others.iter().filter(|other| *other != value) {
        each(other.clone());
    }
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                mutants(item, others, &mut |mutant| {
                    let mut all = items.clone();
                    all[at] = mutant;
                    each(Value::Array(all));
                });
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                mutants(member, others, &mut |mutant| {
                    let mut all = members.clone();
                    all.insert(key.clone(), mutant);
                    each(Value::Object(all));
                });
                let mut without = members.clone();
                without.remove(key);
                each(Value::Object(without));
            }
        }
        _ => {}
    }
}

/// How many findings count.
fn counted(foreign: &Foreign) -> usize {
    foreign.findings.iter().filter(|finding| finding.counts()).count()
}

/// Keeps the first item of every list, so that a report has few findings, each of which can be lost.
fn first_only(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().take(1).map(first_only).collect(),
        Value::Object(members) => members.iter().map(|(key, member)| (key.clone(), first_only(member))).collect(),
        other => other.clone(),
    }
}

#[test]
fn every_sample_has_findings_and_no_problem() {
    for (id, text, _) in samples() {
        let foreign = said_by(id, &text).unwrap();
        assert!(counted(&foreign) > 0 && foreign.problems.is_empty(), "{id}: {:?}", foreign.problems);
    }
}

#[test]
fn a_wrong_type_anywhere_makes_no_clean_bill() {
    for (id, text, by_line) in samples() {
        let documents: Vec<Value> = if by_line {
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        } else {
            vec![serde_json::from_str(&text).unwrap()]
        };
        let few = vec![Value::Null, json!([]), json!({})];
        let more = [json!(0), json!(-7.5), json!("x"), json!([null]), json!({"x": 1}), json!(true)];
        let all = few.iter().cloned().chain(more).collect();
        let short = documents.iter().map(first_only).collect::<Vec<_>>();
        for (documents, others) in [(documents, few), (short, all)] {
            for (at, document) in documents.iter().enumerate() {
                let mut tried = 0;
                mutants(document, &others, &mut |mutant| {
                    tried += 1;
                    let lines: Vec<String> = documents
                        .iter()
                        .enumerate()
                        .map(|(other, document)| if other == at { mutant.to_string() } else { document.to_string() })
                        .collect();
                    let text = lines.join("\n");
                    let Ok(foreign) = said_by(id, &text) else { return };
                    let told = counted(&foreign) > 0 || !foreign.problems.is_empty();
                    assert!(told || is_healthy(id, &text), "{id}: a clean bill out of {text}");
                });
                assert!(tried > 10);
            }
        }
    }
}

/// Whether the report is what the tool writes where nothing was found.
fn is_healthy(id: &str, text: &str) -> bool {
    match id {
        "gitleaks" | "dependabot" => text == "[]",
        // An empty list of its own is what a package without advisories has.
        "pip-audit" => !text.contains("\"vulns\":[{") && text.contains("\"vulns\":[]"),
        // Grype lists all matches in one place, and declares no number of them.
        "grype" => text.contains("\"matches\":[]"),
        // Trivy leaves out what is empty, or used to write null.
        "trivy" => {
            let key = "\"Vulnerabilities\":";
            !text.contains(key) || text.contains(&format!("{key}[]")) || text.contains(&format!("{key}null"))
        }
        _ => false,
    }
}

#[test]
fn a_report_that_is_cut_short_is_an_error() {
    for (id, text, by_line) in samples() {
        let text = text.trim_end();
        for end in (1..text.len()).step_by(if text.len() > 1_000 { 7 } else { 1 }) {
            if !text.is_char_boundary(end) || (by_line && [Some(&b'\n'), None].contains(&text.as_bytes().get(end))) {
                continue;
            }
            if by_line && text[..end].ends_with('\n') {
                continue;
            }
            assert!(said(&text[..end]).is_err(), "{id}: cut at {end}");
        }
    }
}

#[test]
fn deep_and_long_reports_are_refused_or_read() {
    let deep =
        format!("{{\"auditReportVersion\": 2, \"vulnerabilities\": {}{}}}", "{\"a\":".repeat(400), "}".repeat(400));
    assert!(said(&deep).unwrap_err().to_string().contains("nested more than 256 levels"));
    let title = "a".repeat(100_000);
    let long = npm::SIX.replace("Pads too much", &title);
    let (foreign, _) = said(&long).unwrap();
    assert!(foreign.findings.iter().all(|finding| finding.message.chars().count() < 1_000));
    // Entries that say the same stay apart, in time that grows with their number.
    let one = npm::SEVEN.find("\"left-pad\": {").unwrap();
    let twice = format!(
        "{}\"left-pad\": {{\"via\": [{}]}}, {}",
        &npm::SEVEN[..one],
        vec!["{}"; 20_000].join(","),
        &npm::SEVEN[one..]
    );
    assert_eq!(said(&twice).unwrap().0.findings.len(), 20_003);
}

fn read_bytes(bytes: Vec<u8>) {
    crate::fuzz::findings(&bytes);
    for format in FORMATS {
        let source = Source::new("r", Box::new(Cursor::new(bytes.clone())), 1 << 30);
        let _read = Window::new(source, 1 << 16).and_then(|window| crate::findings::read_as(window, format.id, None));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_bytes_never_panic(
        sample in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_usize), 1..6),
    ) {
        let samples = samples();
        let mut bytes = sample.get(&samples).1.clone().into_bytes();
        for (at, byte, kind) in edits {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => { bytes.remove(at); }
                _ => bytes[at] = b"{}[]\",:0n-"[usize::from(byte) % 10],
            }
        }
        read_bytes(bytes);
    }
}
