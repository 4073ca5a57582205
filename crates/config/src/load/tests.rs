//! What is read, and what is refused where.

use serde_json::json;
use tollgate_model::{MetricSpec, Unit};
use tollgate_policy::TooClose;

use super::*;

/// What any source may report.
const METRICS: &[MetricSpec] = &[MetricSpec::new("incomplete", Unit::Count, "")];

fn verify(options: Value) -> Result<(), String> {
    match options.get("reports") {
        Some(reports) if !reports.is_array() => Err("a list of strings is expected".to_owned()),
        _ => Ok(()),
    }
}

fn read(text: &str) -> Result<Config, Mistakes> {
    let mut catalog = Catalog::default();
    let metrics = [
        MetricSpec::new("coverage.lines", Unit::Percent, "").labels(&["path"]),
        MetricSpec::new("tests.failed", Unit::Count, ""),
    ];
    catalog.add("coverage", &metrics, &[], &[]);
    let schema = json!({"properties": {"reports": {}, "exclude": {}}});
    let checkers = [CheckerFace { name: "coverage", schema, verify: &verify }];
    let today = Date::parse("2026-11-21").unwrap();
    load("tollgate.toml", text, &Known { checkers: &checkers, catalog: &catalog, source_metrics: METRICS, today })
}

#[test]
fn a_whole_file_is_read() {
    let config = read(
        r#"
[check]
deadline = "90 s"
jobs = 2

[coverage]
reports = ["a/lcov.info"]
when = ["src/**"]

[gates.Tests]
conditions = ["coverage.lines >= 80%", { if = "steps.test == success", on = ["pull_request"] }]
warn = ['coverage.lines{path="src"} >= 90%']
warn_at = "80%"
too_close = "warn"
optional = ["coverage"]
mode = "observe"
enforce_from = 2027-01-15
"#,
    )
    .unwrap();
    assert_eq!((config.deadline, config.jobs), (Some(Duration::from_secs(90)), Some(2)));
    let section = &config.sections["coverage"][0];
    assert_eq!(section.options["reports"], json!(["a/lcov.info"]));
    assert_eq!(section.places["reports"], "tollgate.toml:7:1");
    assert_eq!(config.policy.instance_scopes[0].checker, "coverage");
    assert_eq!(config.gate_places["Tests"], "tollgate.toml:10:8");
    let gate = &config.policy.gates[0];
    let clauses: Vec<_> = gate.clauses.iter().map(|c| (c.text.as_str(), c.blocks)).collect();
    assert_eq!(
        clauses,
        [
            ("coverage.lines >= 80%", true),
            ("steps.test == success", true),
            ("coverage.lines{path=\"src\"} >= 90%", false)
        ]
    );
    assert_eq!(gate.too_close, TooClose::Warn);
    assert_eq!(gate.adopt.map(|a| a.enforce_from.to_string()).as_deref(), Some("2027-01-15"));
}

#[test]
fn several_instances_have_names() {
    let config = read("[[coverage]]\nname = \"api\"\n[[coverage]]\nname = \"web\"\n").unwrap();
    let names: Vec<_> = config.sections["coverage"].iter().map(|s| s.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["api", "web"]);
}

#[test]
fn sources_are_read_and_their_numbers_may_be_named() {
    let text = r#"
        [gates.Security]
        conditions = ['audit.findings{severity="critical", rule="GHSA-1"} == 0', "axe.incomplete == 0"]
        [[sources]]
        name = "audit"
        files = "reports/pnpm-audit.json"
        tool = "npm-audit"
        max_age = "2 days"
        min_inputs = 500
        upload = true
        [[sources]]
        name = "axe"
        files = ["axe/*.json", "more"]
        when = ["apps/web/**"]
    "#;
    let config = read(text).unwrap();
    let [audit, axe] = config.sources.as_slice() else { panic!("{:?}", config.sources) };
    assert_eq!((audit.name.as_str(), audit.files.as_slice()), ("audit", &["reports/pnpm-audit.json".to_owned()][..]));
    assert_eq!((audit.tool.as_deref(), audit.max_age, audit.min_inputs), (Some("npm-audit"), Some(172_800), Some(500)));
    assert!(audit.upload && !axe.upload);
    assert_eq!(axe.files.len(), 2);
    let scopes: Vec<&str> = config.policy.instance_scopes.iter().map(|scope| scope.checker.as_str()).collect();
    assert_eq!(scopes, ["audit", "axe"]);
}

