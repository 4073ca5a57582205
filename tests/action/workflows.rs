//! The reusable workflow and the examples, run job by job.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use tollgate_loopback::{Comment, Pull};

use super::events::{Event, Project, SUCCESS, act, lcov, project, report};
use super::flow::{Flow, Job, clone};
use super::host::{Host, commands};
use crate::support::Tests;

pub(super) fn tests() -> Tests {
    vec![
        ("flow_every_event_is_judged_gate_by_gate", every_event_is_judged_gate_by_gate),
        ("flow_statuses_are_set_on_what_is_required", statuses_are_set_on_what_is_required),
        ("flow_a_cancelled_measure_job_is_unknown", a_cancelled_measure_job_is_unknown),
        ("flow_a_failed_measure_job_still_reports", a_failed_measure_job_still_reports),
        ("flow_reports_keep_their_paths", reports_keep_their_paths),
        ("flow_a_push_keeps_its_numbers", a_push_keeps_its_numbers),
        ("flow_forks_are_commented_afterwards", forks_are_commented_afterwards),
        ("flow_a_hostile_artifact_adds_reports_and_nothing_else", a_hostile_artifact_adds_reports),
        ("flow_an_artifact_beyond_all_bounds_is_refused", an_artifact_beyond_all_bounds_is_refused),
    ]
}

const CALLER: &str = "examples/workflows/gate.yml";
const TWO_JOBS: &str = "examples/workflows/two-jobs.yml";
const STATUSES: &str = "examples/workflows/statuses.yml";

/// Jobs by name: how each ended.
fn results(jobs: &[Job]) -> BTreeMap<&str, &str> {
    jobs.iter().map(|job| (job.name.as_str(), job.result)).collect()
}

fn the<'a>(jobs: &'a [Job], name: &str) -> &'a Job {
    jobs.iter().find(|job| job.name == name).unwrap_or_else(|| panic!("no job {name}: {:?}", results(jobs)))
}

const GATES: [&str; 4] = ["Security", "Quality", "Performance", "Tests"];

/// What was written to GitHub: methods and paths.
fn written(project: &Project) -> Vec<String> {
    let requests = project.github.requests();
    let writes = requests.iter().filter(|one| one.method != "GET" && !one.path.contains("graphql"));
    writes.map(|one| format!("{} {}", one.method, one.path)).collect()
}

/// Nothing that was sent to GitHub is other than documented.
fn is_documented(project: &Project) {
    assert_eq!(project.github.complaints(), Vec::<String>::new());
    // Another run uploads the same again, as it must.
    let mut duplicates = project.github.duplicates();
    duplicates.retain(|said| !said.contains("/code-scanning/sarifs"));
    assert_eq!(duplicates, Vec::<String>::new());
}

/// The bodies of the comments on the pull request.
fn comments(project: &Project) -> Vec<String> {
    let bodies = |comments: &Vec<Comment>| comments.iter().map(|comment| comment.body.clone()).collect();
    project.github.state(|state| state.comments.get(&7).map(bodies).unwrap_or_default())
}

/// Makes an event of a project.
type Maker = fn(&Project) -> Event;

fn every_event_is_judged_gate_by_gate() {
    let makers: [(Maker, Option<&str>); 4] = [
        (|project| Event::pull_request(project, "o/r"), Some("refs/pull/7/merge")),
        (|project| Event::pull_request(project, "fork/r"), None),
        (Event::merge_group, None),
        (Event::push, Some("refs/heads/main")),
    ];
    for (event, uploaded) in makers {
        let project = project();
        let event = event(&project);
        // Two files with the same jobs: both run where the most happens.
        let paths = if event.name == "push" { [CALLER, TWO_JOBS].as_slice() } else { &[CALLER] };
        for path in paths {
            let what = format!("{path} on {}", event.name);
            let jobs = Flow::new(path, &project, &event).run();
            let mut expected: BTreeMap<&str, &str> = GATES.iter().map(|gate| (*gate, "success")).collect();
            expected.insert("measure", "success");
            if uploaded.is_some() {
                expected.insert("comment", "success");
            }
            assert_eq!(
                results(&jobs),
                expected,
                "{what}: {}",
                jobs.iter().map(|job| &*job.left.log).collect::<String>()
            );
            for gate in GATES {
                let job = the(&jobs, gate);
                assert!(!job.token.to_string().contains("write"), "{what}: {gate} holds {}", job.token);
                let calls = job.host.calls_of("tollgate");
                assert_eq!(calls[1][0], "check");
                assert_eq!(calls[1].last().map(String::as_str), Some(gate));
                assert_eq!(calls[2][1], "--to=summary,annotations,outputs", "{what}");
                assert!(job.host.calls_of("npm").is_empty(), "{what}: {gate} runs what the change brings");
                assert!(job.left.summary.contains(gate), "{what}: {}", job.left.summary);
            }
        }
        is_documented(&project);
        let references = project.github.state(|state| {
            state.uploads.iter().map(|upload| (upload.reference.clone(), upload.commit_sha.clone())).collect::<Vec<_>>()
        });
        match uploaded {
            Some(reference) => {
                let own = (reference.to_owned(), event.sha.clone());
                assert!(!references.is_empty() && references.iter().all(|one| *one == own), "{references:?}");
                assert!(written(&project).iter().all(|call| call.ends_with("/code-scanning/sarifs")), "all is green");
            }
            None => assert_eq!(written(&project), Vec::<String>::new(), "{}", event.name),
        }
    }
}

