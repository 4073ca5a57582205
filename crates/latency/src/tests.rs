use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tollgate_check::fixture::FolderTree;
use tollgate_check::{Checker as _, Context, Facts, Service};
use tollgate_input::Root;
use tollgate_model::{Cause, Labels, Op, Report, Status, Target, Unit, Verdict};
use tollgate_origin::{Answer, Certificate, Delay, Origin, Route};

use super::*;

/// Asked faster and for a shorter time than a real probe would, so that a test takes about a second.
fn hurried() -> Options {
    Options {
        rate: Some(100.0),
        min_duration: Some("600 ms".to_owned()),
        duration: Some("20 s".to_owned()),
        ..Options::default()
    }
}

fn endpoint(path: &str, limit: &str) -> EndpointOptions {
    EndpointOptions { path: path.to_owned(), limit: Some(limit.to_owned()), ..EndpointOptions::default() }
}

fn check_with(options: &Options, facts: Facts<'_>, configuration: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tollgate.toml"), configuration).unwrap();
    let root = Root::new(folder.path()).unwrap();
    let tree = FolderTree::new(root.clone());
    let ctx = Context::new(&root, &tree, facts);
    let options = Latency.defaults(options.clone());
    let mut report = Latency.check(&ctx, &options).unwrap();
    report.evidence = ctx.evidence();
    report
}

fn check(origin: &Origin, options: &Options) -> Report {
    let service = service(origin);
    check_with(options, Facts { service: Some(Ok(&service)), ..Facts::plain() }, "")
}

fn service(origin: &Origin) -> Service {
    Service { url: origin.url(""), headers: vec![("x-token".to_owned(), "me".to_owned())], group: None, start: None }
}

fn metric(report: &Report, name: &str) -> Option<f64> {
    report.metrics.iter().find(|metric| metric.series() == name).map(|metric| metric.value)
}

fn over_limit(report: &Report) -> Option<(f64, Option<[f64; 2]>)> {
    let metric = report.metrics.iter().find(|metric| metric.series() == "latency.over_limit")?;
    Some((metric.value, metric.interval))
}

fn target(metric: &str, endpoint: &str, limit: f64) -> Target {
    Target {
        metric: metric.to_owned(),
        labels: Labels::from([("endpoint".to_owned(), endpoint.to_owned())]),
        op: Op::Lt,
        value: Some(limit),
        unit: Unit::Milliseconds,
        warn: None,
    }
}

fn slow(ms: u64) -> Delay {
    Delay::Fixed(Duration::from_millis(ms))
}

#[test]
fn fixtures_give_what_they_say() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/latency");
    let ran = tollgate_check::fixture::run(&Latency, std::path::Path::new(folder)).unwrap_or_else(|e| panic!("{e}"));
    assert!(ran > 0, "no case in {folder}");
}

#[test]
fn what_is_soon_enough_passes_and_what_is_not_fails_where_it_is_written_down() {
    let origin = Origin::start(vec![Route::ok("/fast"), Route::ok("/slow").after(slow(700))]).unwrap();
    let options = Options { endpoints: vec![endpoint("/fast", "600 ms"), endpoint("/slow", "300 ms")], ..hurried() };
    let service = service(&origin);
    let targets = [target("latency.p95", "GET /fast", 700.0), target("latency.p95", "GET /slow", 400.0)];
    let facts = Facts { service: Some(Ok(&service)), targets: &targets, ..Facts::plain() };
    let configuration = "[latency]\n[[latency.endpoints]]\npath = \"/fast\"\n[[latency.endpoints]]\npath = \"/slow\"\n";
    let report = check_with(&options, facts, configuration);
    assert_eq!((report.status, report.problems.len()), (Status::Complete, 0), "{:?}", report.problems);
    assert_eq!(over_limit(&report), Some((1.0, None)));
    let verdicts: Vec<Verdict> = report.judgements.iter().map(|judgement| judgement.verdict).collect();
    assert_eq!(verdicts, [Verdict::Pass, Verdict::Fail], "{:?}", report.judgements);
    let [finding] = &report.findings[..] else { panic!("{:?}", report.findings) };
    assert_eq!(finding.rule, "latency/over-limit");
    assert_eq!(finding.location.as_ref().unwrap().to_string(), "tollgate.toml:4");
    assert!(finding.message.contains("its limit names no statistic"), "{}", finding.message);
    assert!(metric(&report, "latency.p50{critical=\"false\",endpoint=\"GET /slow\"}").unwrap() >= 699.0);
    assert_eq!(report.evidence.len(), 2);
    assert!(origin.seen().iter().all(|seen| seen.headers["x-token"] == "me"));
}

