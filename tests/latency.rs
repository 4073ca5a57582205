//! The program under test, started, asked and ended; the verdict on how soon it answers.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tollgate_origin::{Answer, Delay, Origin, Route};

use crate::support::{Sandbox, Tests, gate, scrubbed, shop_server};

pub(crate) fn tests() -> Tests {
    vec![
        ("a_service_is_started_asked_and_ended", a_service_is_started_asked_and_ended),
        ("a_service_that_does_not_start_is_unknown_and_says_why", a_service_that_does_not_start_is_unknown),
        ("what_answers_already_is_not_asked_in_its_place", what_answers_already_is_not_asked),
        ("a_service_that_ends_by_itself_passes_nothing", a_service_that_ends_by_itself_passes_nothing),
        ("login_comes_first_and_its_token_goes_along", login_comes_first_and_its_token_goes_along),
        ("an_address_alone_is_enough", an_address_alone_is_enough),
        ("an_interrupt_shows_what_was_measured", an_interrupt_shows_what_was_measured),
        ("a_change_is_judged_by_the_limits_of_the_base", a_change_is_judged_by_the_limits_of_the_base),
        ("conditions_on_percentiles_are_answered_by_the_test", conditions_on_percentiles),
        ("documents_and_budgets_are_imported", documents_and_budgets_are_imported),
        ("operations_of_a_document_are_asked", operations_of_a_document_are_asked),
        ("documents_of_many_files_are_read_whole", documents_of_many_files_are_read_whole),
        ("where_nothing_of_the_change_runs_its_own_report_is_taken", where_nothing_runs_its_own_report_is_taken),
        ("mistakes_in_the_service_are_pointed_at", mistakes_in_the_service_are_pointed_at),
    ]
}

/// Short enough for a test, too short for anything else.
const HURRIED: &str = "rate = 100.0\nmin_duration = \"600 ms\"\nduration = \"20 s\"\n";

const GATE: &str = "[gates.Performance]\nconditions = [\"latency.over_limit == 0\"]\n";

fn endpoint(path: &str, limit: &str) -> String {
    format!("[[latency.endpoints]]\npath = \"{path}\"\nstatistic = \"p95\"\nlimit = \"{limit}\"\n")
}

fn policy(service: &str, endpoints: &str) -> String {
    format!("[service]\n{service}\n[latency]\n{HURRIED}{endpoints}{GATE}")
}

fn runs(pid: &str) -> bool {
    let status = Command::new("kill").args(["-0", pid.trim()]).stderr(Stdio::null()).status();
    status.expect("kill").success()
}

fn a_service_is_started_asked_and_ended() {
    let sandbox = Sandbox::new();
    let start = format!("echo $$ >> pids; exec {}", shop_server());
    let service = format!("start = \"{start}\"\nurl = \"http://127.0.0.1:${{PORT}}\"\nready = \"/health\"\n");
    sandbox.write("tollgate.toml", policy(&service, &endpoint("/health", "5 s")));
    let run = sandbox.tollgate(&["check", "--format", "json"]).exits(0).json();
    assert_eq!(gate(&run, "Performance")["verdict"], "pass");
    let report = &run["reports"][0];
    assert_eq!((&report["checker"], &report["subject"]["word"]), (&"latency".into(), &"own-run".into()));
    let memory = |m: &serde_json::Value| m["name"] == "service.memory" && m["value"].as_f64().is_some_and(|b| b > 1e5);
    assert_eq!(report["metrics"].as_array().expect("metrics").iter().filter(|m| memory(m)).count(), 2);
    let notes = report["notes"].to_string();
    assert!(notes.contains("the service was started by this run"), "{notes}");
    let shown = sandbox.tollgate(&["check", "--print-config"]).exits(0);
    shown.says(&["[service]", "url = \"http://127.0.0.1:${PORT}\"", "ready_timeout = \"2 min\""]);
    sandbox.tollgate(&["check", "--plan"]).exits(0).says(&["runs: latency", "starts: echo $$"]);
    let pids = sandbox.read("pids");
    assert_eq!(pids.lines().count(), 1, "it is started once");
    assert!(!runs(&pids), "it was ended");
}

