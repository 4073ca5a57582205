//! Reports of other tools.

use crate::targets::Target;

pub(super) const TARGETS: &[Target] = &[
    Target {
        name: "sarif-read",
        run: tollgate_sarif::fuzz_read,
        seeds: SARIF,
        folders: &[],
        tokens: WORDS,
    },
    Target {
        name: "sarif-merge",
        run: tollgate_sarif::fuzz_merge,
        seeds: SARIF,
        folders: &[],
        tokens: WORDS,
    },
    Target {
        name: "findings",
        run: tollgate_ingest::fuzz_findings,
        seeds: &[
            r#"[{"filePath": "/w/a.ts", "messages": [{"ruleId": "no-var", "severity": 2, "message": "m", "line": 3, "column": 5}]}]"#,
            r#"{"auditReportVersion": 2, "vulnerabilities": {"a": {"name": "a", "severity": "critical", "via": [{"source": 1,
                "title": "t", "url": "https://github.com/advisories/GHSA-1", "severity": "critical"}], "effects": []}},
                "metadata": {"vulnerabilities": {"critical": 1, "total": 1}, "dependencies": {"total": 3}}}"#,
            r#"{"advisories": {"1": {"id": 1, "module_name": "a", "severity": "high", "findings": [{"version": "1.0.0"}]}},
                "metadata": {"vulnerabilities": {"high": 1}, "totalDependencies": 3}}"#,
            r#"{"message": "request failed", "method": "POST", "uri": "u", "statusCode": 503}"#,
            r#"{"database": {"advisory-count": 1}, "lockfile": {"dependency-count": 2}, "vulnerabilities": {"found": false,
                "count": 0, "list": []}, "warnings": {}}"#,
            r#"{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]},
                {"name": "b", "skip_reason": "none"}]}"#,
            r#"{"results": [{"source": {"path": "a.lock", "type": "lockfile"}, "packages": [{"package": {"name": "a", "version": "1",
                "ecosystem": "npm"}, "groups": [{"ids": ["GHSA-1"], "max_severity": "9.8"}], "vulnerabilities": [{"id": "GHSA-1"}]}]}]}"#,
            r#"{"SchemaVersion": 2, "ArtifactName": ".", "Results": [{"Target": "a", "Class": "lang-pkgs", "Vulnerabilities": [
                {"VulnerabilityID": "CVE-1", "PkgName": "a", "InstalledVersion": "1", "Severity": "CRITICAL"}]}]}"#,
            r#"{"testEngine": {"name": "axe-core", "version": "4.10"}, "url": "http://x/", "violations": [{"id": "label",
                "impact": "critical", "help": "h", "nodes": [{"target": ["a"]}]}], "incomplete": [], "passes": [], "inapplicable": []}"#,
            r#"{"lighthouseVersion": "12.0.0", "finalUrl": "http://x/", "audits": {}, "categories": {"performance":
                {"score": 0.5, "auditRefs": []}}, "environment": {"benchmarkIndex": 1500}}"#,
            r#"{"@version": "2.15", "site": [{"@name": "http://x", "alerts": [{"pluginid": "1", "alert": "a", "riskcode": "3",
                "confidence": "2", "instances": [{"uri": "http://x/"}], "count": "1"}]}]}"#,
            "<checkstyle version=\"8\"><file name=\"a.java\"><error line=\"1\" severity=\"error\" message=\"m\" source=\"s\"/></file></checkstyle>",
        ],
        folders: &[],
        tokens: WORDS,
    },
];

const SARIF: &[&str] = &[
    r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Linter", "version": "1", "rules": [{"id": "A",
        "defaultConfiguration": {"level": "error"}, "properties": {"tags": ["security"], "security-severity": "9.1"}}]}},
        "automationDetails": {"id": "web/"}, "results": [{"ruleIndex": 0, "message": {"text": "m"}, "locations": [
        {"physicalLocation": {"artifactLocation": {"uri": "src/a.ts", "uriBaseId": "ROOT"}, "region": {"startLine": 1}}}],
        "partialFingerprints": {"primaryLocationLineHash": "1:1"}, "suppressions": [{"kind": "inSource", "status": "accepted"}]}]}]}"#,
    r#"{"runs": [{"results": [{"ruleId": "A/B", "kind": "pass"}, {"rule": {"id": "A", "toolComponent": {"index": 0}},
        "level": "note", "baselineState": "absent"}], "invocations": [{"executionSuccessful": false,
        "toolExecutionNotifications": [{"level": "error", "message": {"text": "n"}}]}], "tool": {"driver": {"name": "gitleaks"},
        "extensions": [{"name": "e", "rules": [{"id": "A"}]}]}, "originalUriBaseIds": {"ROOT": {"uri": "file:///w/"}}}],
        "version": "2.1.0", "properties": {"x": 1e400}}"#,
    r#"{"version": "1.0.0", "runs": []}"#,
];

const WORDS: &[&str] = &[
    "\"results\": null", "\"runs\"", "\"version\"", "2.1.0", "\"level\"", "error", "none", "{}", "[]", "null", "1e999", "-1", "\\u0000",
    "\u{FEFF}", "..", "file:///", "%2e%2e", "@", "\"severity\"", "critical", "0", "18446744073709551616",
];
