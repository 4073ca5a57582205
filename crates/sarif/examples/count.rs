//! Says what SARIF files hold, one JSON object a line:
//! `cargo run -p tollgate-sarif --example count -- [INDEX.jsonl] FILE…`.
//!
//! Where the first argument is an index (lines with `file`, `expect`, `results` and `levels`), each of its files is
//! compared with what it says, a difference is marked, and the exit code is 1 if there is one.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use serde_json::{Value, json};
use tollgate_input::{Source, Window};
use tollgate_model::Finding;
use tollgate_sarif::{Bounds, knows, read};

/// How many findings are shown.
const FIRST: usize = 3;

fn main() -> io::Result<ExitCode> {
    let (mut files, mut wanted) = (Vec::new(), BTreeMap::new());
    for argument in env::args().skip(1) {
        if argument.ends_with(".jsonl") {
            for line in fs::read_to_string(&argument)?.lines() {
                let entry: Value = serde_json::from_str(line)?;
                let name = Path::new(entry["file"].as_str().unwrap_or_default()).file_name().unwrap_or_default();
                let path = Path::new(&argument).with_file_name(name).to_string_lossy().into_owned();
                files.push(path.clone());
                wanted.insert(path, entry);
            }
        } else {
            files.push(argument);
        }
    }
    let mut differences = 0;
    for path in files {
        let mut said = count(&path)?;
        if let Some(entry) = wanted.get(&path) {
            let agrees = agrees(entry, &said);
            differences += u32::from(!agrees);
            said["agrees"] = json!(agrees);
        }
        writeln!(io::stdout(), "{said}")?;
    }
    Ok(if differences == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn count(path: &str) -> io::Result<Value> {
    let source = Source::new(path, Box::new(File::open(path)?), u64::MAX);
    let known = Window::new(source, 1 << 24).is_ok_and(|window| knows(window.bytes()));
    let source = Source::new(path, Box::new(File::open(path)?), u64::MAX);
    Ok(match Window::new(source, 1 << 24).and_then(|window| read(window, &Bounds::default(), None)) {
        Ok((log, digest)) => {
            let mut levels = BTreeMap::new();
            for run in &log.runs {
                let counts = run.levels;
                for (level, count) in
                    [("none", counts.none), ("note", counts.note), ("warning", counts.warning), ("error", counts.error)]
                {
                    *levels.entry(level).or_insert(0) += count;
                }
            }
            levels.retain(|_, count| *count > 0);
            json!({
                "file": path,
                "known": known,
                "runs": log.runs.len(),
                "tools": log.runs.iter().map(|run| run.name.as_str()).collect::<Vec<_>>(),
                "results": log.results,
                "levels": levels,
                "findings": log.foreign.findings.len(),
                "placed": log.foreign.findings.iter().filter(|finding| finding.location.is_some()).count(),
                "suppressed": log.foreign.findings.iter().filter(|finding| finding.suppressed.is_some()).count(),
                "first": log.foreign.findings.iter().take(FIRST).map(line).collect::<Vec<_>>(),
                "rules": log.foreign.rules.len(),
                "problems": log.foreign.problems,
                "notes": log.foreign.notes,
                "bytes": digest.bytes,
            })
        }
        Err(error) => json!({ "file": path, "known": known, "refused": error.to_string() }),
    })
}

fn line(finding: &Finding) -> String {
    let place = finding.location.as_ref().map(ToString::to_string).unwrap_or_default();
    let (rule, level, print) = (&finding.rule, finding.level, finding.fingerprint.as_str());
    format!("{rule} {level} {place}: {} [{:?} {}] {print}", finding.message, finding.severity, finding.confidence)
}

/// Whether what was read is what the index says.
fn agrees(entry: &Value, said: &Value) -> bool {
    let refused = said["refused"].as_str();
    match entry["expect"].as_str() {
        Some("old") => refused.is_some_and(|message| message.contains("the file is SARIF ")),
        Some("reject") => refused.is_some(),
        _ => {
            let number = |key: &str| entry[key].as_u64().unwrap_or(0) == said[key].as_u64().unwrap_or(u64::MAX);
            let levels = entry["levels"].as_object().cloned().unwrap_or_default();
            let none = levels.is_empty() && entry["results"].as_u64().unwrap_or(0) > 0;
            let tools = entry["tools"].is_null() || entry["tools"] == said["tools"];
            number("runs") && number("results") && tools && !none && Value::Object(levels) == said["levels"]
        }
    }
}
