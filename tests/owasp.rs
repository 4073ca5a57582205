//! The OWASP checklist as people meet it: on nothing, on a service, beside a base, with what somebody answers for.

use serde_json::Value;

use tollgate_origin::{Answer, Origin, Route};

use crate::support::{Sandbox, Tests, day};

pub(crate) fn tests() -> Tests {
    vec![
        ("nothing_to_look_at_is_unknown", nothing_to_look_at_is_unknown),
        ("the_table_keeps_to_its_columns_and_names_lines", the_table_keeps_to_its_columns),
        ("sarif_has_a_result_of_its_kind_for_each_item", sarif_has_a_result_for_each_item),
        ("markdown_links_to_the_lines", markdown_links_to_the_lines),
        ("what_somebody_answers_for_counts_until_the_routes_change", what_somebody_answers_for),
        ("an_attestation_of_the_change_waits_for_somebody_else", an_attestation_of_the_change_waits),
        ("an_item_whose_findings_are_accepted_does_not_fail", an_item_whose_findings_are_accepted),
        ("an_item_is_compared_with_the_base", an_item_is_compared_with_the_base),
        ("rules_of_ones_own_are_verified_as_patterns", rules_of_ones_own),
        ("the_running_service_is_asked_and_the_base_is_not", the_running_service_is_asked),
    ]
}

const APP: &str = "import express from 'express';\nimport jwt from 'jsonwebtoken';\n\nconst app = express();\n\
    app.use((req, res, next) => {\n  try {\n    req.user = jwt.verify(req.headers.authorization, process.env.KEY, { algorithms: ['HS256'] });\n  } catch {\n\
        return res.status(401).end();\n  }\n  next();\n});\napp.get('/wells', (req, res) => res.json(wells.of(req.user.id)));\napp.listen(3000);\n";

fn open(app: &str) -> String {
    app.replace(
        "const app = express();\n",
        "const app = express();\napp.get('/export', (req, res) => res.json(wells.all()));\n",
    )
}

/// `API2:2023 pass` and the like.
fn verdict(report: &Value, item: &str) -> String {
    let lists = report["checklists"].as_array().expect("checklists");
    let mut items = lists.iter().flat_map(|list| list["items"].as_array().expect("items"));
    let of = items.find(|of| of["id"] == item).unwrap_or_else(|| panic!("{item}"));
    of["verdict"].as_str().expect("a word").to_owned()
}

fn nothing_to_look_at_is_unknown() {
    let sandbox = Sandbox::new();
    sandbox.write("README.md", "# nothing\n");
    let report = sandbox.tollgate(&["owasp", "--format", "json"]).exits(3).json();
    for item in (1..=10).flat_map(|i| [format!("API{i}:2019"), format!("API{i}:2023")]) {
        assert_eq!(verdict(&report, &item), "not-evidenced");
    }
    sandbox.tollgate(&["owasp"]).exits(3).says(&["no API was seen", "owasp.documents"]);
}

fn the_table_keeps_to_its_columns() {
    let sandbox = Sandbox::repository(&[("src/app.ts", &open(APP))]);
    for more in [&["owasp"][..], &["owasp", "-v"], &["owasp", "--routes"]] {
        let outcome = sandbox.tollgate(more).exits(1);
        assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 80), "{}", outcome.stdout);
    }
    let text = sandbox.tollgate(&["owasp"]).flat();
    for words in [
        "API2:2023 fail: Broken Authentication src/app.ts:5: GET /export",
        "Express 2 of 2 routes resolved",
        "API6:2023 not-evidenced",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let routes = sandbox.tollgate(&["owasp", "--routes"]).flat();
    assert!(routes.contains("GET /wells function written there src/app.ts:14"), "{routes}");
}