fn statuses_are_set_on_what_is_required() {
    for (event, commit) in
        [(Event::merge_group as Maker, "refs/pull/7/merge"), (|project| Event::pull_request(project, "o/r"), "feature")]
    {
        let project = project();
        let event = event(&project);
        let mut flow = Flow::new(STATUSES, &project, &event);
        flow.npm = format!("{}; exit $(expr \"$*\" : test.*)", flow.npm);
        let jobs = flow.run();
        assert_eq!(the(&jobs, "judge").result, "success", "{}", the(&jobs, "judge").left.log);
        let commit = project.git(&["rev-parse", commit]);
        let states = project.github.state(|state| state.statuses[&commit].clone());
        let states: BTreeMap<String, String> = states.into_iter().map(|one| (one.context, one.state)).collect();
        let mut expected: BTreeMap<String, String> = GATES.map(|gate| (gate.to_owned(), "success".to_owned())).into();
        expected.insert("Tests".to_owned(), "failure".to_owned());
        assert_eq!(states, expected, "{}", event.name);
        is_documented(&project);
    }
}

fn a_cancelled_measure_job_is_unknown() {
    let sandbox = project();
    let event = Event::pull_request(&sandbox, "o/r");
    for path in [CALLER, TWO_JOBS] {
        let mut flow = Flow::new(path, &sandbox, &event);
        flow.cancelled = Some("measure");
        let jobs = flow.run();
        assert_eq!(the(&jobs, "measure").result, "cancelled");
        for (gate, code) in [("Tests", 3), ("Performance", 3), ("Security", 0), ("Quality", 0)] {
            let job = the(&jobs, gate);
            assert_eq!(job.left.code, code, "{path}: {gate}: {}", job.left.log);
        }
        assert_eq!(the(&jobs, "comment").result, "success", "what is unknown is posted");
    }
    assert!(comments(&sandbox).iter().all(|body| body.contains("unknown")) && comments(&sandbox).len() == 1);
    is_documented(&sandbox);
}

fn a_failed_measure_job_still_reports() {
    let sandbox = project();
    let event = Event::pull_request(&sandbox, "o/r");
    for path in [CALLER, TWO_JOBS] {
        let mut flow = Flow::new(path, &sandbox, &event);
        flow.npm = format!("{}; exit $(expr \"$*\" : test.*)", flow.npm);
        let jobs = flow.run();
        let mut expected: BTreeMap<&str, &str> = GATES.iter().map(|gate| (*gate, "success")).collect();
        expected.extend([("measure", "failure"), ("comment", "success"), ("Tests", "failure")]);
        assert_eq!(results(&jobs), expected, "{path}: the job failed, and says so itself");
        assert_eq!(the(&jobs, "Tests").left.code, 1, "{}", the(&jobs, "Tests").left.log);
    }
    // Both workflows say the same in the one comment.
    let said = comments(&sandbox);
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(said[0].contains("Tests") && said[0].contains("needs.measure"), "{}", said[0]);
    is_documented(&sandbox);
}

