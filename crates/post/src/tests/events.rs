//! Every event that can start a run.

use super::*;

const STATUSES: [&str; 2] = ["--to", "comment,sarif,statuses"];

fn all_statuses() -> BTreeMap<String, String> {
    [("Tests", "error"), ("Security", "failure"), ("Performance", "success"), ("Quality", "success")]
        .map(|(context, state)| (context.to_owned(), state.to_owned()))
        .into()
}

#[test]
fn a_pull_request_judged_as_merged() {
    let scene = Scene::usual();
    let posted = scene.post(&STATUSES);
    assert_eq!(posted.code(), 0, "{posted:?}");
    assert_eq!(scene.statuses(&head()), all_statuses());
    assert!(scene.statuses(&merge()).is_empty());
    assert_eq!(scene.uploads(), [(merge(), "refs/pull/7/merge".to_owned())]);
    let comments = scene.comments();
    assert_eq!(comments.len(), 1);
    let first = format!("<!-- tollgate:comment tollgate run=1001 attempt=1 head={} -->\n## ", head());
    assert!(comments[0].starts_with(&first), "{}", comments[0]);
    assert!(comments[0].contains("secrets.findings is 1") && comments[0].contains("/octo/shop/actions/runs/1001)"));
    assert!(posted.calls <= 12, "{}", posted.calls);
    scene.clean();
}

#[test]
fn a_pull_request_judged_at_its_head() {
    let mut scene = Scene::usual();
    scene.on("pull_request", &merge(), "refs/pull/7/merge", &pull_payload(false));
    scene.judge(&usual(&head()));
    assert_eq!(scene.post(&STATUSES).code(), 0);
    assert_eq!(scene.uploads(), [(head(), "refs/pull/7/head".to_owned())]);
    assert_eq!(scene.statuses(&head()), all_statuses());
    scene.clean();
}

#[test]
fn where_the_comment_exists_eight_calls_are_enough() {
    let mut scene = Scene::usual();
    scene.post(&["--to", "comment"]);
    scene.set("GITHUB_RUN_ID", "1002");
    let posted = scene.post(&STATUSES);
    assert_eq!((posted.code(), posted.calls), (0, 8));
    assert_eq!(scene.comments().len(), 1);
    assert!(scene.comments()[0].contains("run=1002"));
    scene.clean();
}

#[test]
fn a_run_of_another_commit_is_refused() {
    let mut scene = Scene::usual();
    for run in [usual(&"c".repeat(40)), run_without_commit()] {
        scene.judge(&run);
        let posted = scene.post(&["--to", "summary,annotations,outputs,comment,sarif,statuses"]);
        assert_eq!((posted.code(), posted.calls), (3, 0), "{posted:?}");
        assert_eq!((scene.read("step-summary.md"), posted.output.out), (String::new(), String::new()));
    }
    // Of a pull_request_target the checkout is the base, which says nothing about the change.
    scene.on("pull_request_target", &base(), "refs/heads/main", &pull_payload(false));
    scene.judge(&usual(&base()));
    let posted = scene.post(&STATUSES);
    assert_eq!((posted.code(), posted.calls), (3, 0));
    assert!(posted.refusal().contains(&head()), "{}", posted.refusal());
    scene.judge(&usual(&head()));
    assert_eq!(scene.post(&STATUSES).code(), 0);
    scene.clean();
}

fn run_without_commit() -> Run {
    let mut run = usual(&head());
    run.subject.commit = None;
    run
}

#[test]
fn a_payload_that_says_nothing_is_refused() {
    let mut scene = Scene::usual();
    for (name, payload) in [
        ("pull_request", json!({})),
        ("pull_request", json!({"pull_request": {"number": 7, "head": {"sha": "main"}}})),
        ("pull_request", json!({"pull_request": {"head": {"sha": head()}}})),
        ("merge_group", json!([])),
        ("workflow_run", json!({"workflow_run": {"head_sha": head()}})),
        ("workflow_run", json!("x")),
    ] {
        scene.on(name, &merge(), "refs/heads/main", &payload);
        let posted = scene.post(&["--to", "comment"]);
        assert_eq!((posted.code(), posted.calls), (3, 0), "{name} {payload}");
    }
    std::fs::write(scene.path("event.json"), "{").unwrap();
    assert_eq!(scene.post(&[]).code(), 3);
    scene.variables.remove("GITHUB_EVENT_PATH");
    assert_eq!(scene.post(&[]).code(), 3);
}

#[test]
fn a_newer_head_or_a_newer_run_is_left_alone() {
    let mut scene = Scene::usual();
    scene.set("GITHUB_RUN_ATTEMPT", "2");
    scene.post(&["--to", "comment"]);
    scene.set("GITHUB_RUN_ATTEMPT", "1");
    let posted = scene.post(&["--to", "comment"]);
    assert!(posted.output.words.contains("newer run"), "{posted:?}");
    assert!(scene.comments()[0].contains("attempt=2"));
    scene.github.state(|state| state.pulls.get_mut(&PULL).unwrap().head = "e".repeat(40));
    scene.set("GITHUB_RUN_ID", "1005");
    let posted = scene.post(&["--to", "comment"]);
    assert_eq!(posted.code(), 0);
    assert!(posted.output.words.contains(&format!("head is {}", "e".repeat(40))));
    assert!(scene.comments()[0].contains("run=1001"));
    scene.clean();
}

#[test]
fn a_draft_gets_no_comment() {
    let scene = Scene::usual();
    scene.github.state(|state| state.pulls.get_mut(&PULL).unwrap().draft = true);
    let posted = scene.post(&STATUSES);
    assert_eq!((posted.code(), scene.comments().len(), scene.statuses(&head()).len()), (0, 0, 4));
    assert!(posted.output.words.contains("draft"));
    scene.clean();
}

