//! gitleaks.

use serde_json::json;
use tollgate_digest::{Digester, Key};

use super::{lines, named, property, said, said_by};

/// A secret that is none.
const SECRET: &str = concat!("ghp", "_", "0123456789abcdefghijABCDEFGHIJ012345");

pub(super) fn report() -> String {
    let one = |line: u32, secret: &str, fingerprint: &str| {
        json!({"RuleID": "github-pat", "Description": "Uncovered a GitHub Personal Access Token", "StartLine": line,
            "EndLine": line, "StartColumn": 9, "EndColumn": 48, "Match": format!("token = {secret}"), "Secret": secret,
            "File": "src/deploy.ts", "SymlinkFile": "", "Commit": "8b3f0d6b0d5c4ab6a6fbd7de8a4c2bb9c2f1b3a7",
            "Entropy": 4.9, "Author": "Ada Example", "Email": "ada@example.com", "Date": "2026-03-04T05:06:07Z",
            "Message": "deploy for Ada", "Tags": [], "Fingerprint": fingerprint})
    };
    json!([one(12, SECRET, "8b3f0d6b:src/deploy.ts:github-pat:12"), one(30, "REDACTED", "")]).to_string()
}

#[test]
fn secrets_are_found_and_not_kept() {
    let (foreign, format) = said(&report()).unwrap();
    assert_eq!((format, &foreign.inputs), ("gitleaks", &None));
    let line = "github-pat | error none | Uncovered a GitHub Personal Access Token";
    assert_eq!(lines(&foreign), [line, line]);
    assert_eq!(foreign.findings[0].fingerprint.as_str(), "8b3f0d6b:src/deploy.ts:github-pat:12");
    assert!(foreign.findings[1].fingerprint.as_str().starts_with("v1:"));
    assert_eq!(foreign.findings[0].location.as_ref().unwrap().to_string(), "src/deploy.ts:12");
    assert_eq!(property(&foreign.findings[0], "length"), "40");
    assert_eq!(property(&foreign.findings[1], "length"), "", "gitleaks put a word in its place");
    assert_eq!(property(&foreign.findings[0], "committed"), "\"2026-03-04\"");
    let kept = format!("{foreign:?}");
    for dropped in [SECRET, "token =", "Ada", "ada@example.com"] {
        assert!(!kept.contains(dropped), "{dropped} is kept");
    }
    assert_eq!(
        foreign.notes,
        ["2 findings: the text of the secret and the names and addresses of authors were dropped."]
    );
    assert_eq!(said_by("gitleaks", &report()).unwrap(), foreign);
}

#[test]
fn secrets_are_named_by_their_digest() {
    let key = || Key::new(Some(b"a salt of the repository"), None);
    let digester = Digester::new(move || Some(key()));
    let (foreign, _) = named(&report(), Some(&digester)).unwrap();
    let digest = key().digest(SECRET.as_bytes());
    assert_eq!(property(&foreign.findings[0], "digest"), format!("\"{digest}\""));
    assert_eq!(property(&foreign.findings[1], "digest"), "", "gitleaks put a word in its place");
    assert!(!format!("{foreign:?}").contains(SECRET));
    let (nameless, _) = said(&report()).unwrap();
    assert_eq!(property(&nameless.findings[0], "digest"), "", "nobody to name it");
    assert_eq!(nameless.findings[0].fingerprint, foreign.findings[0].fingerprint);
}

#[test]
fn an_item_that_is_no_object_is_an_error() {
    for text in ["[null]", "[[]]", "[1]", "null", "{}"] {
        assert!(said_by("gitleaks", text).is_err(), "{text}");
    }
    for secret in ["gh...", "****", ""] {
        let (foreign, _) = said(&report().replace("REDACTED", secret)).unwrap();
        assert_eq!(property(&foreign.findings[1], "length"), "", "{secret}");
    }
    let (foreign, _) = said(r#"[{"RuleID": 5, "StartLine": "x"}]"#).unwrap();
    assert_eq!(lines(&foreign), ["5 | error none | a secret"]);
}