#[test]
fn failures_are_slow_and_have_a_budget_of_their_own() {
    let origin = Origin::start(vec![Route::get("/", Answer::FailsEvery(4))]).unwrap();
    let report = check(&origin, &Options { endpoints: vec![endpoint("/", "5 s")], ..hurried() });
    assert_eq!(over_limit(&report), Some((1.0, None)));
    let told = report.findings.iter().any(|finding| finding.message.contains("status 503, expected a success"));
    assert!(told, "{:?}", report.findings);
    let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert!(rules.contains(&"latency/over-limit") || rules.contains(&"latency/too-many-errors"), "{rules:?}");
    assert!(report.findings.iter().any(|finding| finding.message.contains("failed")), "{:?}", report.findings);
    assert!(metric(&report, "latency.failed{critical=\"false\",endpoint=\"GET /\"}").unwrap() > 10.0);
}

#[test]
fn a_wrong_body_is_a_failure_whatever_its_status() {
    let origin = Origin::start(vec![Route::get("/", Answer::text(200, "{\"status\":\"error\"}"))]).unwrap();
    let expect = Expect { json: [("/status".to_owned(), "ok".into())].into(), ..Expect::default() };
    let asked = EndpointOptions { expect, ..endpoint("/", "5 s") };
    let report = check(&origin, &Options { endpoints: vec![asked], ..hurried() });
    assert_eq!(over_limit(&report), Some((1.0, None)));
}

#[test]
fn a_service_that_wants_fewer_requests_is_not_judged() {
    let origin = Origin::start(vec![Route::get("/", Answer::Then(10, 429)), Route::ok("/other")]).unwrap();
    let options = Options { endpoints: vec![endpoint("/", "5 s"), endpoint("/other", "5 s")], ..hurried() };
    let report = check(&origin, &options);
    assert_eq!(report.status, Status::Incomplete);
    let [problem] = &report.problems[..] else { panic!("{:?}", report.problems) };
    assert!(problem.cause == Cause::NoPermission && problem.message.contains("per_minute"), "{problem:?}");
    assert_eq!(over_limit(&report), Some((0.0, Some([0.0, 1.0]))));
    // It was left alone at once.
    let asked = origin.seen().iter().filter(|seen| seen.target == "/").count();
    assert!(asked <= 20, "{asked}");
}

#[test]
fn what_never_answers_is_not_known_and_the_others_are() {
    let origin = Origin::start(vec![Route::get("/gone", Answer::Close), Route::ok("/")]).unwrap();
    let missing = EndpointOptions {
        headers: [("x-key".to_owned(), "${TOLLGATE_TEST_NOBODY_SETS_THIS}".to_owned())].into(),
        ..endpoint("/missing", "5 s")
    };
    let options = Options { endpoints: vec![endpoint("/gone", "5 s"), endpoint("/", "5 s"), missing], ..hurried() };
    let report = check(&origin, &options);
    assert_eq!(report.status, Status::Incomplete);
    let told: Vec<&str> = report.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(told.iter().any(|text| text.contains("GET /gone: it never answered")), "{told:?}");
    assert!(
        told.iter().any(|text| text.contains("GET /missing cannot be asked: the environment variable")),
        "{told:?}"
    );
    assert_eq!(told.len(), 2);
    assert!(metric(&report, "latency.p95{critical=\"false\",endpoint=\"GET /\"}").is_some());
    assert_eq!(over_limit(&report), Some((0.0, Some([0.0, 1.0]))));
}

