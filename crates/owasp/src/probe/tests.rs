use serde_json::json;
use tollgate_check::fixture::FolderTree;
use tollgate_check::{Facts, Tool as _};
use tollgate_input::Root;
use tollgate_model::Report;
use tollgate_origin::{Answer, Origin, Route};

use super::*;
use crate::Owasp;

const DOC: &str = "openapi: 3.0.3\ninfo: { title: t, version: '1' }\nsecurity: [{ b: [] }]\npaths:\n  /orders: { get: { responses: { '200': { description: ok } } } }\n\
    \x20 /open: { get: { security: [], responses: { '200': { description: ok } } } }\ncomponents: { securitySchemes: { b: { type: http, scheme: bearer } } }\n";

fn asked(origin: &Origin, more: serde_json::Value) -> Report {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("openapi.yaml"), DOC).unwrap();
    let root = Root::new(dir.path()).unwrap();
    let tree = FolderTree::new(root.clone());
    let ctx = Context::new(&root, &tree, Facts::plain());
    let mut options = json!({"probe_url": origin.url("")});
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Owasp.run(&ctx, options).unwrap()
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Answer::Http { status, headers, body: body.into() }
}

const SECURE: &[(&str, &str)] =
    &[("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "no-referrer")];

fn rules(report: &Report) -> Vec<&str> {
    let loud = report.findings.iter().filter(|finding| finding.level > tollgate_model::Level::Note);
    let mut all: Vec<&str> = loud.map(|finding| finding.rule.trim_start_matches("owasp/")).collect();
    all.dedup();
    all
}

/// `shown`, `in part` and the like, of each slot that the probe spoke of.
fn said(report: &Report) -> Vec<(String, String)> {
    let exhibit = report.exhibits.iter().find(|exhibit| exhibit.id == "evidence").unwrap();
    let tollgate_model::ExhibitData::Table { rows, .. } = &exhibit.data else { panic!() };
    let text = |cell: &tollgate_model::Cell| {
        if let tollgate_model::Cell::Text(text) = cell { text.clone() } else { String::new() }
    };
    let ours = rows.iter().filter(|row| text(&row[2]).ends_with("(probe)"));
    let mut all: Vec<(String, String)> = ours.map(|row| (text(&row[0]), text(&row[1]))).collect();
    all.sort();
    all
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(name, state)| ((*name).to_owned(), (*state).to_owned())).collect()
}

#[test]
fn a_service_that_refuses_strangers_shows_what_it_can() {
    let origin = Origin::start(vec![
        Route::get("/orders", answer(401, SECURE, "{}")),
        Route::get("/open", answer(429, SECURE, "{}")),
    ])
    .unwrap();
    let report = asked(&origin, json!({}));
    assert_eq!(rules(&report), Vec::<&str>::new(), "{:?}", report.findings);
    let states = said(&report);
    assert!(
        states.contains(&("authentication".to_owned(), "in part".to_owned())),
        "what changes something was not tried: {states:?}"
    );
    assert!(states.contains(&("rate-limit".to_owned(), "shown".to_owned())), "{states:?}");
    assert!(states.contains(&("cors".to_owned(), "shown".to_owned())), "{states:?}");
    let seen = origin.seen();
    let orders: Vec<Option<&String>> =
        seen.iter().filter(|seen| seen.target == "/orders").map(|seen| seen.headers.get("authorization")).collect();
    assert_eq!(orders.len(), 3);
    assert!(orders[0].is_none() && orders[1].is_some_and(|token| token.contains("no-token")));
    let unsigned = orders[2].unwrap().trim_start_matches("Bearer ");
    assert!(unsigned.ends_with('.'), "{unsigned}");
    let head = BASE64.decode(unsigned.split('.').next().unwrap()).unwrap();
    assert_eq!(head, br#"{"alg":"none","typ":"JWT"}"#);
    assert!(
        seen.iter().all(|seen| ["GET", "OPTIONS", "TRACE"].contains(&seen.method.as_str()) && seen.body.is_empty())
    );
    let asked: Vec<&str> =
        report.evidence.iter().filter(|of| of.kind == "response").map(|of| of.path.as_str()).collect();
    assert!(asked.contains(&"GET /orders with authorization"), "{asked:?}");
    assert_eq!(report.subject.word, tollgate_model::Word::OwnRun);
}

#[test]
fn a_service_that_lets_everybody_in_fails() {
    let trace = "URIError: x\n    at decode (/app/node_modules/express/router.js:12:3)\n";
    let origin = Origin::start(vec![
        Route::get("/orders", answer(200, &[], "[]")),
        Route::get("/open", answer(200, &[("access-control-allow-origin", STRANGER)], "{}")),
        Route::get("/%E0%A4%A", answer(400, &[], trace)),
        Route::get("/", answer(200, &[], "TRACE / HTTP/1.1\r\nx-tollgate: tollgate-trace\r\n")).method("TRACE"),
    ])
    .unwrap();
    let report = asked(&origin, json!({}));
    let mut found = rules(&report);
    found.sort_unstable();
    found.dedup();
    assert_eq!(found, ["answers-strangers", "cors-reflects-origin", "stack-in-answer", "trace-answered"]);
    let strangers = report.findings.iter().filter(|finding| finding.rule == "owasp/answers-strangers").count();
    assert_eq!(strangers, 3, "without a token, with none, with one that nobody signed");
    assert_eq!(
        said(&report),
        pairs(&[
            ("authentication", "missing"),
            ("cors", "missing"),
            ("error-handling", "missing"),
            ("rate-limit", "missing"),
            ("security-headers", "missing")
        ])
    );
    assert!(origin.seen().len() <= 150, "{}", origin.seen().len());
}

#[test]
fn no_more_is_sent_than_was_allowed_and_silence_is_a_problem() {
    let origin = Origin::start(vec![Route::ok("/orders"), Route::ok("/open")]).unwrap();
    let report = asked(&origin, json!({"probe_requests": 5}));
    assert_eq!(origin.seen().len(), 5);
    assert!(report.headline.unwrap().details[0].ends_with("5 requests to the running service"));
    let gone = Origin::start(vec![]).unwrap();
    let url = gone.url("");
    drop(gone);
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("openapi.yaml"), DOC).unwrap();
    let root = Root::new(dir.path()).unwrap();
    let tree = FolderTree::new(root.clone());
    let ctx = Context::new(&root, &tree, Facts::plain());
    let report = Owasp.run(&ctx, json!({"probe_url": url})).unwrap();
    assert!(
        report.problems.iter().any(|problem| problem.message.contains("without an answer")),
        "{:?}",
        report.problems
    );
}

#[test]
fn what_may_not_be_asked_is_not() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("openapi.yaml"), DOC).unwrap();
    let root = Root::new(dir.path()).unwrap();
    let tree = FolderTree::new(root.clone());
    let ctx = Context::new(&root, &tree, Facts::plain());
    for (options, expected) in [
        (
            json!({"probe_url": "https://api.example.com"}),
            "api.example.com is not this machine and not among owasp.probe_hosts",
        ),
        (json!({"probe_url": "http://127.0.0.1.example.com/"}), "127.0.0.1.example.com is not this machine"),
        (
            json!({"probe_url": "https://other.example.com", "probe_hosts": ["api.example.com"]}),
            "other.example.com is not",
        ),
        (json!({"probe_url": "file:///etc/passwd"}), "is no address of a service"),
        (json!({"probe_url": "nonsense"}), "is no address"),
    ] {
        let error = Owasp.run(&ctx, options).unwrap_err();
        assert!(error.to_string().contains(expected), "{expected}: {error}");
    }
    let report = Owasp.run(&ctx, json!({"probe": true})).unwrap();
    assert!(report.problems[0].message.contains("there is no [service]"), "{:?}", report.problems);
}

#[test]
fn what_tells_of_the_inside_is_told_from_what_does_not() {
    for (body, tells) in [
        ("Error\n    at f (/app/a.js:1:2)\n", true),
        ("{\"stack\":\"Error: x\\n    at f (node:internal/x:1)\"}", true),
        ("Traceback (most recent call last):\n  File \"/a.py\", line 3\n", true),
        ("{\"message\":\"Meet me at 3, at the office.js: fine\"}", false),
        ("at the moment nothing is there", false),
    ] {
        assert_eq!(stack(body.as_bytes()).is_some(), tells, "{body}");
    }
}