#[test]
fn every_mistake_is_pointed_at() {
    for (text, place, word) in [
        ("covrage = 1", "1:1", "did you mean `coverage`"),
        ("[coverage]\nreport = []", "2:1", "did you mean `reports`"),
        ("[coverage]\nreports = 3", "2:11", "a list of strings is expected"),
        ("coverage = 3", "1:12", "[coverage] or [[coverage]]"),
        ("[gates.T]\ncondition = []", "2:1", "did you mean `conditions`"),
        ("[gates.T]\nwarn_at = \"80%\"", "1:8", "no condition"),
        ("[gates.T]\nconditions = []", "1:8", "no condition"),
        ("[gates.T]\nconditions = \"x\"", "2:14", "a list of conditions"),
        ("[gates.T]\nconditions = [3]", "2:15", "a condition is a string"),
        ("[gates.T]\nconditions = [\"coverage.lines => 80%\"]", "2:31", "expected a comparison"),
        ("[gates.T]\nconditions = ['coverage.linse >= 80%']", "2:16", "did you mean `coverage.lines`"),
        ("[gates.T]\nconditions = [\"coverage.lines >= 80\"]", "2:16", "a percentage such as 80%"),
        ("[gates.T]\nconditions = [{ if = \"covrage.x >= 1\" }]", "2:23", "did you mean `coverage`"),
        ("[gates.T]\nconditions = [{ when = [] }]", "2:15", "needs `if"),
        ("[gates.T]\nconditions = [\"steps.a == success\"]\nwarn_at = \"80 KB\"", "3:11", "a percentage"),
        ("[gates.T]\nconditions = [\"steps.a == success\"]\ntoo_close = \"fail\"", "3:13", "\"unknown\" or \"warn\""),
        ("[gates.T]\nconditions = [\"steps.a == success\"]\noptional = [\"latency\"]", "3:14", "unknown checker"),
        ("[gates.T]\nconditions = [\"steps.a == success\"]\nwhen = [\"a[\"]", "3:10", "not a pattern"),
        ("[gates.T]\nconditions = [\"steps.a == success\"]\nmode = \"observe\"", "3:8", "needs `enforce_from`"),
        ("[adopt]\nmode = \"observe\"\nenforce_from = 2027-06-01", "3:16", "at most 90 days"),
        ("[adopt]\nmode = \"observe\"\nenforce_from = \"soon\"", "3:16", "a date"),
        ("[[coverage]]\n[[coverage]]", "1:1", "needs a `name`"),
        ("[[coverage]]\nname = \"a\"\n[[coverage]]\nname = \"a\"", "3:1", "given twice"),
        ("[[coverage]]\nname = \"a/b\"", "2:8", "letters, digits"),
        ("[sources]\nname = \"a\"", "1:1", "[[sources]]"),
        ("[[sources]]\nfiles = \"a\"", "1:1", "needs a `name`"),
        ("[[sources]]\nname = \"A b\"\nfiles = \"a\"", "2:8", "small letters"),
        ("[[sources]]\nname = \"coverage\"\nfiles = \"a\"", "2:8", "something else"),
        ("[[sources]]\nname = \"steps\"\nfiles = \"a\"", "2:8", "something else"),
        ("[[sources]]\nname = \"a\"", "1:1", "needs `files`"),
        ("[[sources]]\nname = \"a\"\nfiles = 3", "3:9", "a list of strings"),
        ("[[sources]]\nname = \"a\"\nfiles = \"a[\"", "3:10", "not a pattern"),
        ("[[sources]]\nname = \"a\"\nfile = \"a\"", "3:1", "did you mean `files`"),
        ("[[sources]]\nname = \"a\"\nfiles = \"a\"\nmax_age = \"7\"", "4:11", "an age"),
        ("[[sources]]\nname = \"a\"\nfiles = \"a\"\n[[sources]]\nname = \"a\"\nfiles = \"b\"", "5:8", "given twice"),
        (
            "[[sources]]\nname = \"a\"\nfiles = \"a\"\n[gates.T]\nconditions = [\"a.incomplet == 0\"]",
            "5:16",
            "`a.incomplete`",
        ),
        ("[check]\ndeadline = \"soon\"", "2:12", "a duration"),
        ("[check]\ndeadline = \"0 s\"", "2:12", "a duration"),
        ("[check]\njobs = 0", "2:8", "a whole number"),
        ("[check]\njobs = 1000000", "2:8", "a whole number"),
        (
            "[gates.T]\nconditions = [\"steps.a == success\"]\non = [\"pull_requst\"]",
            "3:8",
            "did you mean `pull_request`",
        ),
        (
            "[[coverage]]\nname = \"web\"\n[gates.T]\nconditions = ['coverage.findings{target=\"wbe\"} == 0']",
            "4:16",
            "did you mean `web`",
        ),
        (
            "[[coverage]]\nname = \"web\"\n[gates.T]\nconditions = ['tests.failed{target=\"wbe\"} == 0']",
            "4:16",
            "no [[coverage]] has the name `wbe`; did you mean `web`",
        ),
        ("[gates.T]\nconditions = ['test.failed == 0']", "2:16", "did you mean `tests`"),
        ("incidents = 3", "1:13", "[incidents]"),
        ("[incidents]\ncritcal = { days = 0 }", "2:1", "did you mean `critical`"),
        ("[incidents]\ncritical = 0", "2:12", "[incidents.critical]"),
        ("[incidents]\ncritical = { day = 0 }", "2:14", "did you mean `days`"),
        ("[incidents]\ncritical = { days = 366 }", "2:21", "from 0 to 365"),
        ("[incidents]\ncritical = { class = \"P4\" }", "2:22", "\"P0\" or \"P1\""),
        ("[incidents]\ncritical = { class = \"P1\", days = 1 }", "1:1", "P1 has two deadlines, 7 and 1 days"),
        ("[gates.T]\nwarn = ['policy.relaxations == 0']", "2:9", "every gate has this condition"),
        ("[tests]\nfailed = 0", "1:2", "unknown section `tests`"),
        ("a = [", "1:6", ""),
        ("a = 1\na = 2", "2:1", "duplicate"),
    ] {
        let mistakes = read(text).unwrap_err();
        let found = mistakes.0.iter().any(|m| format!("{}:{}", m.line, m.column) == place && m.message.contains(word));
        assert!(found, "{text:?} should be refused at {place} with {word:?}, got:\n{mistakes}");
    }
}

