//! What is fuzzed.

mod bundle;
mod coverage;
mod owasp;
mod reports;
mod secrets;
mod services;
mod workflows;

/// One function that reads foreign input.
pub(crate) struct Target {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// Must come back from any input.
    pub(crate) run: fn(&[u8]),
    /// Inputs to begin with.
    pub(crate) seeds: &'static [&'static str],
    /// More inputs to begin with: folders of the repository, and how the files' names end.
    pub(crate) folders: &'static [(&'static str, &'static str)],
    /// Text that means something to it.
    pub(crate) tokens: &'static [&'static str],
}

/// Every target.
pub(crate) fn all() -> impl Iterator<Item = &'static Target> {
    let rooms = [TARGETS, bundle::TARGETS, coverage::TARGETS, owasp::TARGETS, reports::TARGETS, secrets::TARGETS, services::TARGETS, workflows::TARGETS];
    rooms.into_iter().flatten()
}

const TARGETS: &[Target] = &[
    Target {
        name: "condition",
        run: tollgate_policy::fuzz,
        seeds: &[
            "coverage.lines >= base - 0.5%",
            "bundle.size{type=\"js\", target=\"web\"} <= 500 KiB",
            "steps.test == success",
            "latency.p95 < 1.5 s",
        ],
        folders: &[],
        tokens: &[
            "base", "success", "steps.", "{", "}", "\"", "\\", " == ", " != ", ">=", "%", " KiB", " ms", "1e999", "0.",
        ],
    },
    Target {
        name: "config",
        run: tollgate_config::fuzz,
        seeds: &[
            "[gates.Tests]\nconditions = [\"coverage.lines >= 80%\"]\nwarn = [\"coverage.patch >= base\"]\nwarn_at = \"80%\"\n",
            "optional = [\"bundle\"]\n[coverage]\nreports = [\"a.info\"]\n[[bundle]]\nname = \"web\"\ndir = \"dist\"\n",
            "[adopt]\nmode = \"observe\"\nenforce_from = 2027-01-15\n",
        ],
        folders: &[("examples", "tollgate.toml"), ("fixtures", ".toml")],
        tokens: &[
            "[gates.",
            "]",
            "conditions",
            "if = ",
            "when = ",
            "on = ",
            "[[",
            "\"\"\"",
            "2027-01-15",
            "inf",
            "nan",
            "{",
            "}",
        ],
    },
    Target {
        name: "code_owners",
        run: tollgate_policy::fuzz_code_owners,
        // A path, then the file.
        seeds: &[
            ".github/workflows/ci.yml\n* @a @org/team # all\n/.github/ x@y.org\n/apps/github\n",
            "docs/my file.md\n/docs/* @a\ndocs/my\\ *.md @b\n**/docs/**/*.md\n",
        ],
        folders: &[],
        tokens: &["* ", "**/", "/**", "/", "\\ ", "\\#", "!", "[a]", "?", " @a", " @org/t", " a@b.c", " #", "\n", "\r\n"],
    },
    Target {
        name: "yaml",
        run: tollgate_input::fuzz_yaml,
        seeds: &[
            "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          echo\n",
            "a: &x [1, *x]\n---\n? {b: c}\n: 'd'\n",
        ],
        folders: &[(".github", ".yml"), ("examples", ".yml"), ("examples", ".yaml"), ("fixtures", ".yml")],
        tokens: &[
            "&a ",
            "*a",
            "<<: ",
            "- ",
            ": ",
            "|\n",
            ">-\n",
            "---\n",
            "...\n",
            "!!str ",
            "%YAML 1.2\n",
            "{",
            "[",
            "\t",
        ],
    },
    Target {
        name: "json",
        run: tollgate_input::fuzz_json,
        seeds: &["{\"a\": [1, -2.5e3, true, null, \"\\ud83d\\ude00\"]}\n"],
        folders: &[("fixtures", ".json"), ("examples", ".json")],
        tokens: &["{", "}", "[", "]", "\"", "\\u0000", "\\ud800", "1e999", "-0", "null", ",", ":", "//"],
    },
    Target {
        name: "json_stream",
        run: tollgate_input::fuzz_json_stream,
        seeds: &["{\"a\": [1, -2.5e3, true, null, \"\\ud83d\\ude00\"], \"b\": NaN}\n"],
        folders: &[("fixtures", ".json")],
        tokens: &["{", "}", "[", "]", "\"", "\\u0000", "\\ud800", "1e999", "-0", "null", ",", ":", "-Infinity"],
    },
    Target {
        name: "xml",
        run: tollgate_input::fuzz_xml,
        seeds: &["<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a b='&lt;'><!-- c --><d/>t<![CDATA[u]]></a>\n"],
        folders: &[("fixtures", ".xml")],
        tokens: &["<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE ", "&amp;", "&#x41;", "&b;", "=\"", "?>"],
    },
    Target {
        name: "test_results",
        run: tollgate_ingest::fuzz,
        seeds: &[
            "<testsuites><testsuite tests=\"2\" failures=\"1\"><testcase name=\"a\"/><testcase name=\"b\"><failure/></testcase></testsuite></testsuites>",
            "{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"T\"}\n{\"Action\":\"fail\",\"Package\":\"p\",\"Test\":\"T\"}\n",
            "{\"numTotalTests\":1,\"success\":true,\"testResults\":[{\"name\":\"a\",\"assertionResults\":[{\"status\":\"passed\",\"fullName\":\"b\"}]}]}",
        ],
        folders: &[("fixtures/coverage", "junit.xml"), ("fixtures/coverage", "jest.json")],
        tokens: &["<skipped/>", "<error>", "<flakyFailure>", "errors=\"9\"", "\"pass\"", "\"skip\"", "\"Output\":", "null", "-1"],
    },
    Target {
        name: "delta",
        run: tollgate_tree::fuzz_delta,
        // How many bytes are edited, their sizes before and after where they are given, then copies and insertions.
        seeds: &[
            "\u{10}\u{5}hello\u{1}w",
            "\u{10}\u{10}\u{5}\u{5}hello",
            "\u{7f}\u{7f}\u{3}\u{1}a\u{2}bc",
            "\0\0\u{1}\u{1}x",
        ],
        folders: &[],
        tokens: &["\u{1}a", "\u{10}", "\0", "\u{7f}", "\u{80}", "\u{90}\u{4}", "\u{d1}\u{84}", "\u{ff}"],
    },
    Target {
        name: "git_index",
        run: tollgate_tree::fuzz_index,
        // Two files, in versions 2 and 4; the mode is a character of two bytes. A top folder with another in it.
        seeds: &[
            "DIRC\0\0\0\u{2}\0\0\0\u{2}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{80}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{1}a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{80}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{3}a/b\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            "DIRC\0\0\0\u{4}\0\0\0\u{2}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{80}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{1}\0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{80}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{3}\0/b\0TREE\0\0\0\u{1}x\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            "\02 1\n01234567890123456789a\01 0\n01234567890123456789",
        ],
        folders: &[],
        tokens: &["DIRC", "\0", "\0\0\0\u{3}", "@\0", "\u{1}", "\u{3}", "TREE", "link", "/", ".."],
    },
    Target {
        name: "literals",
        run: tollgate_init::fuzz,
        seeds: &[
            "module.exports = { coverageThreshold: { global: { lines: 80, branches: 7.5e1 } }, a: ['b', `c`] } // d\n",
            "export default defineConfig({ 'coverageThreshold': [[1, -2], /* x */ f(3), true, { ...rest }] });\n",
        ],
        folders: &[],
        tokens: &["coverageThreshold:", "{", "}", "[", "]", "'", "\"", "`", "${", "\\u{1F600}", "\\x", "//", "/*", "*/", "1e999", ","],
    },
    Target {
        name: "forge",
        run: tollgate_forge::fuzz,
        seeds: &[
            "## a\n\n```rust\nfn a() {}\n```\n<details><summary>b</summary>\n\n<pre>\nc\n</pre>\n\n</details>\n",
            "PK\u{3}\u{4}\u{14}\0\0\0\u{8}\0run.jsonPK\u{1}\u{2}PK\u{5}\u{6}\0\0\0\0\u{1}\0\u{1}\0",
        ],
        folders: &[],
        tokens: &["```", "~~~~", "<details>", "</details>", "<pre>", "</pre>", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "run.json"],
    },
    Target {
        name: "report",
        run: |bytes| {
            drop(serde_json::from_slice::<tollgate_model::Report>(bytes));
        },
        seeds: &[concat!(
            "{\"schema\": \"tollgate.report/1\", \"tool\": {\"name\": \"tollgate-x\", \"version\": \"1.0.0\"}, \"checker\": \"x\", ",
            "\"subject\": {\"root\": \".\", \"word\": \"tree\"}, \"evidence\": [], \"metrics\": [{\"name\": \"x.n\", ",
            "\"value\": 1, \"unit\": \"count\"}], \"rules\": [], \"findings\": [], \"problems\": [], ",
            "\"not_applicable\": [], \"exhibits\": [], \"status\": \"complete\"}"
        )],
        folders: &[("fixtures", "expected.json")],
        tokens: &["\"kind\": ", "\"tree\"", "\"series\"", "1e308", "-1", "18446744073709551616", "null", "[[[["],
    },
];
