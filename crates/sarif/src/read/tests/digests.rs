//! Names for the values that scanners for secrets show.

use tollgate_digest::{Digester, Key};

use super::*;

/// A value such as a scanner quotes; no secret of anybody.
const QUOTED: &str = concat!("gh", "p_", "0123456789abcdefghijABCDEFGHIJ012345");

fn key() -> Key {
    Key::new(Some(b"a salt of the repository"), None)
}

/// The property `digest` of the one finding of a log with this tool and result.
fn digest(tool: &str, result: &Value, digester: Option<&Digester>) -> Option<String> {
    let log = json!({"version": "2.1.0", "runs": [{"results": [result], "tool": {"driver": {"name": tool}}}]});
    let log = read_named(log.to_string().as_bytes(), &Bounds::default(), digester).unwrap();
    assert!(!format!("{log:?}").contains(QUOTED) || !crate::scanners::is_scanner(tool));
    let digest = log.foreign.findings[0].properties.get("digest")?;
    Some(digest.as_str().unwrap().to_owned())
}

fn snippet(text: &str, columns: Option<(u32, u32)>) -> Value {
    let mut region = json!({"snippet": {"text": text}, "startLine": 3});
    if let Some((start, end)) = columns {
        (region["startColumn"], region["endColumn"]) = (json!(start), json!(end));
    }
    let place = json!({"region": region, "artifactLocation": {"uri": "a.env"}});
    json!({"ruleId": "token", "locations": [{"physicalLocation": place}]})
}

#[test]
fn a_value_that_is_known_exactly_is_named() {
    let line = format!("token: \"{QUOTED}\"");
    let columns = Some((9, 49));
    let bag = |bag: Value| json!({"ruleId": "token", "properties": bag});
    for (tool, result, named) in [
        ("gitleaks", snippet(QUOTED, Some((1, 44))), true),
        ("gitleaks", snippet(QUOTED, None), true),
        ("gitleaks", snippet(QUOTED, Some((5, 41))), true),
        ("trufflehog", snippet(QUOTED, None), false),
        ("trufflehog", snippet(QUOTED, columns), true),
        ("trufflehog", snippet(&line, columns), true),
        ("trufflehog", snippet(&line, Some((1, 50))), false),
        ("trufflehog", snippet(&line, None), false),
        ("trufflehog", bag(json!({"Raw": QUOTED, "RawV2": "x"})), true),
        ("trufflehog", bag(json!({"Secret": QUOTED})), true),
        ("trufflehog", bag(json!({"secret": QUOTED})), true),
        ("trufflehog", bag(json!({"Match": QUOTED, "rawV2": QUOTED})), false),
        ("trufflehog", bag(json!({"Secret": {"is": QUOTED}})), false),
        ("trufflehog", bag(json!({"Secret": format!("{QUOTED}{}", "x".repeat(1 << 14))})), false),
        ("trufflehog", bag(json!({"Secret": "REDACTED"})), false),
        ("trufflehog", bag(json!({"Secret": "ghp_..."})), false),
        ("trufflehog", bag(json!({"Secret": "redacted (s1:0123456789abcdef0123456789abcdef)"})), false),
        ("gitleaks", snippet("redacted (s1:0123456789abcdef0123456789abcdef)", None), false),
        ("ESLint", bag(json!({"raw": QUOTED})), false),
        ("ESLint", snippet(QUOTED, columns), false),
        ("tollgate-secrets", bag(json!({"raw": QUOTED})), false),
    ] {
        let digester = Digester::new(|| Some(key()));
        let expected = named.then(|| key().digest(QUOTED.as_bytes()));
        assert_eq!(digest(tool, &result, Some(&digester)), expected, "{tool}: {result}");
        assert_eq!(digest(tool, &result, None), None, "nobody to name it");
    }
}

#[test]
fn what_is_about_no_secret_asks_for_no_key() {
    let digester = Digester::new(|| unreachable!("nothing is named"));
    let result = json!({"ruleId": "no-eval", "properties": {"raw": "hunter22"}});
    assert_eq!(digest("ESLint", &result, Some(&digester)), None);
}