fn sarif_has_a_result_for_each_item() {
    let sandbox = Sandbox::repository(&[("src/app.ts", &open(APP))]);
    let log = sandbox.tollgate(&["owasp", "--format", "sarif"]).exits(1).json();
    let run = &log["runs"][0];
    let results: Vec<&Value> = run["results"].as_array().expect("a list").iter().collect();
    let kinds: Vec<&str> = results.iter().filter_map(|result| result["kind"].as_str()).collect();
    assert_eq!(kinds.len(), 20);
    assert!(kinds.contains(&"fail") && kinds.contains(&"open"), "{kinds:?}");
    let finding = results.iter().find(|result| result["ruleId"] == "owasp/unguarded-route").expect("found");
    assert_eq!(finding["taxa"][0]["toolComponent"]["name"], "OWASP-API-2023");
    let names: Vec<&str> =
        run["taxonomies"].as_array().expect("a list").iter().map(|t| t["name"].as_str().expect("a text")).collect();
    assert_eq!(names, ["OWASP-API-2023", "OWASP-API-2019", "CWE"]);
}

fn markdown_links_to_the_lines() {
    let sandbox = Sandbox::repository(&[("src/app.ts", &open(APP))]);
    let head = sandbox.head();
    let plain = sandbox.tollgate(&["owasp", "--format", "markdown"]).exits(1);
    assert!(plain.stdout.contains("[src/app.ts:5](src/app.ts#L5)"), "{}", plain.stdout);
    let forge = [("GITHUB_SERVER_URL", "https://github.com"), ("GITHUB_REPOSITORY", "o/r")];
    let linked = sandbox.tollgate_with(&["owasp", "--format", "markdown"], &forge).exits(1);
    assert!(
        linked.stdout.contains(&format!("(https://github.com/o/r/blob/{head}/src/app.ts#L5)")),
        "{}",
        linked.stdout
    );
}

fn what_somebody_answers_for() {
    let sandbox = Sandbox::repository(&[("src/app.ts", APP)]);
    let attest = |item: &str, more: &[&str]| {
        let last = day(90);
        let fixed = [
            "owasp",
            "attest",
            item,
            "--owner",
            "jane@example.org",
            "--statement",
            "Five \"a\" day.",
            "--expires",
            &last,
        ];
        sandbox.tollgate(&[&fixed[..], more].concat())
    };
    attest("api6:2023", &[]).exits(0).complains(&["jane@example.org answers for API6:2023", "1 routes"]);
    attest("API7:2023", &["--not-applicable", "--scope", "src/**"]).exits(0);
    attest("API6:2023", &[]).exits(0);
    assert_eq!(sandbox.read(".tollgate/attestations.toml").matches("[[attestation]]").count(), 2);
    let report = || sandbox.tollgate(&["owasp", "--format", "json"]).json();
    assert_eq!(
        (verdict(&report(), "API6:2023"), verdict(&report(), "API7:2023")),
        ("attested".to_owned(), "not-applicable".to_owned())
    );
    sandbox.write(
        "src/app.ts",
        APP.replace("app.listen", "app.get('/tanks', (req, res) => res.json(tanks.of(req.user.id)));\napp.listen"),
    );
    let changed = report();
    assert_eq!(
        (verdict(&changed, "API6:2023"), verdict(&changed, "API7:2023")),
        ("not-evidenced".to_owned(), "not-evidenced".to_owned())
    );
    assert!(changed["notes"].to_string().contains("what jane@example.org says of API6:2023 does not count"));
    attest("API11:2023", &[]).exits(2).complains(&["there is no item \"API11:2023\""]);
    let late = day(200);
    sandbox
        .tollgate(&["owasp", "attest", "API6:2023", "--owner", "a", "--statement", "b", "--expires", &late])
        .exits(2)
        .complains(&["is not within 180 days"]);
}

fn an_attestation_of_the_change_waits() {
    let policy = "[owasp]\n[gates.Security]\nconditions = ['owasp.items{edition=\"2023\", verdict=\"not-evidenced\"} <= base']\n";
    let sandbox = Sandbox::repository(&[("src/app.ts", APP), ("tollgate.toml", policy)]);
    let base = sandbox.head();
    let last = day(30);
    sandbox
        .tollgate(&["owasp", "attest", "API6:2023", "--owner", "a", "--statement", "b", "--expires", &last])
        .exits(0);
    sandbox.commit("attest");
    sandbox.tollgate(&["check", "--base", &base]).exits(1).says(&["relaxes the policy", ".tollgate/attestations.toml"]);
}