#[test]
fn a_metric_of_another_prefix_is_its_checkers() {
    let text = "[[coverage]]\nname = \"web\"\n[gates.T]\nconditions = ['tests.failed{target=\"web\"} == 0']";
    assert_eq!(read(text).unwrap().policy.gates[0].clauses.len(), 1);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let mistakes = read("covrage = 1\n[gates.T]\nconditions = [\"x\"]\nwarm = []\n").unwrap_err();
    let lines: Vec<u32> = mistakes.0.iter().map(|m| m.line).collect();
    assert_eq!(lines, [1, 3, 4]);
    assert!(mistakes.to_string().starts_with("tollgate.toml:1:1: unknown key `covrage`"), "{mistakes}");
}

#[test]
fn hostile_text_is_refused_in_order() {
    for text in ["[".repeat(100_000), format!("a = {}", "[".repeat(100_000)), "\u{0}".to_owned(), "=".repeat(10_000)] {
        assert!(read(&text).is_err());
    }
}

#[test]
fn classes_of_incidents_are_the_usual_ones_unless_given() {
    let text = "[incidents]\nhigh = { class = \"P0\" }\nlow = { days = 10 }\n[gates.T]\nconditions = ['findings.overdue == 0']";
    let incidents = read(text).unwrap().policy.incidents;
    let of = |severity| (incidents.of(severity).class, incidents.of(severity).days);
    use tollgate_model::Severity::{Critical, High, Low, Medium};
    assert_eq!([Critical, High, Medium, Low].map(of), [("P0", 0), ("P0", 0), ("P2", 30), ("P3", 10)]);
}