#[test]
fn what_hangs_after_it_answered_is_slow() {
    let origin = Origin::start(vec![Route::get("/", Answer::Then(3, 200)).after(slow(900))]).unwrap();
    let options = Options { endpoints: vec![endpoint("/", "400 ms")], max_requests: Some(60), ..hurried() };
    let report = check(&origin, &options);
    assert_eq!(over_limit(&report), Some((1.0, None)), "{:?}", report.problems);
}

/// A tool that waits for each answer would see one request in a stall of half a second; this one sees all that were due.
#[test]
fn a_stall_is_seen_by_every_request_that_was_due() {
    let routes = vec![Route::ok("/")];
    let origin = Origin::start_stalling(routes, Duration::from_millis(2_500), Duration::from_millis(500)).unwrap();
    let options =
        Options { requests: Some(250), rate: Some(50.0), endpoints: vec![endpoint("/", "200 ms")], ..hurried() };
    let report = check(&origin, &options);
    let p95 = metric(&report, "latency.p95{critical=\"false\",endpoint=\"GET /\"}").unwrap();
    // Truth by construction: a fifth of the time waits, evenly up to 500 ms, so p95 is 375 ms.
    assert!(p95 > 250.0, "{p95}");
    // Eleven in a hundred are over the limit, in ten spells; that is not enough to be sure, and surely no pass.
    assert_ne!(over_limit(&report), Some((0.0, None)));
}

#[test]
fn too_close_is_neither_and_too_few_is_no_evidence() {
    let origin = Origin::start(vec![Route::get("/", Answer::FailsEvery(20))]).unwrap();
    let asked = vec![endpoint("/", "5 s")];
    let options =
        Options { max_requests: Some(100), error_budget: Some("50 %".to_owned()), endpoints: asked, ..hurried() };
    let targets = [target("latency.p95", "GET /", 5_000.0)];
    let service = service(&origin);
    let report = check_with(&options, Facts { service: Some(Ok(&service)), targets: &targets, ..Facts::plain() }, "");
    assert_eq!((report.status, over_limit(&report)), (Status::Complete, Some((0.0, Some([0.0, 1.0])))));
    let judgement = &report.judgements[0];
    assert!(judgement.verdict == Verdict::Unknown && judgement.too_close, "{judgement:?}");
    let few = Options { requests: Some(30), ..options };
    let report = check_with(&few, Facts { service: Some(Ok(&service)), ..Facts::plain() }, "");
    assert_eq!(report.status, Status::Incomplete);
    assert!(report.problems[0].message.contains("it takes 59 requests at least"), "{:?}", report.problems);
}

#[test]
fn whoever_asks_to_stop_is_told_what_was_measured() {
    let origin = Origin::start(vec![Route::ok("/")]).unwrap();
    let stop = AtomicBool::new(false);
    let service = service(&origin);
    let report = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(400));
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        let facts = Facts { service: Some(Ok(&service)), stop: Some(&stop), ..Facts::plain() };
        check_with(
            &Options {
                min_duration: Some("15 s".to_owned()),
                ..Options { endpoints: vec![endpoint("/", "5 s")], ..hurried() }
            },
            facts,
            "",
        )
    });
    assert_eq!(report.status, Status::Incomplete);
    assert!(report.problems.iter().any(|problem| problem.cause == Cause::Unfinished), "{:?}", report.problems);
    assert!(metric(&report, "latency.requests{critical=\"false\",endpoint=\"GET /\"}").unwrap() > 0.0);
}

