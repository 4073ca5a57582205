//! What a name promises: whether a step, a script or a job that is called so claims to check something.

use tollgate_model::Confidence;

/// Words that promise a verdict.
const STRONG: [&str; 56] = [
    "test",
    "tests",
    "testing",
    "lint",
    "linting",
    "linter",
    "check",
    "checks",
    "checking",
    "checker",
    "verify",
    "verifies",
    "verification",
    "validate",
    "validates",
    "validation",
    "audit",
    "audits",
    "auditing",
    "scan",
    "scans",
    "scanning",
    "scanner",
    "typecheck",
    "typechecking",
    "gate",
    "gates",
    "e2e",
    "clippy",
    "eslint",
    "prettier",
    "jest",
    "pytest",
    "vitest",
    "mypy",
    "playwright",
    "cypress",
    "semgrep",
    "trivy",
    "gitleaks",
    "owasp",
    "sast",
    "dast",
    "a11y",
    "smoke",
    "regression",
    "assert",
    "lighthouse",
    "axe",
    "stylelint",
    "sonarqube",
    "codeql",
    "snyk",
    "checkov",
    "hadolint",
    "shellcheck",
];

/// Words that name a subject of checks and promise a verdict only together with others.
const WEAK: [&str; 30] = [
    "security",
    "coverage",
    "quality",
    "performance",
    "accessibility",
    "compliance",
    "vulnerability",
    "vulnerabilities",
    "secrets",
    "secret",
    "budget",
    "budgets",
    "types",
    "formatting",
    "format",
    "style",
    "analysis",
    "analyze",
    "analyse",
    "inspection",
    "license",
    "licenses",
    "licence",
    "licences",
    "integration",
    "unit",
    "spec",
    "specs",
    "benchmark",
    "conformance",
];

/// Words that a step begins with which does something else, whatever follows.
const OTHERWISE: [&str; 84] = [
    "setup",
    "set",
    "install",
    "installing",
    "prepare",
    "preparing",
    "configure",
    "upload",
    "uploads",
    "download",
    "downloads",
    "comment",
    "post",
    "notify",
    "report",
    "generate",
    "generating",
    "publish",
    "create",
    "cache",
    "restore",
    "save",
    "checkout",
    "start",
    "starting",
    "wait",
    "waiting",
    "archive",
    "get",
    "fetch",
    "determine",
    "collect",
    "summarize",
    "summarise",
    "summary",
    "deploy",
    "deploying",
    "release",
    "clean",
    "cleanup",
    "stop",
    "show",
    "display",
    "print",
    "log",
    "list",
    "dump",
    "build",
    "compile",
    "package",
    "bump",
    "tag",
    "push",
    "commit",
    "merge",
    "label",
    "assign",
    "close",
    "open",
    "send",
    "add",
    "remove",
    "delete",
    "update",
    "copy",
    "move",
    "rename",
    "extract",
    "unpack",
    "compress",
    "initialize",
    "init",
    "login",
    "log-in",
    "enable",
    "disable",
    "migrate",
    "seed",
    "sync",
    "find",
    "compute",
    "stage",
    "calculate",
    "parse",
];

/// Words by which a name that promises a verdict takes it back: what is made here is for reading.
const FOR_READING: [&str; 22] = [
    "report",
    "reports",
    "summary",
    "results",
    "result",
    "badge",
    "artifact",
    "artifacts",
    "comment",
    "cache",
    "dependencies",
    "environment",
    "directory",
    "version",
    "versions",
    "info",
    "information",
    "changes",
    "changed",
    "matrix",
    "output",
    "logs",
];

/// Words by which the author says that nothing depends on it.
const OPTIONAL: [&str; 18] = [
    "optional",
    "informational",
    "experimental",
    "advisory",
    "nonblocking",
    "allowed",
    "allow",
    "nightly",
    "canary",
    "flaky",
    "beta",
    "info",
    "unstable",
    "tip",
    "gotip",
    "edge",
    "preview",
    "next",
];