fn a_service_that_does_not_start_is_unknown() {
    let sandbox = Sandbox::new();
    let service = "start = \"echo it is broken >&2; exit 7\"\nurl = \"http://127.0.0.1:${PORT}\"\n";
    sandbox.write("tollgate.toml", policy(service, &endpoint("/", "5 s")));
    let outcome = sandbox.tollgate(&["check"]).exits(3);
    outcome.says(&["the service ended by itself", "it last said: it is broken", "GET /"]);
    let service = "start = \"sleep 60\"\nurl = \"http://127.0.0.1:${PORT}\"\nready_timeout = \"300 ms\"\n";
    sandbox.write("tollgate.toml", policy(service, &endpoint("/", "5 s")));
    sandbox.tollgate(&["check"]).exits(3).says(&["the service was not ready after 300 ms", "connection refused"]);
    let service = "start = \"sleep 60\"\nurl = \"http://127.0.0.1:${PORT}\"\nenv = { A = \"${NOBODY_SETS_THIS}\" }\n";
    sandbox.write("tollgate.toml", policy(service, &endpoint("/", "5 s")));
    sandbox.tollgate(&["check"]).exits(3).says(&["the environment variable NOBODY_SETS_THIS is not set"]);
}

fn what_answers_already_is_not_asked() {
    let origin = Origin::start(vec![Route::ok("/")]).expect("a server");
    let sandbox = Sandbox::new();
    let service = format!("start = \"sleep 60\"\nurl = \"{}\"\n", origin.url(""));
    sandbox.write("tollgate.toml", policy(&service, &endpoint("/", "5 s")));
    sandbox.tollgate(&["check"]).exits(3).says(&["something listens at", "would be asked in place of the service"]);
    assert!(origin.seen().is_empty());
}

fn a_service_that_ends_by_itself_passes_nothing() {
    let sandbox = Sandbox::new();
    // It lives for long enough to pass, and is gone before that is told.
    let start = format!("{} & sleep 0.5; kill $!; exit 4", shop_server());
    let service = format!("start = \"{start}\"\nurl = \"http://127.0.0.1:${{PORT}}\"\nready = \"/health\"\n");
    sandbox.write("tollgate.toml", policy(&service, &endpoint("/health", "5 s")));
    let outcome = sandbox.tollgate(&["check"]);
    assert!(outcome.code == 3 || outcome.code == 1, "{}", outcome.stdout);
    outcome.says(&["the service ended by itself"]);
}

fn login_comes_first_and_its_token_goes_along() {
    let origin = Origin::start(vec![
        Route::get("/login", Answer::text(201, "{\"data\":{\"token\":\"abc\"}}")).method("POST"),
        Route::ok("/health"),
        Route::ok("/wells"),
    ])
    .expect("a server");
    let sandbox = Sandbox::new();
    let login = "{ path = \"/login\", body = { user = \"me\", word = \"${PROBE_WORD}\" }, token = \"/data/token\" }";
    let service = format!("url = \"{}\"\nready = \"/health\"\nlogin = {login}\n", origin.url(""));
    sandbox.write("tollgate.toml", policy(&service, &endpoint("/wells", "5 s")));
    let outcome = sandbox.tollgate_with(&["check", "-v"], &[("PROBE_WORD", "opensesame")]).exits(0);
    assert!(!outcome.stdout.contains("opensesame") && !outcome.stdout.contains("abc"), "{}", outcome.stdout);
    let seen = origin.seen();
    let login = seen.iter().find(|seen| seen.target == "/login").expect("a login");
    assert_eq!(login.body, b"{\"user\":\"me\",\"word\":\"opensesame\"}");
    let mut wells = seen.iter().filter(|seen| seen.target == "/wells");
    assert!(wells.clone().count() > 50 && wells.all(|seen| seen.headers["authorization"] == "Bearer abc"));
    sandbox.tollgate(&["check"]).exits(3).says(&["the login, POST /login", "PROBE_WORD is not set"]);
}