fn reports_keep_their_paths() {
    let sandbox = project();
    let pull_request = Event::pull_request(&sandbox, "fork/r");
    let push = Event::push(&sandbox);
    for (event, reports, number) in [
        (&pull_request, "coverage/lcov.info\n", true),
        (&push, "coverage/lcov.info\n", false),
        (&push, "coverage\n", false),
        (&pull_request, "coverage\ndist\n", true),
        (&push, "", false),
        (&pull_request, "", true),
    ] {
        let mut flow = Flow::new(CALLER, &sandbox, event);
        flow.set("reports", reports);
        flow.set("gates", "[\"Security\"]");
        flow.set("comment", false);
        let jobs = flow.run();
        assert_eq!(the(&jobs, "Security").result, "success");
        let artifacts = flow.artifacts.0.borrow();
        let files = &artifacts["tollgate-reports"];
        let reported = files.contains_key(&PathBuf::from("coverage/lcov.info"));
        assert_eq!(reported, !reports.is_empty(), "{reports:?}: {:?}", files.keys());
        let said = files.get(&PathBuf::from("tollgate-pull-request"));
        assert_eq!(said.map(Vec::as_slice), number.then_some(&b"7\n"[..]), "{reports:?}");
        let ended = files.get(&PathBuf::from("tollgate-needs"));
        assert_eq!(ended.map(Vec::as_slice), number.then_some(&b"{\"measure\": {\"result\": \"success\"}}\n"[..]));
        assert_eq!(files.len(), usize::from(reported) + 2 * usize::from(number), "{:?}", files.keys());
    }
}

fn a_push_keeps_its_numbers() {
    let sandbox = project();
    let push = Event::push(&sandbox);
    let pull_request = Event::pull_request(&sandbox, "o/r");
    for path in [CALLER, TWO_JOBS, STATUSES] {
        for (event, cancelled, keeps) in
            [(&push, None, true), (&push, Some("measure"), false), (&pull_request, None, false)]
        {
            let mut flow = Flow::new(path, &sandbox, event);
            flow.cancelled = cancelled;
            flow.run();
            let artifacts = flow.artifacts.0.borrow();
            let kept = artifacts.get("tollgate-base");
            assert_eq!(kept.is_some(), keeps, "{path} on {}", event.name);
            let Some(kept) = kept else { continue };
            assert_eq!(kept.keys().collect::<Vec<_>>(), [&PathBuf::from("run.json")]);
            let run: serde_json::Value = serde_json::from_slice(&kept[&PathBuf::from("run.json")]).expect("JSON");
            assert_eq!(run["subject"]["commit"], event.sha.as_str());
        }
    }
}

const FORK_COMMENT: &str = "examples/workflows/fork-comment.yml";

fn forks_are_commented_afterwards() {
    let sandbox = project();
    let before = Event::pull_request(&sandbox, "fork/r");
    let first = Flow::new(CALLER, &sandbox, &before);
    first.run();
    let mut failed = Flow::new(CALLER, &sandbox, &before);
    failed.npm = format!("{}; exit $(expr \"$*\" : test.*)", failed.npm);
    failed.run();
    assert_eq!(written(&sandbox), Vec::<String>::new(), "the fork's own runs write nothing");
    let event = Event::workflow_run(&sandbox);
    let mut flow = Flow::new(FORK_COMMENT, &sandbox, &event);
    // How the measuring job ended is the fork's own word, as the reports are.
    for (artifacts, verdict, told) in [(&first.artifacts, "pass", false), (&failed.artifacts, "fail", true)] {
        flow.artifacts = artifacts.clone();
        let jobs = flow.run();
        let job = the(&jobs, "comment");
        assert_eq!(job.result, "success", "{}", job.left.log);
        let run = run_of(job);
        assert_eq!(run["subject"]["commit"], event.payload["workflow_run"]["head_sha"]);
        assert_eq!(run["subject"]["base"], sandbox.git(&["rev-parse", "main"]), "{}", run["subject"]);
        assert_eq!(run["decision"]["verdict"], verdict, "{}", job.left.log);
        assert_eq!(comments(&sandbox).len(), usize::from(told), "{}", job.left.log);
    }
    let uploads =
        sandbox.github.state(|state| state.uploads.iter().map(|one| one.reference.clone()).collect::<Vec<_>>());
    assert!(!uploads.is_empty() && uploads.iter().all(|reference| reference == "refs/pull/7/head"), "{uploads:?}");
    is_documented(&sandbox);
    // It says that it is another pull request.
    sandbox.github.state(|state| {
        let other = Pull { head: "0".repeat(40), ..state.pulls[&7].clone() };
        state.pulls.insert(8, other);
    });
    let writes = written(&sandbox);
    for (said, word) in
        [("8\n", "judged was"), ("8; rm -rf /\n", "pull-request"), ("\u{1b}[2J::error::x\n", "pull-request")]
    {
        let number = PathBuf::from("tollgate-pull-request");
        flow.artifacts.0.borrow_mut().get_mut("tollgate-reports").expect("reports").insert(number, said.into());
        let jobs = flow.run();
        let job = the(&jobs, "comment");
        assert_ne!(job.result, "success", "{said:?}: {}", job.left.log);
        assert!(job.left.log.contains(word), "{said:?}: {}", job.left.log);
        assert!(!job.left.log.contains('\u{1b}'), "{}", job.left.log);
        assert_eq!(written(&sandbox), writes, "nothing was posted");
    }
    // A change of the own repository has its comment already.
    let mut event = event;
    event.payload["workflow_run"]["head_repository"]["full_name"] = "o/r".into();
    assert!(Flow::new(FORK_COMMENT, &sandbox, &event).run().is_empty());
}

