//! cargo-audit.

use tollgate_model::Severity;

use super::{lines, one_problem, problems, property, said};

pub(super) const REPORT: &str = r#"{
  "database": {"advisory-count": 1134, "last-commit": "776615bd369e17d3112d06b5647d4294f9ab952c",
               "last-updated": "2026-06-18T13:58:33+02:00"},
  "lockfile": {"dependency-count": 152},
  "settings": {"target_arch": [], "target_os": [], "severity": null, "ignore": ["RUSTSEC-2023-0071"],
               "informational_warnings": ["unmaintained", "unsound", "notice"]},
  "vulnerabilities": {"found": true, "count": 3, "list": [
    {"advisory": {"id": "RUSTSEC-2020-0071", "package": "time", "title": "Potential segfault in the time crate",
                  "description": "long", "date": "2020-11-18", "aliases": ["CVE-2020-26235"], "informational": null,
                  "cvss": "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "url": "https://example.com/293",
                  "withdrawn": null},
     "versions": {"patched": [">=0.2.23"], "unaffected": ["=0.2.0"]}, "affected": null,
     "package": {"name": "time", "version": "0.1.45", "source": "registry+https://example.com", "checksum": "00"}},
    {"advisory": {"id": "RUSTSEC-2024-0001", "title": "Reads what it must not", "cvss": null, "aliases": []},
     "versions": {"patched": [], "unaffected": []}, "package": {"name": "odd", "version": "1.0.0"}},
    {"advisory": {"id": "RUSTSEC-2025-0001", "title": "Runs what it reads",
                  "cvss": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"},
     "versions": {"patched": [">=2.0.0", "^1.9.1"]}, "package": {"name": "even", "version": "1.9.0"}}
  ]},
  "warnings": {
    "unmaintained": [{"kind": "unmaintained", "package": {"name": "net2", "version": "0.2.37"},
      "advisory": {"id": "RUSTSEC-2020-0016", "title": "`net2` crate has been deprecated", "informational": "unmaintained"},
      "affected": null, "versions": {"patched": [], "unaffected": []}}],
    "yanked": [{"kind": "yanked", "package": {"name": "mio", "version": "0.7.0"}, "advisory": null, "affected": null,
      "versions": null}]
  }
}"#;

#[test]
fn advisories_and_warnings_are_findings() {
    let (foreign, format) = said(REPORT).unwrap();
    assert_eq!((format, foreign.inputs.as_ref().unwrap().count), ("cargo audit", 152));
    assert_eq!(
        lines(&foreign),
        [
            "RUSTSEC-2020-0071 | warning medium | time 0.1.45: Potential segfault in the time crate (fixed in >=0.2.23)",
            "RUSTSEC-2024-0001 | error none | odd 1.0.0: Reads what it must not (no fixed version)",
            "RUSTSEC-2025-0001 | error none | even 1.9.0: Runs what it reads (fixed in >=2.0.0, ^1.9.1)",
            "RUSTSEC-2020-0016 | warning none | net2 0.2.37: `net2` crate has been deprecated (no fixed version)",
            "yanked | warning none | mio 0.7.0: the version was taken back by its author",
        ]
    );
    assert_eq!(foreign.findings[0].severity, Some(Severity::Medium));
    assert_eq!(property(&foreign.findings[0], "score"), "6.2");
    assert_eq!(property(&foreign.findings[0], "advisory"), "\"https://rustsec.org/advisories/RUSTSEC-2020-0071\"");
    assert_eq!(property(&foreign.findings[4], "database"), "\"2026-06-18\"");
    assert!(foreign.problems.is_empty(), "{:?}", foreign.problems);
    assert_eq!(
        foreign.notes,
        [
            "The database of advisories is of 2026-06-18.",
            "cargo audit was told to ignore RUSTSEC-2023-0071.",
            "2 of the vulnerabilities have no vector of CVSS 3: shown as error, without a severity.",
        ]
    );
}

#[test]
fn an_empty_database_or_lock_file_is_no_clean_bill() {
    let clean = r#"{"database": {"advisory-count": 1280, "last-commit": null, "last-updated": null},
        "lockfile": {"dependency-count": 52}, "settings": {},
        "vulnerabilities": {"found": false, "count": 0, "list": []}, "warnings": {}}"#;
    let (foreign, _) = said(clean).unwrap();
    assert_eq!((foreign.findings.len(), foreign.problems.len(), foreign.inputs.unwrap().count), (0, 0, 52));
    assert_eq!(foreign.notes, ["The report does not say how old the database of advisories is."]);
    one_problem(&clean.replace("1280", "0"), "no-evidence", "database of advisories is empty");
    one_problem(&clean.replace("1280", "null"), "no-evidence", "does not say how many advisories");
    one_problem(&clean.replace("52", "0"), "no-evidence", "looked at no package");
    one_problem(&clean.replace("52", "-1"), "no-evidence", "does not say how many packages");
    one_problem(&clean.replace("\"vulnerabilities\"", "\"v\""), "no-evidence", "no `vulnerabilities`");
    one_problem(&clean.replace("\"list\"", "\"lists\""), "no-evidence", "no `vulnerabilities`");
    one_problem(&clean.replace("\"count\": 0", "\"count\": 2"), "unreadable", "declares 2 in `vulnerabilities.count`");
    one_problem(&clean.replace("false", "true"), "unreadable", "`vulnerabilities.found` does not agree");
}

#[test]
fn a_warning_of_a_new_kind_is_not_made_mild() {
    let (foreign, _) = said(&REPORT.replace("\"yanked\": [", "\"backdoored\": [")).unwrap();
    assert!(lines(&foreign)[4].starts_with("backdoored | error none | mio 0.7.0"), "{:?}", lines(&foreign));
    assert!(foreign.notes.iter().any(|note| note.contains("`backdoored` is not known")), "{:?}", foreign.notes);
    assert!(problems(&foreign).is_empty());
}
