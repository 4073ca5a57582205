//! Reports of other tools: `[[sources]]` and `tollgate decide`.

use serde_json::{Value, json};

use crate::support::Sandbox;

const POLICY: &str = r#"
[[sources]]
name = "audit"
files = "reports/audit*.json"
tool = "npm-audit"
[[sources]]
name = "lint"
files = ["reports/*.sarif"]
upload = true
[gates.Security]
conditions = ['audit.findings{severity="critical"} == 0']
[gates.Quality]
conditions = ['lint.findings{level="error"} == 0']
"#;

pub(crate) fn tests() -> Vec<(&'static str, fn())> {
    vec![
        ("what_other_tools_found_is_judged", what_other_tools_found_is_judged),
        ("a_source_with_a_problem_is_never_a_pass", a_source_with_a_problem_is_never_a_pass),
        ("what_must_be_there", what_must_be_there),
        ("decide_runs_nothing", decide_runs_nothing),
        ("a_page_that_was_not_examined_is_no_clean_page", a_page_that_was_not_examined_is_no_clean_page),
        ("decide_without_a_policy_makes_a_gate_of_each_tool", decide_without_a_policy_makes_a_gate_of_each_tool),
        ("states_of_foreign_findings", states_of_foreign_findings),
        ("the_archive_keeps_what_came", the_archive_keeps_what_came),
        ("reports_of_ours_are_judged_again", reports_of_ours_are_judged_again),
    ]
}

/// A report of npm audit with so many critical and moderate advisories.
fn audit(critical: usize, moderate: usize) -> String {
    let mut vulnerabilities = serde_json::Map::new();
    for at in 0..critical + moderate {
        let severity = if at < critical { "critical" } else { "moderate" };
        let name = format!("package-{at}");
        let via = json!([{
            "source": 1000 + at, "name": name, "dependency": name, "title": "Prototype pollution",
            "url": format!("https://github.com/advisories/GHSA-aaaa-bbbb-{at:04}"), "severity": severity, "range": "<2.0.0"
        }]);
        let one = json!({
            "name": name, "severity": severity, "isDirect": true, "via": via, "effects": [], "range": "<2.0.0",
            "nodes": [format!("node_modules/{name}")], "fixAvailable": true
        });
        vulnerabilities.insert(format!("package-{at}"), one);
    }
    let count = json!({"info": 0, "low": 0, "moderate": moderate, "high": 0, "critical": critical, "total": critical + moderate});
    let dependencies = json!({"prod": 90, "dev": 10, "optional": 0, "peer": 0, "peerOptional": 0, "total": 100});
    let metadata = json!({"vulnerabilities": count, "dependencies": dependencies});
    json!({"auditReportVersion": 2, "vulnerabilities": vulnerabilities, "metadata": metadata}).to_string()
}

/// A SARIF log of a linter with results of these rules, levels and files.
fn sarif(results: &[(&str, &str, &str)]) -> Value {
    let result = |(rule, level, path): &(&str, &str, &str)| {
        json!({
            "ruleId": rule, "level": level, "message": {"text": format!("{rule} is not wanted")},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": path}, "region": {"startLine": 3, "startColumn": 1}
            }}],
            "properties": {"kept": [1, 2.50, null]}
        })
    };
    let results: Vec<Value> = results.iter().map(result).collect();
    json!({"version": "2.1.0", "runs": [{
        "tool": {"driver": {"name": "Linter", "version": "1.2.3", "rules": []}},
        "automationDetails": {"id": "lint/web/"}, "results": results, "unknownToAll": {"a": 1}
    }]})
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::repository(&[
        ("tollgate.toml", POLICY),
        ("src/a.ts", "a\nb\nc\n"),
        (".gitignore", "reports/\nout/\n"),
    ]);
    sandbox.write("reports/audit.json", audit(0, 2));
    sandbox.write("reports/lint.sarif", sarif(&[("no-var", "warning", "src/a.ts")]).to_string());
    sandbox
}

fn gate<'a>(run: &'a Value, name: &str) -> &'a Value {
    let gates = run["decision"]["gates"].as_array().expect("gates");
    gates.iter().find(|gate| gate["name"] == name).expect("the gate")
}

fn what_other_tools_found_is_judged() {
    let sandbox = sandbox();
    let outcome = sandbox.tollgate(&["check"]).exits(0);
    outcome.says(&["pass"]);
    sandbox.write("reports/audit.json", audit(1, 0));
    sandbox.write("reports/lint.sarif", sarif(&[("no-var", "error", "src/a.ts")]).to_string());
    let outcome = sandbox.tollgate(&["check"]).exits(1);
    outcome.says(&["audit.findings{severity=\"critical\"} is 1: not 0", "src/a.ts:3"]);
    let run = sandbox.tollgate(&["check", "--format", "json"]).exits(1).json();
    let reports = run["reports"].as_array().expect("reports");
    assert_eq!(reports.len(), 2);
    assert!(reports.iter().all(|report| report["subject"]["word"] == "own-run" && report["status"] == "complete"));
    assert_eq!(reports[0]["findings"][0]["rule"], "GHSA-aaaa-bbbb-0000");
    sandbox.tollgate(&["check", "--plan"]).exits(0).says(&["reads: audit from reports/audit*.json"]);
    let only = sandbox.tollgate(&["check", "--only", "lint", "--format", "json"]).exits(1).json();
    assert_eq!(gate(&only, "Security")["judged"], false);
}

