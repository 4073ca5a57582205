//! Writes SARIF files for measuring, and merges files.
//!
//! ```text
//! cargo run --release -p tollgate-sarif --example merge -- generate FOLDER FILES RESULTS [--pretty]
//! cargo run --release -p tollgate-sarif --example merge -- archive OUT FILE…
//! cargo run --release -p tollgate-sarif --example merge -- upload FOLDER FILE…
//! ```
//!
//! `generate` writes `FILES` files of one run each, with `RESULTS` results, about 520 bytes each: the same arguments
//! give the same bytes. 100 files of 1,750 results are 92 MB.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use tollgate_input::{InputError, Source, Window};
use tollgate_sarif::{ForeignLog, Limits, Mark, archive, upload};

const USAGE: &str =
    "usage: merge generate FOLDER FILES RESULTS [--pretty] | archive OUT FILE... | upload FOLDER FILE...";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["generate", folder, files, results, pretty @ ..] => match (files.parse(), results.parse()) {
            (Ok(files), Ok(results)) => generate(Path::new(folder), files, results, !pretty.is_empty()),
            _ => Err(USAGE.to_owned()),
        },
        ["archive", out, files @ ..] => merge(files, |logs| {
            let mut out = File::create(out).map_err(|error| format!("{out}: {error}"))?;
            archive(&[], logs, &mut out).map_err(|error| error.to_string())
        }),
        ["upload", folder, files @ ..] => merge(files, |logs| {
            let mut make = |number| {
                let file = File::create(Path::new(folder).join(format!("{number:02}.sarif")))?;
                Ok(Box::new(file) as Box<dyn io::Write>)
            };
            upload(&[], logs, &Limits::default(), &mut make).map_err(|error| error.to_string())
        }),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Nothing can be done where even this cannot be written.
            let _ = writeln!(io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

fn open(path: &str) -> Result<Window, InputError> {
    let file = File::open(path).map_err(|error| InputError::io(path, &error))?;
    Window::new(Source::new(path, Box::new(file), 1 << 40), 1 << 24)
}

fn merge(files: &[&str], write: impl FnOnce(&[ForeignLog<'_>]) -> Result<Vec<String>, String>) -> Result<(), String> {
    let opens: Vec<_> = files.iter().map(|path| move || open(path)).collect();
    let logs: Vec<ForeignLog<'_>> = files
        .iter()
        .zip(&opens)
        .map(|(source, open)| ForeignLog { source, open, mark: &|_| Mark::default(), upload: true, digester: None })
        .collect();
    for sentence in write(&logs)? {
        writeln!(io::stdout(), "{sentence}").map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn generate(folder: &Path, files: usize, results: usize, pretty: bool) -> Result<(), String> {
    let write = |number: usize| -> io::Result<()> {
        let mut out = BufWriter::new(File::create(folder.join(format!("{number:04}.sarif")))?);
        let rules: Vec<Value> = (0..40).map(rule).collect();
        let run = json!({
            "tool": {"driver": {"name": format!("tool-{}", number % 10), "version": "1.2.3", "rules": rules}},
            "automationDetails": {"id": format!("category-{number}/")},
            "originalUriBaseIds": {"%SRCROOT%": {"uri": "file:///home/runner/work/repo/repo/"}},
            "results": (0..results).map(|i| result(number, i)).collect::<Vec<_>>(),
        });
        let log =
            json!({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]});
        match pretty {
            true => serde_json::to_writer_pretty(&mut out, &log)?,
            false => serde_json::to_writer(&mut out, &log)?,
        }
        out.flush()
    };
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    (0..files).try_for_each(write).map_err(|error| format!("{}: {error}", folder.display()))
}

fn rule(number: usize) -> Value {
    let level = ["error", "warning", "note"][number % 3];
    json!({
        "id": format!("rule-{number}"),
        "name": format!("RuleNumber{number}"),
        "shortDescription": {"text": "A value is used before it is checked."},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": ["security", "correctness"], "security-severity": format!("{}.5", number % 10)},
    })
}

fn result(file: usize, number: usize) -> Value {
    let line = number * 7 % 900 + 1;
    let level = ["error", "warning", "note", "warning"][number % 4];
    let hash = (file * 1_000_003 + number) * 2_654_435_761;
    json!({
        "ruleId": format!("rule-{}", number % 40),
        "ruleIndex": number % 40,
        "level": level,
        "message": {"text": format!("`value{number}` is used \"before\" it is checked; check it first, or drop it.")},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": format!("packages/p{}/src/module{}/file{number}.ts", file, number % 17),
                                 "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": line, "startColumn": 5, "endLine": line, "endColumn": 31,
                       "snippet": {"text": format!("  const value{number} = input[{number}];")}},
        }}],
        "partialFingerprints": {"primaryLocationLineHash": format!("{hash:016x}:1")},
        "properties": {"confidence": 0.75, "kind": "dataflow"},
    })
}
