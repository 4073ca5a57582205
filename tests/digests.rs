//! One secret has one name, whether our checker found it or another scanner.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Outcome, Sandbox, Tests};

pub(crate) fn tests() -> Tests {
    vec![
        ("a_secret_has_one_name_whoever_found_it", a_secret_has_one_name),
        ("a_salt_that_is_too_short_names_nothing", a_salt_that_is_too_short),
    ]
}

const POLICY: &str = r#"
[secrets]
paths = ["src"]
[[sources]]
name = "leaks"
files = "reports/leaks.json"
[[sources]]
name = "hog"
files = "reports/*.sarif"
upload = true
[gates.Secrets]
conditions = ['secrets.findings == 0', 'leaks.findings == 0', 'hog.findings == 0']
"#;

/// A token that nobody can guess, and a password that somebody might.
fn values() -> [String; 2] {
    [["gh", "p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"].concat(), ["rT7#kP", "z2!mQx"].concat()]
}

/// A repository in which both stand, and in which both were reported by two other scanners.
fn repository(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::repository(&[&[("tollgate.toml", POLICY)], files].concat());
    let [token, password] = values();
    sandbox.write("src/config.yml", format!("token: \"{token}\"\ndb_password: \"{password}\"\n"));
    let leak = |(line, secret): (usize, &String)| {
        json!({"RuleID": "leak", "Description": "A leak", "StartLine": line + 1, "EndLine": line + 1, "File": "src/config.yml",
            "Match": format!("x: \"{secret}\""), "Secret": secret, "Fingerprint": format!("src/config.yml:leak:{line}")})
    };
    let leaks: Vec<Value> = values().iter().enumerate().map(leak).collect();
    sandbox.write("reports/leaks.json", json!(leaks).to_string());
    let place = |region: Value| json!([{"physicalLocation": {"artifactLocation": {"uri": "src/config.yml"}, "region": region}}]);
    let text = format!("token: \"{token}\"");
    let region = json!({"startLine": 1, "startColumn": 9, "endColumn": 9 + token.len(), "snippet": {"text": text}});
    let results = json!([
        {"ruleId": "token", "message": {"text": text}, "locations": place(region)},
        {"ruleId": "password", "message": {"text": password}, "locations": place(json!({"startLine": 2})),
            "properties": {"Raw": password, "Match": text}},
    ]);
    let rules = json!([{"id": "token", "properties": {"tags": ["security"]}}, {"id": "password"}]);
    let run = json!({"tool": {"driver": {"name": "TruffleHog", "rules": rules}}, "results": results});
    sandbox.write("reports/hog.sarif", json!({"version": "2.1.0", "runs": [run]}).to_string());
    sandbox
}

/// The property `digest` of everything that `checker` found.
fn digests(run: &Value, checker: &str) -> BTreeSet<String> {
    let reports = run["reports"].as_array().expect("reports");
    let report = reports.iter().find(|report| report["checker"] == checker).expect(checker);
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter_map(|finding| Some(finding["properties"]["digest"].as_str()?.to_owned())).collect()
}

/// Asserts that neither what was printed nor any file below `folder` holds one of the values.
fn shows_nothing(outcome: &Outcome, folder: &Path) {
    let mut texts = vec![outcome.stdout.clone(), outcome.stderr.clone()];
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            match entry.is_dir() {
                true => folders.push(entry),
                false => texts.push(fs::read_to_string(entry).expect("a text")),
            }
        }
    }
    assert!(texts.len() > 5, "{}", texts.len());
    for value in values() {
        assert!(texts.iter().all(|text| !text.contains(&value)), "a value is shown");
    }
}

fn a_secret_has_one_name() {
    let mut named = BTreeSet::new();
    for files in [&[][..], &[(".tollgate/salt", "a salt of the repository\n")]] {
        let sandbox = repository(files);
        let outcome = sandbox.tollgate(&["check", "--out", "out"]).exits(1);
        shows_nothing(&outcome, &sandbox.join("out"));
        let run = sandbox.json("out/run.json");
        let ours = digests(&run, "secrets");
        assert_eq!(ours.len(), 2, "{ours:?}");
        assert_eq!(digests(&run, "leaks"), ours);
        assert_eq!(digests(&run, "hog"), ours);
        let archive = sandbox.read("out/report.sarif");
        let upload = sandbox.read("out/upload/01.sarif");
        for digest in &ours {
            assert!(archive.contains(&format!("\"redacted ({digest})\"")), "{digest} in {archive}");
            assert!(upload.contains(&format!("is redacted ({digest}).")), "{digest} in {upload}");
        }
        // What was redacted stays when it is a source itself.
        sandbox.remove("reports/hog.sarif");
        sandbox.write("reports/again.sarif", archive);
        sandbox.tollgate(&["check", "--out", "out"]).exits(1);
        let again = sandbox.read("out/report.sarif");
        assert!(ours.iter().all(|digest| again.contains(&format!("\"redacted ({digest})\""))), "{again}");
        // Reports that are handed over are named alike.
        let judged = sandbox.tollgate(&["decide", "reports/leaks.json", "--format", "json"]).json();
        assert_eq!(digests(&judged, "leaks"), ours);
        named.extend(ours);
    }
    assert_eq!(named.len(), 4, "each repository has names of its own");
}

fn a_salt_that_is_too_short() {
    let sandbox = repository(&[(".tollgate/salt", "short\n")]);
    let outcome = sandbox.tollgate(&["check", "--out", "out"]).exits(3);
    shows_nothing(&outcome, &sandbox.join("out"));
    let run = sandbox.json("out/run.json");
    assert!(digests(&run, "leaks").is_empty() && digests(&run, "hog").is_empty());
    assert!(!sandbox.read("out/report.sarif").contains("s1:"));
}