/// The words of a name, in lower case: `checkTypes`, `check-types` and `Check types` have the same.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut lower_before = false;
    for c in name.chars() {
        let breaks = !c.is_alphanumeric() || (c.is_uppercase() && lower_before);
        if breaks && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Whether a step called so claims to check something, and how surely.
pub(crate) fn step(name: &str) -> Option<Confidence> {
    let name = name.split("${{").next().unwrap_or_default();
    let words = words(name);
    let first = words.first()?.as_str();
    let strong = words.iter().any(|word| STRONG.contains(&word.as_str()));
    // `Build check` checks that it builds; `Build and test` tests.
    if OTHERWISE.contains(&first) && !(strong && matches!(first, "build" | "compile" | "package")) {
        return None;
    }
    let weak = words.iter().filter(|word| WEAK.contains(&word.as_str())).count();
    let reading = words.iter().any(|word| FOR_READING.contains(&word.as_str()));
    match (strong, weak, reading) {
        (true, _, false) => Some(Confidence::High),
        // The last word of a name says what it is: an `environment security check` checks, `check results` are for reading.
        (true, _, true) if words.last().is_some_and(|word| STRONG.contains(&word.as_str())) => Some(Confidence::Medium),
        (true, _, true) => Some(Confidence::Low),
        (false, 1.., false) => Some(Confidence::Medium),
        _ => None,
    }
}

/// Whether a script, target or file called so claims to check something.
pub(crate) fn script(name: &str) -> Option<Confidence> {
    let name = name.rsplit('/').next().unwrap_or(name);
    let name = match name.rsplit_once('.') {
        Some((stem, "sh" | "bash" | "js" | "mjs" | "cjs" | "ts" | "py" | "rb" | "pl" | "ps1")) => stem,
        _ => name,
    };
    let words = words(name);
    let first = words.first()?.as_str();
    let mends = words.iter().any(|word| {
        matches!(word.as_str(), "fix" | "write" | "update" | "watch" | "install" | "setup" | "serve" | "ui")
    });
    if mends || OTHERWISE.contains(&first) && first != "build" {
        return None;
    }
    let strong = words.iter().any(|word| STRONG.contains(&word.as_str()));
    let weak = words.iter().any(|word| WEAK.contains(&word.as_str()));
    match (strong, weak) {
        (true, _) => Some(Confidence::High),
        (false, true) => Some(Confidence::Medium),
        _ => None,
    }
}

/// Whether a job called so claims to speak for others: `ci-success`, `Quality gate summary`.
pub(crate) fn gathers(name: &str) -> bool {
    let words = words(name);
    let has = |set: &[&str]| words.iter().any(|word| set.contains(&word.as_str()));
    has(&[
        "gate",
        "gates",
        "required",
        "green",
        "passed",
        "failed",
        "pass",
        "success",
        "successful",
        "done",
        "conclusion",
        "complete",
        "status",
    ]) && !has(&["deploy", "deployment", "release", "notify", "report", "publish", "comment"])
        || has(&["all"]) && has(&["checks", "tests", "jobs", "ci"])
}

/// Whether the author says that nothing depends on what is called so.
pub(crate) fn optional(name: &str) -> bool {
    let words = words(name);
    let pair = words.windows(2).any(|pair| pair[0] == "non" && pair[1] == "blocking");
    pair || words.iter().any(|word| OPTIONAL.contains(&word.as_str()))
}

/// Whether the text of a script says anywhere that it fails: `process.exit(1)`, `raise`, `throw`, ….
pub(crate) fn says_failure(text: &str) -> bool {
    let plain = [
        "process.exitCode",
        "throw ",
        "assert",
        "setFailed",
        "raise ",
        "die(",
        "die \"",
        "expect(",
        "abort(",
        "panic!",
        "os.Exit(",
        "check=True",
        "check_call",
        "check_output",
        "execSync",
        "execFileSync",
        "reject(",
        "abort ",
        "set -e",
    ];
    if plain.iter().any(|word| text.contains(word)) {
        return true;
    }
    let local = [
        "from './",
        "from \"./",
        "from '../",
        "from \"../",
        "require('./",
        "require(\"./",
        "require('../",
        "require(\"../",
    ];
    // What another file of the same program does is not looked at.
    if local.iter().any(|word| text.contains(word)) {
        return true;
    }
    let status = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit() && c != '0' || c == '$' || c == '"');
    if text.match_indices("exit ").any(|(at, word)| status(&text[at + word.len()..])) {
        return true;
    }
    ["process.exit(", "sys.exit(", "exit("].iter().any(|call| {
        text.match_indices(call).any(|(at, _)| {
            let argument = text[at + call.len()..].trim_start();
            !argument.starts_with(')') && !argument.starts_with("0)") && !argument.is_empty()
        })
    })
}