fn a_source_with_a_problem_is_never_a_pass() {
    let sandbox = sandbox();
    let unknown = |sandbox: &Sandbox, word: &str| {
        let run = sandbox.tollgate(&["check", "--format", "json"]).exits(3).json();
        assert!(run.to_string().contains(word), "{word}: {run:#}");
    };
    for (text, word) in [
        (String::new(), "is empty"),
        (
            "{\"message\": \"request to registry failed\", \"method\": \"POST\", \"uri\": \"u\", \"statusCode\": 503}"
                .to_owned(),
            "registry",
        ),
        (audit(0, 1).replace("\"total\":1", "\"total\":7"), "7"),
        (audit(0, 2)[..60].to_owned(), "audit.json"),
        ("{\"a\": 1}".to_owned(), "no known kind"),
        ("<html>".to_owned(), "audit.json"),
    ] {
        sandbox.write("reports/audit.json", text);
        unknown(&sandbox, word);
    }
    sandbox.remove("reports/audit.json");
    unknown(&sandbox, "no file matches");
    sandbox.write("reports/audit.json", audit(0, 0));
    sandbox.tollgate(&["check"]).exits(0);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut log = sarif(&[]);
        change(&mut log);
        log.to_string()
    };
    for (text, word) in [
        (with(&|log| log["runs"][0]["results"] = Value::Null), "results"),
        (with(&|log| log["runs"] = json!([])), "run"),
        (with(&|log| log["version"] = "1.0.0".into()), "1.0.0"),
        (with(&|log| log["runs"][0]["invocations"] = json!([{"executionSuccessful": false}])), "not"),
        (
            with(&|log| {
                log["runs"][0]["invocations"] = json!([{"executionSuccessful": true,
                    "toolExecutionNotifications": [{"level": "error", "message": {"text": "could not parse x.ts"}}]}]);
            }),
            "could not parse x.ts",
        ),
    ] {
        sandbox.write("reports/lint.sarif", text);
        unknown(&sandbox, word);
    }
}

fn what_must_be_there() {
    let policy = |more: &str| {
        format!(
            "[[sources]]\nname = \"audit\"\nfiles = \"reports/audit.json\"\n{more}\n[gates.A]\nconditions = [\"audit.findings == 0\"]\n"
        )
    };
    for (more, exit, word) in [
        ("tool = \"npm-audit\"", 0, ""),
        ("tool = \"Trivy\"", 3, "Trivy"),
        ("min_inputs = 100", 0, ""),
        ("min_inputs = 101", 3, "at least 101"),
        ("max_age = \"2 days\"", 3, "does not say when"),
    ] {
        let sandbox = Sandbox::repository(&[("tollgate.toml", &policy(more)), (".gitignore", "reports/\n")]);
        sandbox.write("reports/audit.json", audit(0, 0));
        sandbox.tollgate(&["check"]).exits(exit).says(&[word]);
    }
}

fn decide_runs_nothing() {
    let sandbox = sandbox();
    sandbox.tollgate(&["decide", "reports"]).exits(0).says(&["pass"]);
    sandbox.tollgate(&["decide", "reports/audit.json"]).exits(3).says(&["lint left no report"]);
    sandbox.write("reports/more.sarif", sarif(&[("x", "error", "src/a.ts")]).to_string());
    sandbox.tollgate(&["decide", "reports"]).exits(1);
    sandbox.write("reports/other/junit.xml", "<testsuite><testcase name=\"a\"/></testsuite>");
    sandbox.tollgate(&["decide", "reports"]).exits(1).says(&["other/junit.xml: no [[sources]] names it"]);
    sandbox.tollgate(&["decide", "none"]).exits(2).complains(&["none"]);
    sandbox.tollgate(&["decide", "src"]).exits(2).complains(&["no report was found"]);
}

fn decide_without_a_policy_makes_a_gate_of_each_tool() {
    let sandbox = Sandbox::repository(&[("src/a.ts", "a\n")]);
    sandbox.write("out/r/lint.sarif", sarif(&[("no-var", "warning", "src/a.ts")]).to_string());
    sandbox.write("out/r/audit.json", audit(2, 1));
    let run = sandbox.tollgate(&["decide", "out/r", "--format", "json"]).exits(1).json();
    assert_eq!(gate(&run, "linter")["verdict"], "pass");
    let gates = run["decision"]["gates"].as_array().expect("gates");
    assert_eq!(gates.len(), 2);
    assert_eq!(gates[0]["verdict"], "fail");
}