fn run_of(job: &Job) -> serde_json::Value {
    let calls = job.host.calls_of("tollgate");
    let out = calls[1].iter().find_map(|word| word.strip_prefix("--out=")).expect("a folder");
    let text = fs::read_to_string(format!("{out}/run.json")).expect("run.json");
    serde_json::from_str(&text).expect("JSON")
}

fn a_hostile_artifact_adds_reports() {
    let sandbox = project();
    let event = Event::pull_request(&sandbox, "fork/r");
    let lax =
        "[coverage]\nreports = [\"coverage/lcov.info\"]\n[gates.Tests]\nconditions = [\"coverage.lines >= 0%\"]\n";
    for links in [false, true] {
        let mut host = Host::new();
        let workspace = host.join("workspace");
        fs::create_dir(&workspace).expect("a folder");
        clone(&sandbox, &event.sha, &workspace);
        let config = fs::read_to_string(workspace.join(".git/config")).expect("git's configuration");
        let folder = report(&host, "coverage/lcov.info", &lcov([1, 0]));
        for (path, text) in [
            ("src/a.ts", "a;\n"),
            ("tollgate.toml", lax),
            (".tollgate/suppressions.toml", "x"),
            (".github/workflows/evil.yml", "on: push\n"),
            (".git/config", "[core]\n\tfsmonitor = touch PWNED\n"),
            (".git/hooks/post-checkout", "#!/bin/sh\ntouch PWNED\n"),
            ("CODEOWNERS", "* @evil\n"),
            ("::error::forged", "x"),
            ("run.json", "{\"decision\": {\"verdict\": \"pass\"}}"),
        ] {
            report(&host, path, text);
        }
        if links {
            let place = host.join("temp/tollgate-reports");
            std::os::unix::fs::symlink("/etc", place.join("linked")).expect("a link");
            std::os::unix::fs::symlink("/etc/passwd", place.join("password")).expect("a link");
        }
        let left = act(
            &mut host,
            &sandbox,
            &event,
            &event.sha,
            &[("gate", "Tests"), ("needs", SUCCESS), ("reports", &folder)],
        );
        // Half of the lines are covered, and the policy is the base's.
        assert_eq!((left.code, left.outputs["verdict"].as_str()), (1, "fail"), "{}", left.log);
        assert!(commands(&left.log).iter().all(|line| !line.starts_with("::error::forged")), "{}", left.log);
        let status = sandbox.git(&["-C", workspace.to_str().expect("UTF-8"), "status", "--porcelain", "-uall"]);
        let mut added: Vec<&str> = status.lines().collect();
        added.retain(|line| !line.contains("::error::forged"));
        assert_eq!(added, ["?? run.json"], "a file that means nothing there");
        assert_eq!(fs::read_to_string(workspace.join(".git/config")).expect("git's configuration"), config);
        for path in [".git/hooks/post-checkout", "PWNED", "CODEOWNERS", ".github", ".tollgate", "linked", "password"] {
            assert!(!workspace.join(path).exists(), "{path}");
        }
    }
}

fn an_artifact_beyond_all_bounds_is_refused() {
    let sandbox = project();
    let event = Event::pull_request(&sandbox, "fork/r");
    let mut host = Host::new();
    let folder = report(&host, "coverage/lcov.info", &lcov([1, 1]));
    // Nothing of it is on the disk.
    let file = fs::File::create(host.join("temp/tollgate-reports/huge")).expect("a file");
    file.set_len(5 << 30).expect("a file with a hole");
    let left = act(&mut host, &sandbox, &event, &event.sha, &[("gate", "Tests"), ("reports", &folder)]);
    assert_eq!((left.code, left.outputs["verdict"].as_str()), (2, "unknown"), "{}", left.log);
    assert!(left.summary.contains("holds more than"), "{}", left.summary);
    assert!(!host.join("workspace/huge").exists());
}
