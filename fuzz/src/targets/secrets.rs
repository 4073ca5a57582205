//! A target for each kind of input that the checker of secrets reads.

use super::Target;

/// What credentials begin with, and what stands around them.
const TOKENS: &[&str] = &[
    "ghp_",
    "AKIA",
    "xoxb-",
    "SG.",
    "-----BEGIN RSA PRIVATE",
    " KEY-----\n",
    "-----END",
    "eyJhbGciOiJIUzI1NiJ9.",
    "password = \"",
    "api_key: '",
    "secret=",
    "://user:",
    "@host",
    "Authorization: Bearer ",
    "Authorization: Basic ",
    "%67%68%70",
    "\\u0067",
    "Z2hwX",
    "\u{FEFF}",
    "\0",
];

/// Every target.
pub(super) const TARGETS: &[Target] = &[
    Target {
        name: "secrets_text",
        run: |bytes| tollgate_secrets::fuzz("text", bytes),
        seeds: &["password = \"a1b2\"\n"],
        folders: &[("docs", ".md")],
        tokens: TOKENS,
    },
    Target {
        name: "secrets_edit",
        run: |bytes| tollgate_secrets::fuzz("edit", bytes),
        seeds: &["0123456789abcdefpassword = \"a1b2\"\n"],
        folders: &[("docs", "ts.md")],
        tokens: TOKENS,
    },
    Target {
        name: "secrets_rule",
        run: |bytes| tollgate_secrets::fuzz("rule", bytes),
        seeds: &[],
        folders: &[("rules/secrets/generic", ".toml")],
        tokens: &[
            "[detect]",
            "expression = '''",
            "words = [\"abc\"]",
            "value = '[a-z]{3}'",
            "check = \"pem\"",
            "(?:",
            "{1,1000}",
            "[[examples]]",
            "[^a]",
            "(?i)",
            "\\b",
        ],
    },
    Target {
        name: "secrets_suppressions",
        run: |bytes| tollgate_secrets::fuzz("suppressions", bytes),
        seeds: &["[[suppress]]\nfingerprint = \"s1:00\"\nreason = \"a\"\nexpires = 2026-12-31\n"],
        folders: &[],
        tokens: &["[[suppress]]", "owner = \"a\"", "2026-02-30", "\"\"\""],
    },
    Target {
        name: "secrets_gitleaks_config",
        run: |bytes| tollgate_secrets::fuzz("gitleaks_config", bytes),
        seeds: &[
            "title = \"x\"\n[extend]\nuseDefault = true\n[[rules]]\nid = \"a\"\nregex = 'a{2}(b)'\nsecretGroup = 1\n[[rules.allowlists]]\npaths = ['(^|/)a/']\n",
        ],
        folders: &[],
        tokens: &[
            "[allowlist]",
            "[[allowlists]]",
            "stopwords = [\"a\"]",
            "condition = \"AND\"",
            "regexTarget = \"line\"",
            "\\Q",
            "\\pL",
            "(?P<a>",
            "{,2}",
            "[[rules.required]]",
        ],
    },
    Target {
        name: "secrets_gitleaks_ignore",
        run: |bytes| tollgate_secrets::fuzz("gitleaks_ignore", bytes),
        seeds: &["# a\na/b.txt:rule:3\n0123456789abcdef0123456789abcdef01234567:a\\b:rule:1\n"],
        folders: &[],
        tokens: &[":", "#", "\\", "4294967296"],
    },
    Target {
        name: "secrets_gitleaks_baseline",
        run: |bytes| tollgate_secrets::fuzz("gitleaks_baseline", bytes),
        seeds: &["[{\"RuleID\":\"a\",\"File\":\"b\",\"StartLine\":1,\"Secret\":\"REDACTED\",\"Match\":\"x\"}]"],
        folders: &[],
        tokens: &["\"RuleID\":", "\"Secret\":", "null", "1e9", "[", "]"],
    },
];
