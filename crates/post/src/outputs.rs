//! Outputs of the step, for the steps after it.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use tollgate_model::Verdict;

use crate::gates::{Gate, worst};
use crate::judged::Judged;

/// The outputs, by name.
pub(crate) fn all(
    judged: &Judged,
    gates: &[Gate<'_>],
    everything: bool,
    comment_url: Option<&str>,
) -> Vec<(&'static str, String)> {
    let of = |verdict: Verdict| -> String {
        let names = gates.iter().filter(|gate| gate.verdict == verdict).map(Gate::name);
        serde_json::Value::from_iter(names).to_string()
    };
    let verdict = if everything { judged.run.decision.verdict } else { worst(gates) };
    let uploads: Vec<String> = judged.uploads.iter().filter_map(|name| judged.path(name)).collect();
    let report = judged.path("report.html").or_else(|| judged.path("summary.md"));
    vec![
        ("verdict", verdict.word().to_owned()),
        ("failed-gates", of(Verdict::Fail)),
        ("unknown-gates", of(Verdict::Unknown)),
        ("sarif-file", judged.path("report.sarif").unwrap_or_default()),
        ("upload-file", uploads.first().cloned().unwrap_or_default()),
        ("upload-files", serde_json::Value::from_iter(uploads).to_string()),
        ("report-file", report.unwrap_or_default()),
        ("comment-url", comment_url.unwrap_or_default().to_owned()),
    ]
}

/// Adds them to the file. Each value stands between two lines that nobody can guess, so that none can end its own and begin
/// another.
pub(crate) fn append(path: &Path, outputs: &[(&str, String)]) -> io::Result<()> {
    let mut text = String::new();
    for (name, value) in outputs {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random).map_err(|e| io::Error::other(e.to_string()))?;
        let mark: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        text.push_str(&format!("{name}<<tollgate-{mark}\n{value}\ntollgate-{mark}\n"));
    }
    OpenOptions::new().create(true).append(true).open(path)?.write_all(text.as_bytes())
}