#[test]
fn without_a_service_relative_addresses_are_not_known() {
    let options = Options { endpoints: vec![endpoint("/", "5 s")], ..hurried() };
    let report = check_with(&options, Facts::plain(), "");
    assert!(report.status != Status::Complete && report.problems[0].message.contains("[service]"), "{report:?}");
    let report = check_with(&options, Facts { service: Some(Err("it did not start")), ..Facts::plain() }, "");
    assert!(report.problems[0].message.contains("it did not start"), "{:?}", report.problems);
    let report = check_with(&hurried(), Facts::plain(), "");
    assert!(report.status == Status::Empty && report.problems[0].cause == Cause::NoEvidence, "{report:?}");
}

#[test]
fn options_that_make_no_sense_are_named() {
    let wrong = |options: Options, key: &str| {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::new(folder.path()).unwrap();
        let tree = FolderTree::new(root.clone());
        let ctx = Context::new(&root, &tree, Facts::plain());
        match Latency.check(&ctx, &Latency.defaults(options)) {
            Err(CheckError::Option { key: found, .. }) => assert_eq!(found, key),
            other => panic!("{key}: {other:?}"),
        }
    };
    let text = |text: &str| Some(text.to_owned());
    let url = || vec!["http://127.0.0.1:1/".to_owned()];
    wrong(Options { p95: text("soon"), urls: url(), ..hurried() }, "latency.p95");
    wrong(Options { duration: text("2 days"), ..hurried() }, "latency.duration");
    wrong(Options { min_duration: text("1 min"), ..hurried() }, "latency.min_duration");
    wrong(Options { rate: Some(0.0), ..hurried() }, "latency.rate");
    wrong(Options { error_budget: text("1"), ..hurried() }, "latency.error_budget");
    wrong(Options { tolerance: text("much"), ..hurried() }, "latency.tolerance");
    wrong(Options { requests: Some(0), ..hurried() }, "latency.requests");
    wrong(Options { body: text("("), urls: url(), ..hurried() }, "latency.body");
    wrong(Options { header: vec!["none".to_owned()], urls: url(), ..hurried() }, "latency.header");
    wrong(Options { urls: [url(), url()].concat(), ..hurried() }, "latency.endpoints");
    wrong(Options { urls: vec!["gopher://x/".to_owned()], ..hurried() }, "latency.endpoints");
}

#[test]
fn pairs_tell_which_side_is_slower() {
    let head = Origin::start(vec![Route::ok("/same").after(slow(8)), Route::ok("/worse").after(slow(25))]).unwrap();
    let base = Origin::start(vec![Route::ok("/same").after(slow(8)), Route::ok("/worse").after(slow(8))]).unwrap();
    let path = |path: &str| EndpointOptions { path: path.to_owned(), ..EndpointOptions::default() };
    let options = Options {
        against: Some(base.url("")),
        tolerance: Some("10 ms".to_owned()),
        endpoints: vec![path("/same"), path("/worse")],
        ..hurried()
    };
    let report = check(&head, &options);
    assert_eq!(report.status, Status::Complete, "{:?}", report.problems);
    assert_eq!(metric(&report, "latency.regressed"), Some(1.0), "{:?}", report.headline);
    let [finding] = &report.findings[..] else { panic!("{:?}", report.findings) };
    assert!(finding.rule == "latency/regressed" && finding.message.contains("GET /worse"), "{finding:?}");
    assert!(!base.seen().is_empty());
}

fn verify(certificate: Certificate, options: Options) -> Report {
    let origin = Origin::start_tls(vec![Route::ok("/")], certificate).unwrap();
    check_with(&Options { verify: Some(true), urls: vec![origin.url("/")], ..options }, Facts::plain(), "")
}

