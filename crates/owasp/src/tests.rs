//! The whole checker: every rule on its examples, fixtures, the empty folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tollgate_check::fixture::FolderTree;
use tollgate_check::{Context, Facts, Tool as _};
use tollgate_input::Root;
use tollgate_model::{Report, Status};

use super::{Owasp, RULES};

/// Files in one text, each behind a line `==> path <==`; the first may do without, and then is called `first`.
fn lay(text: &str, first: &str) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut path = first.to_owned();
    for line in text.trim_start_matches('\n').split_inclusive('\n') {
        match line.trim_end().strip_prefix("==> ").and_then(|rest| rest.strip_suffix(" <==")) {
            Some(named) => path = named.to_owned(),
            None => files.entry(path.clone()).or_default().push_str(line),
        }
    }
    files
}

fn report_with(files: &BTreeMap<String, String>, options: serde_json::Value) -> Report {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let place = dir.path().join(path);
        fs::create_dir_all(place.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(place, text).unwrap();
    }
    let root = Root::new(dir.path()).unwrap();
    let tree = FolderTree::new(root.clone());
    let ctx = Context::new(&root, &tree, Facts::plain());
    Owasp.run(&ctx, options).unwrap()
}

/// How every item stands.
fn verdicts(report: &Report) -> BTreeMap<&str, &'static str> {
    let items = report.checklists.iter().flat_map(|list| &list.items);
    items.map(|item| (item.id.as_str(), item.verdict.word())).collect()
}