/// Whether a printed text says that something went well.
pub(crate) fn claims_success(text: &str) -> bool {
    if text.contains(['✅', '✓', '✔', '🎉']) || text.contains("[x]") {
        return true;
    }
    let words = words(text);
    let says = |word: &str| {
        matches!(
            word,
            "passed"
                | "pass"
                | "passes"
                | "success"
                | "successful"
                | "successfully"
                | "ok"
                | "verified"
                | "validated"
                | "compliant"
                | "completed"
                | "complete"
                | "clean"
                | "approved"
                | "secure"
                | "healthy"
        )
    };
    words.iter().any(|word| says(word))
        || text.to_lowercase().contains("no issues")
        || text.to_lowercase().contains("no vulnerabilities")
}

/// Whether a text says that it stands for something that is not done.
pub(crate) fn admits_simulation(text: &str) -> bool {
    let text = text.to_lowercase();
    [
        "would run",
        "would execute",
        "would check",
        "would scan",
        "would be run",
        "this would",
        "simulat",
        "placeholder",
        "mock data",
        "dummy",
        "not implemented",
        "not yet implemented",
        "todo: run",
        "todo: add",
        "todo: implement",
        "for demo",
    ]
    .iter()
    .any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn step_names_promise_what_they_say() {
        use Confidence::{High, Low, Medium};
        for (name, expected) in [
            ("Run Integration Tests", Some(High)),
            ("Performance Budget Check", Some(High)),
            ("SAST Scanning (Semgrep)", Some(High)),
            ("Security", Some(Medium)),
            ("Type checking", Some(High)),
            ("✅ Verify signatures", Some(High)),
            ("Setup Test Environment", None),
            ("Upload test results", None),
            ("Check for changes", Some(Low)),
            ("Generate coverage report", None),
            ("Install dependencies", None),
            ("Deployment Approval", None),
            ("Comment PR with test results", None),
            ("Test results", Some(Low)),
            ("Stage test durations", None),
            ("Environment Variable Security Check", Some(Medium)),
            ("Build", None),
            ("Build Check", Some(High)),
            ("${{ matrix.name }} test", None),
        ] {
            assert_eq!(step(name), expected, "{name}");
        }
    }

    #[test]
    fn script_names_promise_what_they_say() {
        for (name, expected) in [
            ("test:ci", true),
            ("checkTypes", true),
            ("scripts/verify-licenses.sh", true),
            ("lint:fix", false),
            ("build", false),
            ("start:prod", false),
            ("security:scan", true),
            ("test:watch", false),
        ] {
            assert_eq!(script(name).is_some(), expected, "{name}");
        }
    }

    #[test]
    fn other_promises() {
        assert!(
            gathers("ci-success") && gathers("Quality Gate Summary") && gathers("all checks") && gathers("alls-green")
        );
        assert!(!gathers("build") && !gathers("deployment-gate") && !gathers("Notify success"));
        assert!(optional("lint (experimental)") && optional("non-blocking audit") && !optional("audit"));
        assert!(claims_success("✅ done") && claims_success("All tests passed") && !claims_success("Running tests..."));
        assert!(
            says_failure("if (x) process.exit(1)")
                && says_failure("sys.exit(code)")
                && says_failure("raise ValueError")
        );
        assert!(!says_failure("process.exit(0)\nconsole.log('done')") && !says_failure("sys.exit()"));
        assert!(admits_simulation("# This would run Lighthouse CI") && !admits_simulation("echo would"));
    }
}