fn an_address_alone_is_enough() {
    let slow = Delay::Fixed(Duration::from_millis(60));
    let origin = Origin::start(vec![Route::ok("/"), Route::ok("/slow").after(slow)]).expect("a server");
    let sandbox = Sandbox::new();
    let ask = |path: &str, more: &[&str]| {
        let url = origin.url(path);
        let hurried = ["latency", &url, "--rate", "100", "--min-duration", "600 ms"];
        sandbox.tollgate(&[&hurried[..], more].concat())
    };
    ask("/", &["--p95", "2 s"]).exits(0).says(&["1 endpoint under every limit"]);
    ask("/slow", &["--p95", "20 ms"]).exits(1).says(&["p95 of GET http://", "is over 20 ms", "slower or failed"]);
    // A number without a limit is no verdict.
    ask("/", &[]).exits(3).says(&["latency.over_limit reported no such number", "--p95 500ms gives them one"]);
    let shown = ask("/slow", &["--p95", "20 ms", "-v"]).exits(1);
    let wide: Vec<&str> = shown.stdout.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "{wide:#?}");
    shown.says(&["Where the time went", "First byte", "How long GET"]);
    let verified = sandbox.tollgate(&["latency", "--verify", &origin.url("/"), "--body", "ok"]).exits(0);
    verified.says(&["1 endpoint answered as it should"]);
    ask("/", &["--verify", "--status", "204"]).exits(1).says(&["status 200, expected 204"]);
    ask("/", &["--against", &origin.url("")]).exits(0).says(&["against the base"]);
    ask("/", &["--p95", "soon"]).exits(2).complains(&["latency.p95", "is no duration"]);
}

