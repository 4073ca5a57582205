//! What gitleaks users bring along: `.gitleaks.toml`, `.gitleaksignore`, and a JSON report as baseline.
//!
//! They mean here what they mean there. Whatever in them has no effect, or hides more than it seems to, becomes a
//! [`remark::Remark`]; what gitleaks would refuse is an error.

pub(crate) mod allow;
pub(crate) mod baseline;
pub(crate) mod config;
mod fields;
pub(crate) mod ignore;
pub(crate) mod lint;
pub(crate) mod problem;
pub(crate) mod remark;
pub(crate) mod translate;

/// Reads `data` as the file called `name`: `config`, `ignore` or `baseline`. For fuzzing: it must come back.
pub(crate) fn fuzz(name: &str, data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match name {
        "config" => {
            if let Ok(config) = config::read("fuzz", &text, &mut |_| Ok(text.to_string())) {
                let tracked = ["a/dist/b.ts", ".github/workflows/ci.yml"];
                lint::lint(&lint::Input { config: Some(&config), ignore: None, tracked: &tracked, defaults: &[] });
            }
        }
        "ignore" => {
            let ignore = ignore::Ignore::read("fuzz", &text);
            for entry in &ignore.entries {
                let found = ignore.matches(entry.commit.as_deref(), &entry.file, &[&entry.rule], entry.at_line);
                assert!(found.is_some(), "an entry matches what it names");
            }
        }
        "baseline" => {
            if let Ok(baseline) = baseline::Baseline::read("fuzz", data) {
                baseline.knows(b"value", "file", &["rule"], 1);
            }
        }
        _ => {}
    }
}