#[test]
fn a_certificate_and_an_answer_are_looked_at_after_a_deploy() {
    let rules = |report: &Report| {
        let mut all: Vec<String> = report.findings.iter().map(|finding| finding.rule.clone()).collect();
        all.sort();
        all
    };
    for (certificate, rule) in [
        (Certificate::Expired, "latency/certificate-expired"),
        (Certificate::NotYetValid, "latency/certificate-expired"),
        (Certificate::SelfSigned, "latency/certificate-untrusted"),
        (Certificate::Valid(90), "latency/certificate-untrusted"),
    ] {
        let report = verify(certificate, Options::default());
        // Nobody here trusts the authority of a test, so what else is wrong may be told as that first.
        let found = rules(&report);
        assert!(
            found.iter().any(|found| found == rule || found == "latency/certificate-untrusted"),
            "{certificate:?}: {found:?}"
        );
        assert_eq!(report.status, Status::Complete);
    }
    let soon = verify(Certificate::Valid(5), Options::default());
    assert!(rules(&soon).contains(&"latency/certificate-expires-soon".to_owned()), "{:?}", rules(&soon));
    assert_eq!(
        metric(&soon, &format!("latency.certificate_days{{endpoint=\"{}\"}}", soon.evidence[0].path)),
        Some(5.0)
    );
    let wrong = verify(
        Certificate::Valid(90),
        Options { body: Some("nothing like it".to_owned()), status: vec![204], ..Options::default() },
    );
    let found = rules(&wrong);
    assert!(
        found.contains(&"latency/verify-body".to_owned()) && found.contains(&"latency/verify-status".to_owned()),
        "{found:?}"
    );
    assert!(wrong.not_applicable.iter().any(|n| n.what == "latency.over_limit"));
}

#[test]
fn a_server_that_cannot_be_trusted_is_sent_no_credentials() {
    let origin = Origin::start_tls(vec![Route::ok("/orders")], Certificate::SelfSigned).unwrap();
    let options = Options {
        verify: Some(true),
        urls: vec![origin.url("/orders?tenant=7")],
        header: vec!["authorization: Bearer of-a-test".to_owned()],
        ..Options::default()
    };
    let report = check_with(&options, Facts::plain(), "");
    assert!(report.findings.iter().any(|finding| finding.rule == "latency/certificate-untrusted"), "{report:?}");
    assert!(report.problems.iter().any(|problem| problem.message.contains("its answer is not known")), "{report:?}");
    for seen in origin.seen() {
        assert_eq!((seen.method.as_str(), seen.target.as_str()), ("HEAD", "/"));
        assert!(!seen.headers.contains_key("authorization"), "{seen:?}");
    }
    assert!(!origin.seen().is_empty());
}

#[test]
fn nothing_that_was_filled_in_is_told() {
    let origin = Origin::start(vec![Route::get("/", Answer::FailsEvery(1))]).unwrap();
    // Set for every test process by cargo.
    let value = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    let headers = [("x-key".to_owned(), "${CARGO_MANIFEST_DIR}".to_owned())].into();
    let options = Options { endpoints: vec![EndpointOptions { headers, ..endpoint("/", "5 s") }], ..hurried() };
    let report = check(&origin, &options);
    assert_eq!(origin.seen()[0].headers["x-key"], value);
    assert!(!serde_json::to_string(&report).unwrap().contains(&value));
}

#[test]
fn one_that_fails_is_not_hidden_by_one_that_is_too_close() {
    let routes = vec![Route::get("/close", Answer::FailsEvery(20)), Route::ok("/slow").after(slow(700))];
    let origin = Origin::start(routes).unwrap();
    let path = |path: &str| EndpointOptions { path: path.to_owned(), ..EndpointOptions::default() };
    let options = Options {
        max_requests: Some(100),
        error_budget: Some("50 %".to_owned()),
        endpoints: vec![path("/close"), path("/slow")],
        ..hurried()
    };
    let of_both = Target {
        labels: Labels::from([("critical".to_owned(), "false".to_owned())]),
        ..target("latency.p95", "", 400.0)
    };
    let service = service(&origin);
    let targets = [of_both];
    let report = check_with(&options, Facts { service: Some(Ok(&service)), targets: &targets, ..Facts::plain() }, "");
    let judgement = &report.judgements[0];
    assert_eq!((judgement.verdict, judgement.too_close), (Verdict::Fail, false), "{judgement:?}");
    assert!(
        judgement.message.contains("GET /slow") && judgement.message.ends_with("(worst of 2 endpoints)"),
        "{judgement:?}"
    );
}