fn an_item_whose_findings_are_accepted() {
    let sandbox = Sandbox::repository(&[("src/app.ts", &open(APP))]);
    let report = sandbox.tollgate(&["owasp", "--format", "json"]).exits(1).json();
    assert_eq!(verdict(&report, "API2:2023"), "fail");
    let findings = report["findings"].as_array().expect("a list");
    let names: Vec<&str> = findings
        .iter()
        .filter(|finding| finding["level"] != "note")
        .map(|finding| finding["fingerprint"].as_str().expect("a text"))
        .collect();
    let last = day(30);
    let entries: String = names
        .iter()
        .map(|name| format!("[[suppress]]\nfingerprint = \"{name}\"\naccept = true\nreason = \"meant for everybody\"\nowner = \"a\"\nexpires = {last}\n"))
        .collect();
    sandbox.write(".tollgate/suppressions.toml", entries);
    sandbox.commit("accept");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    let report = sandbox.tollgate(&["owasp", "--format", "json"]).json();
    assert_eq!(verdict(&report, "API2:2023"), "partial", "{:#}", report["findings"]);
    let fails =
        report["metrics"].as_array().expect("a list").iter().filter(|metric| metric["labels"]["verdict"] == "fail");
    assert!(fails.into_iter().all(|metric| metric["value"] == 0.0));
}

fn an_item_is_compared_with_the_base() {
    let policy = "[owasp]\n[gates.Security]\nconditions = ['owasp.items{edition=\"2023\", verdict=\"fail\"} <= base', 'owasp.findings{state=\"new\", level=\"error\"} == 0']\n";
    let sandbox = Sandbox::repository(&[("src/app.ts", APP), ("tollgate.toml", policy)]);
    let base = sandbox.head();
    sandbox.write("src/app.ts", open(APP));
    sandbox.commit("open");
    sandbox.tollgate(&["check", "--base", &base]).exits(1).says(&["src/app.ts:5", "1 over the base (0)"]);
}

fn rules_of_ones_own() {
    let rule = "id: x\nlanguage: TypeScript\nmessage: Found it.\nseverity: error\nmetadata:\n  owasp_api: [\"API8:2023\"]\nrule:\n  pattern: wells.all()\n";
    let sandbox = Sandbox::repository(&[
        ("src/app.ts", &open(APP)),
        ("own/x.yml", rule),
        ("own/y.yml", "id: y\nlanguage: TypeScript\nrule:\n  patern: x\n"),
    ]);
    sandbox.tollgate(&["rules", "check", "own/x.yml"]).exits(0).says(&["own/x.yml: right"]);
    sandbox.tollgate(&["rules", "check", "own/y.yml"]).exits(2).says(&["own/y.yml: ", "patern"]);
    sandbox.remove("own/y.yml");
    let report = sandbox.tollgate(&["owasp", "--rules", "own", "--format", "json"]).exits(1).json();
    assert_eq!(verdict(&report, "API8:2023"), "fail");
}

fn the_running_service_is_asked() {
    let origin = Origin::start(vec![Route::get("/wells", Answer::text(200, "[]"))]).expect("a server");
    let policy = format!(
        "[service]\nurl = \"{}\"\n[owasp]\nprobe = true\n[gates.Security]\nconditions = ['owasp.items{{edition=\"2023\", verdict=\"fail\"}} <= base']\n",
        origin.url("")
    );
    let sandbox = Sandbox::repository(&[("src/app.ts", APP), ("tollgate.toml", &policy)]);
    let base = sandbox.head();
    sandbox.write("README.md", "# x\n");
    sandbox.commit("more");
    let outcome = sandbox.tollgate(&["check", "--base", &base]).exits(1);
    let outcome =
        outcome.says(&["API2:2023 src/app.ts:13", "1 over the base (0)", "reported by the change's own run: owasp"]);
    assert!(!outcome.stdout.contains("unknown"), "{}", outcome.stdout);
    let asked = origin
        .seen()
        .iter()
        .filter(|seen| seen.target == "/wells" && seen.headers.contains_key("authorization"))
        .count();
    assert_eq!(asked, 2, "once with each wrong token, and not again for the base");
    sandbox
        .tollgate(&["owasp", "--probe-url", "https://api.example.com"])
        .exits(2)
        .complains(&["not among owasp.probe_hosts"]);
}