fn states_of_foreign_findings() {
    let policy = POLICY.replace("{level=\"error\"}", "{state=\"new\"}");
    let sandbox =
        Sandbox::repository(&[("tollgate.toml", &policy), ("src/a.ts", "a\n"), (".gitignore", "reports/\nout/\n")]);
    sandbox.write("reports/audit.json", audit(0, 0));
    sandbox.write("reports/lint.sarif", sarif(&[("old", "error", "src/a.ts")]).to_string());
    sandbox.write("out/.keep", "");
    sandbox.tollgate(&["check", "--json", "out/base.json"]).exits(0).says(&["no base yet"]);
    sandbox.write("reports/lint.sarif", sarif(&[("old", "error", "src/a.ts")]).to_string());
    sandbox.tollgate(&["check", "--base-run", "out/base.json"]).exits(0);
    sandbox
        .write("reports/lint.sarif", sarif(&[("old", "error", "src/a.ts"), ("fresh", "note", "src/a.ts")]).to_string());
    let outcome = sandbox.tollgate(&["check", "--base-run", "out/base.json", "--sarif", "out/report.sarif"]).exits(1);
    outcome.says(&["lint.findings{state=\"new\"} is 1"]);
    let results = &sandbox.json("out/report.sarif")["runs"][1]["results"];
    assert_eq!((&results[0]["baselineState"], &results[1]["baselineState"]), (&json!("unchanged"), &json!("new")));
    // A folder that moves brings nothing new in.
    sandbox.write("reports/lint.sarif", sarif(&[("old", "error", "lib/a.ts")]).to_string());
    sandbox.git(&["mv", "src", "lib"]);
    sandbox.tollgate(&["check", "--base-run", "out/base.json"]).exits(0);
}

fn the_archive_keeps_what_came() {
    let sandbox = sandbox();
    sandbox.write("reports/b.sarif", sarif(&[("x", "note", "src/a.ts"), ("y", "error", "src/a.ts")]).to_string());
    sandbox.tollgate(&["check", "--out", "out/gate"]).exits(1);
    let archive = sandbox.json("out/gate/report.sarif");
    let runs = archive["runs"].as_array().expect("runs");
    let foreign: Vec<&Value> = runs.iter().filter(|run| run["tool"]["driver"]["name"] == "Linter").collect();
    assert_eq!(foreign.len(), 2);
    let counts: Vec<usize> = foreign.iter().map(|run| run["results"].as_array().expect("results").len()).collect();
    assert_eq!(counts, [2, 1]);
    assert!(foreign.iter().all(|run| run["unknownToAll"] == json!({"a": 1})));
    assert_eq!(foreign[0]["results"][0]["properties"]["kept"].to_string(), "[1,2.5,null]");
    let ids: Vec<&Value> = foreign.iter().map(|run| &run["automationDetails"]["id"]).collect();
    assert_ne!(ids[0], ids[1], "one category each");
    let upload = sandbox.json("out/gate/upload/01.sarif");
    let uploaded: usize = upload["runs"]
        .as_array()
        .expect("runs")
        .iter()
        .map(|run| run["results"].as_array().expect("results").len())
        .sum();
    assert_eq!(uploaded, 3);
    sandbox.tollgate(&["check", "--out", "out/gate"]).exits(1);
}

fn reports_of_ours_are_judged_again() {
    let policy = "[workflows]\n[gates.Quality]\nconditions = [\"workflows.ineffective == 0\"]\n";
    let workflow = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npx eslint . || true\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy), (".github/workflows/ci.yml", workflow)]);
    sandbox.write("out/.keep", "");
    sandbox.tollgate(&["check", "--json", "out/run.json"]).exits(1);
    let run = sandbox.tollgate(&["decide", "out/run.json", "--format", "json"]).exits(1).json();
    assert_eq!(run["reports"][0]["subject"]["word"], "own-run", "whoever hands a report over may have changed it");
    // A report of another commit says nothing of this one.
    sandbox.write("b.txt", "b");
    sandbox.commit("another");
    sandbox.tollgate(&["decide", "out/run.json"]).exits(3).says(&["is about commit"]);
    // Nonsense is refused.
    let mut run = sandbox.json("out/run.json");
    run["reports"][0]["metrics"][0]["value"] = json!(1e300);
    sandbox.write("out/run.json", run.to_string());
    sandbox.tollgate(&["decide", "out/run.json"]).exits(2).complains(&["makes no sense"]);
}

fn a_page_that_was_not_examined_is_no_clean_page() {
    let policy = "[[sources]]\nname = \"axe\"\nfiles = \"out/axe.json\"\ntool = \"axe\"\n\
        [gates.Quality]\nconditions = [\"axe.findings == 0\"]\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy)]);
    let page = |url: &str| {
        json!([{"url": url, "testEngine": {"name": "axe-core", "version": "4.10.0"}, "violations": [],
            "incomplete": [], "inapplicable": [], "passes": [{"id": "x", "nodes": []}]}])
        .to_string()
    };
    for (text, code, word) in [
        (page("http://localhost:3000/"), 0, "pass"),
        ("[]".to_owned(), 3, "no page was examined"),
        (page("chrome-error://chromewebdata/"), 3, "did not load"),
        (page("about:blank"), 3, "did not load"),
    ] {
        sandbox.write("out/axe.json", text);
        sandbox.tollgate(&["check"]).exits(code).says(&[word]);
    }
}