#[test]
fn where_all_is_well_one_line_is_left() {
    let mut scene = Scene::usual();
    let well = run_of(&merge(), vec![gate("Tests", Verdict::Pass, "fine"), gate("Quality", Verdict::Pass, "fine")]);
    scene.judge(&well);
    let posted = scene.post(&["--to", "comment"]);
    assert_eq!((posted.code(), scene.comments().len()), (0, 0), "{posted:?}");
    scene.judge(&usual(&merge()));
    scene.post(&["--to", "comment"]);
    scene.judge(&well);
    scene.set("GITHUB_RUN_ID", "1002");
    scene.post(&["--to", "comment"]);
    let comments = scene.comments();
    assert_eq!((comments.len(), comments[0].lines().count()), (1, 2), "{comments:?}");
    assert!(comments[0].lines().nth(1).unwrap().starts_with("✓ pass: "), "{comments:?}");
    // What was accepted by the base is known, and worth a comment.
    let mut known = well;
    known.decision.warnings.push("something".to_owned());
    scene.judge(&known);
    scene.set("GITHUB_RUN_ID", "1003");
    scene.post(&["--to", "comment"]);
    assert!(scene.comments()[0].lines().count() > 2);
    scene.clean();
}

#[test]
fn a_merge_queue_gets_statuses_on_its_own_commit_and_nothing_else() {
    let mut scene = Scene::usual();
    let queued = "e".repeat(40);
    scene.github.state(|state| state.commits.insert(queued.clone()));
    let name = format!("refs/heads/gh-readonly-queue/main/pr-7-{}", base());
    scene.on(
        "merge_group",
        &queued,
        &name,
        &json!({
            "merge_group": { "head_sha": queued, "base_sha": base(), "head_ref": name, "base_ref": "refs/heads/main" },
            "repository": { "default_branch": "main" },
        }),
    );
    scene.judge(&usual(&queued));
    let posted = scene.post(&STATUSES);
    assert_eq!((posted.code(), posted.calls), (0, 4), "{posted:?}");
    assert_eq!(scene.statuses(&queued), all_statuses());
    assert!(scene.statuses(&head()).is_empty() && scene.comments().is_empty() && scene.uploads().is_empty());
    scene.clean();
}

#[test]
fn pushes_and_schedules() {
    for (event, reference, tracked) in [
        ("push", "refs/heads/main", true),
        ("push", "refs/heads/change", false),
        ("push", "refs/tags/main", false),
        ("schedule", "refs/heads/main", true),
        ("workflow_dispatch", "refs/heads/main", true),
        ("workflow_dispatch", "refs/heads/other", false),
    ] {
        let mut scene = Scene::usual();
        let repository = json!({ "default_branch": "main" });
        let payload =
            if event == "schedule" { json!({"schedule": "0 1 * * *"}) } else { json!({ "repository": repository }) };
        scene.on(event, &base(), reference, &payload);
        scene.judge(&usual(&base()));
        let posted = scene.post(&["--to", "comment,sarif,statuses,issues"]);
        assert_eq!(posted.code(), 0, "{event} {posted:?}");
        assert_eq!(scene.uploads(), [(base(), reference.to_owned())]);
        assert_eq!(scene.statuses(&base()), all_statuses());
        assert!(scene.comments().is_empty());
        let titles: Vec<String> =
            scene.github.state(|state| state.issues.iter().map(|issue| issue.title.clone()).collect());
        let expected: &[&str] =
            if tracked { &["Gate Tests does not pass", "Gate Security does not pass"] } else { &[] };
        assert_eq!(titles, expected, "{event} {reference}");
        assert_eq!(posted.said("notice").len(), usize::from(!tracked));
        scene.clean();
    }
}

#[test]
fn issues_follow_the_gates() {
    let mut scene = Scene::usual();
    scene.on("schedule", &base(), "refs/heads/main", &json!({}));
    scene.judge(&usual(&base()));
    scene.post(&["--to", "issues"]);
    scene.set("GITHUB_RUN_ID", "1002");
    let again = scene.post(&["--to", "issues"]);
    assert_eq!((again.calls, again.output.words.as_str()), (1, ""));
    let well = run_of(&base(), vec![gate("Tests", Verdict::Pass, "fine"), gate("Security", Verdict::Fail, "still")]);
    scene.judge(&well);
    scene.set("GITHUB_RUN_ID", "1003");
    let posted = scene.post(&["--to", "issues"]);
    assert!(posted.output.words.contains("closed for gate Tests (#8)"), "{posted:?}");
    assert!(posted.output.words.contains("updated for gate Security (#9)"), "{posted:?}");
    let issues = scene.github.state(|state| state.issues.clone());
    assert_eq!((issues.len(), issues[0].open, issues[1].open), (2, false, true));
    assert!(issues[1].body.contains("still"));
    scene.clean();
}

#[test]
fn the_same_on_an_enterprise_server() {
    let scene = Scene::new(Setup { enterprise: true, ..Setup::default() });
    let posted = scene.post(&STATUSES);
    assert_eq!((posted.code(), scene.comments().len(), scene.statuses(&head()).len()), (0, 1, 4), "{posted:?}");
    let paths: Vec<String> = scene.github.requests().into_iter().map(|request| request.path).collect();
    assert!(
        paths.iter().all(|path| path.starts_with("/api/v3/repos/octo/shop/") || path == "/api/graphql"),
        "{paths:?}"
    );
    scene.clean();
}