#[test]
fn every_rule_finds_its_examples_and_nothing_in_what_looks_alike() {
    let mut wrong = Vec::new();
    // What a running service answers is tried on one (`probe::tests`).
    let probed = ["owasp/answers-strangers", "owasp/stack-in-answer", "owasp/trace-answered"];
    for rule in RULES.iter().filter(|rule| !probed.contains(&rule.id.as_str())) {
        assert!(!rule.counter_examples.is_empty(), "{} is tried on one side alone", rule.id);
        for (examples, expected) in [(&rule.examples, true), (&rule.counter_examples, false)] {
            for example in examples {
                let first = if example.about.starts_with("Python") { "src/example.py" } else { "src/example.ts" };
                let report = report_with(&lay(&example.text, first), serde_json::json!({}));
                let of: Vec<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
                if of.contains(&rule.id.as_str()) != expected {
                    wrong.push(format!("{}: {}: {of:?} {:?}", rule.id, example.about, report.problems));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fixtures_give_what_they_say() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/owasp");
    let ran = tollgate_check::fixture::run(&Owasp, Path::new(folder)).unwrap_or_else(|failed| panic!("{failed}"));
    assert!(ran > 0, "no case in {folder}");
}

#[test]
fn nothing_examined_is_no_pass() {
    let report = report_with(&BTreeMap::from([("README.md".to_owned(), "# x\n".to_owned())]), serde_json::json!({}));
    assert_eq!(report.status, Status::Empty);
    assert!(verdicts(&report).values().all(|verdict| *verdict == "not-evidenced"), "{:?}", verdicts(&report));
    assert_eq!(verdicts(&report).len(), 20);
}

/// What the table of evidence says of a slot.
fn slot(report: &Report, name: &str) -> String {
    let exhibit = report.exhibits.iter().find(|exhibit| exhibit.id == "evidence").unwrap();
    let tollgate_model::ExhibitData::Table { rows, .. } = &exhibit.data else { panic!("{exhibit:?}") };
    let text = |cell: &tollgate_model::Cell| match cell {
        tollgate_model::Cell::Text(text) => text.clone(),
        other => format!("{other:?}"),
    };
    let row = rows.iter().find(|row| text(&row[0]) == name).unwrap_or_else(|| panic!("{name}"));
    format!("{}: {}", text(&row[1]), text(&row[2]))
}

#[test]
fn what_is_there_and_not_in_force_is_not_evidence() {
    let fixtures = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/owasp"));
    let required: std::collections::BTreeSet<&String> =
        super::items::all().iter().flat_map(|item| &item.required).collect();
    for slot_name in required {
        let root =
            Root::new(&fixtures.join(format!("idle-{slot_name}/input"))).unwrap_or_else(|e| panic!("{slot_name}: {e}"));
        let tree = FolderTree::new(root.clone());
        let ctx = Context::new(&root, &tree, Facts::plain());
        let report = Owasp.run(&ctx, serde_json::json!({})).unwrap();
        assert_ne!(report.status, Status::Empty, "{slot_name}");
        let said = slot(&report, slot_name);
        assert!(!said.starts_with("shown"), "{slot_name}: {said}");
        let needs = |item: &&super::items::Item| item.required.contains(slot_name);
        for item in super::items::all().iter().filter(needs) {
            assert_ne!(verdicts(&report)[item.id.as_str()], "pass", "{slot_name}: {}", item.id);
        }
    }
}

fn files(all: &[(&str, &str)]) -> BTreeMap<String, String> {
    all.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

const APP: &str =
    "import express from 'express';\nconst app = express();\napp.get('/wells', (req, res) => res.json([]));\n";

#[test]
fn rules_of_ones_own_fail_the_items_that_they_name() {
    let rule = "id: no-list\nlanguage: TypeScript\nmessage: A list goes out.\nseverity: warning\nmetadata:\n  owasp_api: [\"API4:2023\"]\nrule:\n  pattern: $R.json([])\n";
    let all = files(&[("src/app.ts", APP), ("own/no-list.yml", rule)]);
    let report = report_with(&all, serde_json::json!({"rules": ["own"]}));
    let found: Vec<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert!(found.contains(&"owasp/no-list"), "{found:?}");
    assert_eq!((verdicts(&report)["API4:2023"], verdicts(&report)["API4:2019"]), ("fail", "not-evidenced"));
    assert!(report.rules.iter().any(|of| of.id == "owasp/no-list" && of.title == "A list goes out."));
    for (name, text, expected) in [
        ("raw-sql", rule, "there is a rule of tollgate's called raw-sql"),
        ("a", "id: a\nlanguage: Rust\nrule: { pattern: x }\n", "rules for"),
        ("a", "id: a\nlanguage: TypeScript\nrule: { patern: x }\n", "unknown field"),
        ("a", "rule: [", "error"),
        (
            "a",
            "id: a\nlanguage: TypeScript\nmetadata: { owasp_api: [API11:2023] }\nrule: { pattern: x }\n",
            "API11:2023",
        ),
    ] {
        let all = files(&[("src/app.ts", APP), (&format!("own/{name}.yml"), text)]);
        let report = report_with(&all, serde_json::json!({"rules": ["own"]}));
        assert_eq!(report.status, Status::Incomplete);
        assert!(report.problems[0].message.contains(expected), "{expected}: {:?}", report.problems);
    }
    let report = report_with(&files(&[("src/app.ts", APP)]), serde_json::json!({"rules": ["none"]}));
    assert!(report.problems[0].message.contains("holds no rule"), "{:?}", report.problems);
}

#[test]
fn what_somebody_answers_for_counts_until_its_day_and_as_long_as_its_scope_stays() {
    let digest = |scope: &str, surface: &[String]| {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("src")).unwrap();
        fs::write(root.path().join("src/app.ts"), APP).unwrap();
        let root = Root::new(root.path()).unwrap();
        let tree = FolderTree::new(root.clone());
        let ctx = Context::new(&root, &tree, Facts::plain());
        let scope = match scope {
            "routes" => super::attest::Scope::Routes,
            pattern => super::attest::Scope::Files(vec![pattern.to_owned()]),
        };
        super::attest::digest(&ctx, &scope, surface).unwrap()
    };
    let entry = |item: &str, expires: &str, scope: &str, digest: &str, more: &str| {
        format!(
            "[[attestation]]\ncontrol = \"owasp/{item}\"\nowner = \"jane\"\nstatement = \"Looked at.\"\nmade = 2026-11-01\nexpires = {expires}\nscope = {scope}\ndigest = \"{digest}\"\n{more}\n"
        )
    };
    let verdict = |text: &str, app: &str, item: &str| {
        let report =
            report_with(&files(&[("src/app.ts", app), (".tollgate/attestations.toml", text)]), serde_json::json!({}));
        (verdicts(&report)[item], report.notes.iter().filter(|note| note.contains("does not count")).count())
    };
    let routes = digest("routes", &["GET /wells".to_owned()]);
    let by_routes = entry("API6:2023", "2026-12-31", "\"routes\"", &routes, "");
    assert_eq!(verdict(&by_routes, APP, "API6:2023"), ("attested", 0));
    let more = APP.replace("app.get('/wells'", "app.get('/tanks', h);\napp.get('/wells'");
    assert_eq!(verdict(&by_routes, &more, "API6:2023"), ("not-evidenced", 1));
    assert_eq!(
        verdict(&entry("API6:2023", "2026-11-19", "\"routes\"", &routes, ""), APP, "API6:2023"),
        ("not-evidenced", 1)
    );
    let by_files = entry("API7:2023", "2026-12-31", "[\"src/**\"]", &digest("src/**", &[]), "not_applicable = true");
    assert_eq!(verdict(&by_files, APP, "API7:2023"), ("not-applicable", 0));
    assert_eq!(verdict(&by_files, &APP.replace("[]", "[1]"), "API7:2023"), ("not-evidenced", 1));
    let fails = entry("API8:2023", "2026-12-31", "\"routes\"", &routes, "");
    let open = APP.replace("app.get('/wells'", "import cors from 'cors';\napp.use(cors());\napp.get('/wells'");
    assert_eq!(verdict(&fails, &open, "API8:2023"), ("fail", 0), "a finding is never outweighed");
    let broken = report_with(
        &files(&[("src/app.ts", APP), (".tollgate/attestations.toml", "[[attestation]]\n")]),
        serde_json::json!({}),
    );
    assert_eq!(broken.status, Status::Incomplete);
    assert!(broken.problems[0].message.starts_with(".tollgate/attestations.toml:1:"), "{:?}", broken.problems);
}

#[test]
fn what_nobody_can_read_is_a_problem_and_nothing_is_counted_twice() {
    let all = files(&[
        ("src/app.ts", APP),
        ("openapi.yaml", "openapi: 3.0.3\ninfo: {}\npaths:\n  /a:\n    GET: {}\n"),
        ("other/openapi.json", "{\"openapi\": \"3.0.3\","),
        ("tools/openapi-config.yaml", "rules: []\n"),
        ("api/chart.yaml", "a: {{ .Values.x }}\n"),
    ]);
    let report = report_with(&all, serde_json::json!({}));
    let messages: Vec<&str> = report.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(
        messages[0].contains("not written in lower case") && messages[1].contains("other/openapi.json"),
        "{messages:?}"
    );
    let flawed = "openapi: 3.0.3\ninfo: {}\npaths:\n  /a:\n    get:\n      security: []\n      security: [{ a: [] }]\n      responses: { '200': { $ref: 'https://x.example/a' }, '201': { $ref: '#/none' } }\n      x: { example: { $ref: '#/no' } }\n";
    let report = report_with(&files(&[("openapi.yaml", flawed)]), serde_json::json!({}));
    let messages: Vec<&str> = report.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "openapi.yaml:7: the key `security` is there twice",
            "openapi.yaml:8: it refers to `#/none`, which is not there",
            "openapi.yaml:8: it refers to `https://x.example/a`, which is not fetched",
        ]
    );
    let named = report_with(&all, serde_json::json!({"documents": ["none.yaml"]}));
    assert!(named.problems[0].message.contains("no file matches owasp.documents"), "{:?}", named.problems);
}

#[test]
fn every_number_adds_up() {
    let report = report_with(&files(&[("src/app.ts", APP)]), serde_json::json!({}));
    for edition in super::items::EDITIONS {
        let of = |metric: &&tollgate_model::Metric| metric.name == "owasp.items" && metric.labels["edition"] == edition;
        let sum: f64 = report.metrics.iter().filter(of).map(|metric| metric.value).sum();
        assert_eq!(sum, 10.0);
    }
    let routes = |labels: usize| {
        let of = |metric: &&tollgate_model::Metric| metric.name == "owasp.routes" && metric.labels.len() == labels;
        report.metrics.iter().filter(of).map(|metric| metric.value).sum::<f64>()
    };
    assert_eq!((routes(0), routes(2)), (1.0, 1.0));
}

/// A module and its controller in one file.
pub(crate) const NEST: &str = "import { Controller, Get, Module, SetMetadata, UseGuards, applyDecorators } from '@nestjs/common';\n\
    import { APP_GUARD } from '@nestjs/core';\nimport { AuthGuard } from '@nestjs/passport';\n\
    class G extends AuthGuard('jwt') { canActivate(c) { const p = this.reflector.getAllAndOverride('p', [c.getHandler()]); if (p?.length) { return true; } return super.canActivate(c); } }\n\
    const Open = () => applyDecorators(SetMetadata('p', [`a${1}`]));\n@Controller('a')\n@UseGuards(G)\nclass C { @Get(':id') @Open() get(@Param('id') id: string, @Body() b: Partial<X>) { return this.s.f(id); } }\n\
    @Module({ controllers: [C], providers: [{ provide: APP_GUARD, useClass: G }] })\nexport class M {}\n";

#[test]
fn our_patterns_name_the_items_that_their_rules_fail() {
    for pattern in super::patterns::ours() {
        let of: Vec<&str> = super::items::all()
            .iter()
            .filter(|item| item.rules.iter().any(|rule| rule == pattern.rule()))
            .map(|item| item.id.as_str())
            .collect();
        let mut named: Vec<&str> = pattern.items().iter().map(String::as_str).collect();
        named.sort_by_key(|id| (id.ends_with("2023"), *id));
        assert_eq!(named, of, "{}", pattern.rule());
    }
}