fn an_interrupt_shows_what_was_measured() {
    let origin = Origin::start(vec![Route::ok("/")]).expect("a server");
    let sandbox = Sandbox::new();
    let child = scrubbed(Command::new(env!("CARGO_BIN_EXE_tollgate")))
        .current_dir(sandbox.path())
        .args(["latency", &origin.url("/"), "--p95", "2 s", "--min-duration", "60 s"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let until = Instant::now() + Duration::from_secs(30);
    while origin.seen().len() < 10 && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill").success());
    let output = child.wait_with_output().expect("an end");
    let text = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(text.contains("the measurement was interrupted") && text.contains("p95"), "{text}");
}

fn a_change_is_judged_by_the_limits_of_the_base() {
    let slow = Delay::Fixed(Duration::from_millis(60));
    let origin = Origin::start(vec![Route::ok("/slow").after(slow)]).expect("a server");
    let service = format!("url = \"{}\"\nready = \"/slow\"\n", origin.url(""));
    let sandbox = Sandbox::repository(&[("tollgate.toml", &policy(&service, &endpoint("/slow", "20 ms")))]);
    sandbox.tollgate(&["check"]).exits(1).says(&["is over 20 ms"]);
    sandbox.write("tollgate.toml", policy(&service, &endpoint("/slow", "5 s")));
    sandbox.commit("a milder limit");
    let outcome = sandbox.tollgate(&["check"]).exits(1);
    outcome.says(&["`limit of endpoints (/slow)` of latency would be `5 s`; it is `20 ms`", "is over 20 ms"]);
    // One that is gone from the change's own is asked still.
    sandbox.write("tollgate.toml", format!("[service]\n{service}\n[latency]\n{HURRIED}{GATE}"));
    sandbox.commit("no endpoint");
    sandbox.tollgate(&["check"]).exits(1).says(&["is over 20 ms", "would be unset"]);
    // A stricter one, and one more endpoint, are nobody's loss.
    let more = endpoint("/slow", "10 ms") + &endpoint("/other", "5 s");
    sandbox.write("tollgate.toml", policy(&service, &more));
    sandbox.commit("stricter");
    let outcome = sandbox.tollgate(&["check"]);
    assert!(!outcome.flat().contains("would relax"), "{}", outcome.stdout);
}

fn conditions_on_percentiles() {
    let slow = Delay::Fixed(Duration::from_millis(60));
    let origin = Origin::start(vec![Route::ok("/"), Route::ok("/slow").after(slow)]).expect("a server");
    let sandbox = Sandbox::new();
    let policy = |condition: &str, more: &str| {
        let service = format!("url = \"{}\"\n", origin.url(""));
        let endpoints =
            "[[latency.endpoints]]\npath = \"/\"\n[[latency.endpoints]]\npath = \"/slow\"\ncritical = true\n";
        format!("[service]\n{service}[latency]\n{HURRIED}{more}{endpoints}[gates.P]\nconditions = ['{condition}']\n")
    };
    let check = |condition: &str, more: &str| {
        sandbox.write("tollgate.toml", policy(condition, more));
        sandbox.tollgate(&["check"])
    };
    check("latency.p95{endpoint=\"GET /\"} < 2 s", "").exits(0);
    let failed = check("latency.p90{critical=\"true\"} < 30 ms", "").exits(1);
    failed.says(&["p90 of GET /slow is over 30 ms", "sequential mixture test"]);
    let few = check("latency.p99{endpoint=\"GET /\"} < 2 s", "max_requests = 100\n").exits(3);
    few.says(&["100 requests were measured, and it takes 396 requests at least"]);
    check("latency.p95{endpoint=\"GET /nowhere\"} < 2 s", "").exits(3).says(&["matched nothing"]);
}

fn documents_and_budgets_are_imported() {
    let sandbox = Sandbox::new();
    sandbox.write("api.yaml", "openapi: 3.1.0\npaths:\n  /a:\n    get: {}\n  /b/{id}:\n    get:\n      parameters: [{ name: id, in: path }]\n");
    sandbox.write("budget.json", "{\"response_time_ms\": {\"description\": \"x\", \"wells_list\": 500}}");
    let printed = sandbox.tollgate(&["latency", "import", "api.yaml", "--limit", "300 ms"]).exits(0);
    printed.says(&["path = \"/a\"", "limit = \"300 ms\"", "left out: GET /b/{id}: its parameter `id` has no example"]);
    let printed = sandbox.tollgate(&["latency", "import", "budget.json"]).exits(0);
    printed.says(&["name = \"wells_list\"", "limit = \"500 ms\"", "fill in `path`"]);
    sandbox.write("other.json", "{\"a\": 1}");
    sandbox.tollgate(&["latency", "import", "other.json"]).exits(3).complains(&["no map of response times"]);
}

fn operations_of_a_document_are_asked() {
    let document = "openapi: 3.1.0\npaths:\n  /a:\n    get: { responses: { '200': {} } }\n  /b/{id}:\n    get:\n      parameters: [{ name: id, in: path, example: 7 }]\n  /c/{id}:\n    get:\n      parameters: [{ name: id, in: path }]\n";
    let yaml = Answer::Http { status: 200, headers: Vec::new(), body: document.into() };
    let routes = vec![Route::ok("/a"), Route::ok("/b/7"), Route::get("/api.yaml", yaml)];
    let origin = Origin::start(routes).expect("a server");
    let sandbox = Sandbox::new();
    sandbox.write("api.yaml", document);
    for place in ["api.yaml", "/api.yaml"] {
        let more = format!("openapi = \"{place}\"\np95 = \"5 s\"\n");
        let service = format!("url = \"{}\"\n", origin.url(""));
        sandbox.write("tollgate.toml", policy(&service, &more));
        let run = sandbox.tollgate(&["check", "--format", "json"]).exits(0).json();
        let report = &run["reports"][0];
        let notes = report["notes"].to_string();
        assert!(notes.contains("cannot be asked: GET /c/{id} (its parameter `id` has no example)"), "{notes}");
        let asked: Vec<&str> =
            report["evidence"].as_array().expect("evidence").iter().filter_map(|e| e["path"].as_str()).collect();
        assert!(asked.contains(&"GET /a") && asked.contains(&"GET /b/{id}") && asked.contains(&place), "{asked:?}");
    }
}

fn documents_of_many_files_are_read_whole() {
    let origin = Origin::start(vec![Route::ok("/v1/a")]).expect("a server");
    let sandbox = Sandbox::new();
    let paths = "  /a: { $ref: 'paths/a.yaml' }\n  /b: { $ref: 'paths/gone.yaml' }\n  /c: { GET: {} }\n";
    sandbox.write("docs/api.yaml", format!("openapi: 3.1.0\nservers: [{{ url: /v1 }}]\npaths:\n{paths}"));
    sandbox.write("docs/paths/a.yaml", "get:\n  responses: { '200': {} }\n");
    let service = format!("url = \"{}\"\n", origin.url(""));
    sandbox.write("tollgate.toml", policy(&service, "openapi = \"docs/api.yaml\"\np95 = \"5 s\"\n"));
    let run = sandbox.tollgate(&["check", "--format", "json"]).exits(0).json();
    let report = &run["reports"][0];
    let notes = report["notes"].to_string();
    for expected in [
        "are asked below /v1, where it says they are served",
        "any /b (it refers to a file: docs/paths/gone.yaml",
        "GET /c (its method is not written in lower case)",
    ] {
        assert!(notes.contains(expected), "{expected} is not in {notes}");
    }
    let evidence = report["evidence"].to_string();
    assert!(evidence.contains("docs/paths/a.yaml") && evidence.contains("GET /a"), "{evidence}");
    let targets: std::collections::BTreeSet<String> = origin.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(targets.into_iter().collect::<Vec<String>>(), ["/", "/v1/a"]);
}

fn where_nothing_runs_its_own_report_is_taken() {
    let origin = Origin::start(vec![Route::ok("/")]).expect("a server");
    let service = format!("start = \"touch started\"\nurl = \"{}\"\n", origin.url(""));
    let sandbox = Sandbox::repository(&[("tollgate.toml", &policy(&service, &endpoint("/", "5 s")))]);
    sandbox.write("out/reports/nothing.txt", "");
    let judge = ["check", "--reports", "out/reports"];
    sandbox.tollgate(&judge).exits(3).says(&["tollgate latency --json tollgate-latency.json", "starts nothing"]);
    assert!(origin.seen().is_empty() && !sandbox.join("started").exists());
    let url = origin.url("/");
    let own = ["latency", &url, "--p95", "5 s", "--rate", "100", "--min-duration", "600 ms"];
    let policy_of_its_own = sandbox.join("out/own.toml");
    sandbox.write("out/own.toml", GATE);
    let own = [
        &own[..],
        &["--config", policy_of_its_own.to_str().expect("UTF-8"), "--json", "out/reports/tollgate-latency.json"],
    ];
    sandbox.tollgate(&own.concat()).exits(0);
    let asked = origin.seen().len();
    sandbox.tollgate(&judge).exits(0).says(&["own run: latency"]);
    assert_eq!(origin.seen().len(), asked, "nobody was asked again");
    // It is the report of one commit, and of no other.
    sandbox.remove("tollgate-latency.json");
    sandbox.write("README.md", "more");
    sandbox.commit("more");
    sandbox.tollgate(&judge).exits(3).says(&["tollgate-latency.json: the report of latency is"]);
}

fn mistakes_in_the_service_are_pointed_at() {
    let sandbox = Sandbox::new();
    let mistakes = [
        ("[service]\nstart = \"x\"\n", "[service] needs `url`"),
        ("[service]\nurl = \"localhost:3000\"\n", "`url` begins with http://"),
        ("[service]\nurl = \"http://a\"\nready = \"health\"\n", "tollgate.toml:3"),
        ("[service]\nurl = \"http://a\"\nstrat = \"x\"\n", "did you mean `start`?"),
        ("[service]\nurl = \"http://a\"\nlogin = { path = \"/x\" }\n", "`login` needs `path` and `token`"),
        ("[service]\nurl = \"http://a\"\nenv = { A = 1 }\n", "a table of strings"),
        ("[service]\nurl = \"http://a\"\nready_timeout = \"soon\"\n", "a duration"),
    ];
    for (text, words) in mistakes {
        sandbox.write("tollgate.toml", format!("{text}[latency]\n{GATE}"));
        sandbox.tollgate(&["check"]).exits(2).complains(&[words]);
    }
}
