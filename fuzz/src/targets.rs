//! What is fuzzed.

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
pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "lcov",
        run: tollgate_coverage::fuzz,
        seeds: &[
            "TN:\nSF:src/a.ts\nFN:1,2,f\nFNDA:3,f\nFNF:1\nFNH:1\nDA:1,3\nDA:2,0\nBRDA:1,0,0,-\nBRF:1\nBRH:0\nLF:2\nLH:1\nend_of_record\n",
            "SF:a\r\nFNL:0,1\r\nFNA:0,2,g\r\nMCDC:1,2,t,1,0,x\r\nVER:1\r\nend_of_record\r\n",
        ],
        folders: &[("fixtures/coverage", ".info"), ("examples", ".info")],
        tokens: &[
            "TN:",
            "SF:",
            "DA:",
            "FN:",
            "FNDA:",
            "BRDA:",
            "LF:",
            "LH:",
            "end_of_record\n",
            "=====",
            ",e0,",
            "\u{feff}",
        ],
    },
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
