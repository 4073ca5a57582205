//! Small documents, one for each thing that is met in the wild.

mod damage;
mod digests;
mod findings;
mod places;
mod property;
mod round_trip;
mod rules;
mod runs;

use std::io::Cursor;

use serde_json::{Value, json};
use tollgate_digest::Digester;
use tollgate_input::{Digest, InputError, Source, Window};
use tollgate_model::{Cause, Finding, Problem};

use super::{Bounds, Log, knows, read};

fn read_named(bytes: &[u8], bounds: &Bounds, digester: Option<&Digester>) -> Result<Log, InputError> {
    let source = Source::new("r.sarif", Box::new(Cursor::new(bytes.to_vec())), u64::MAX);
    let (log, digest) = read(Window::new(source, 1 << 20)?, bounds, digester)?;
    assert_eq!(digest, Digest::of(bytes));
    Ok(log)
}

fn read_within(bytes: &[u8], bounds: &Bounds) -> Result<Log, InputError> {
    read_named(bytes, bounds, None)
}

fn read_bytes(bytes: &[u8]) -> Result<Log, InputError> {
    super::fuzz_read(bytes);
    read_within(bytes, &Bounds::default())
}

fn read_text(text: &str) -> Log {
    read_bytes(text.as_bytes()).unwrap()
}

/// What a file says that has nothing but these runs.
fn runs(runs: Value) -> Log {
    read_text(&json!({"version": "2.1.0", "runs": runs}).to_string())
}

/// What a run of `T 1.0` says with these keys besides.
fn run(more: Value) -> Log {
    let mut run = json!({"tool": {"driver": {"name": "T", "version": "1.0"}}});
    for (key, value) in more.as_object().unwrap() {
        run[key] = value.clone();
    }
    runs(json!([run]))
}

/// The finding that is this result.
fn finding(result: Value) -> Finding {
    let log = run(json!({"results": [result]}));
    assert_eq!(log.foreign.problems, []);
    log.foreign.findings.into_iter().next().unwrap()
}

/// Causes and messages of all problems.
fn problems(log: &Log) -> Vec<(Cause, &str)> {
    log.foreign.problems.iter().map(|Problem { cause, message, .. }| (*cause, message.as_str())).collect()
}

fn refusal(text: &str) -> String {
    read_bytes(text.as_bytes()).expect_err(text).to_string()
}

#[test]
fn sarif_is_known_by_its_beginning() {
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    for (head, known) in [
        (r#"{"runs": [{"tool""#, true),
        (r#"{"$schema": "https://json.schemastore.org/sarif-2.1.0.json""#, true),
        (r#"{"version": "2.1.0"}"#, true),
        (r#"{"version": "2.1.0", "runs"#, true),
        ("\u{FEFF} {\n\"runs\": null}", true),
        (r#"{"version": "1.0.0", "runs": []}"#, true),
        (r#"{"version": "2.1.0", "results": []}"#, false),
        (r#"{"version": "15.0.0", "vulnerabilities": []}"#, false),
        (r#"{"$schema": "https://example.com/x.json"}"#, false),
        (r#"[{"runs": []}]"#, false),
        ("runs", false),
        ("{", false),
        ("", false),
    ] {
        assert_eq!(knows(head.as_bytes()), known, "{head}");
        assert_eq!(knows(&utf16(head)), known, "{head} in UTF-16");
    }
}

#[test]
fn every_encoding_is_read_and_the_digest_is_that_of_the_file() {
    let text = json!({"version": "2.1.0", "runs": [{
        "tool": {"driver": {"name": "Tü\u{1F600}"}}, "results": [{"message": {"text": "é\u{1F600}"}}],
    }]})
    .to_string();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [
        text.clone().into_bytes(),
        [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        [b"\xFF\xFE".as_slice(), &little].concat(),
        [b"\xFE\xFF".as_slice(), &big].concat(),
        little,
        big,
    ] {
        let log = read_bytes(&bytes).unwrap();
        assert_eq!(log.runs[0].name, "Tü\u{1F600}");
        assert_eq!(log.foreign.findings[0].message, "é\u{1F600}");
    }
}
