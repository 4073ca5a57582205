//! Changes from forks: a token that only reads, and the run after the run.

use tollgate_loopback::{Access, Permissions};

use super::*;

#[test]
fn a_token_that_only_reads_is_a_notice_and_everything_else_happens() {
    let mut scene = Scene::new(Setup { permissions: Permissions::all(Access::Read), ..Setup::default() });
    scene.on("pull_request", &merge(), "refs/pull/7/merge", &pull_payload(true));
    let posted = scene.post(&[]);
    assert_eq!(posted.code(), 0, "{posted:?}");
    let notices = posted.said("notice");
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert!(notices[0].starts_with("comment: ") && notices[1].starts_with("sarif: "), "{notices:?}");
    assert!(posted.said("warning").is_empty() && posted.said("error").is_empty());
    assert!(scene.read("step-summary.md").contains("secrets.findings is 1"));
    assert!(scene.read("step-output").contains("unknown"));
    assert!(posted.output.out.contains("::error title=unknown%3A Tests::"));
    scene.clean();
}

#[test]
fn statuses_that_cannot_be_set_are_a_verdict_that_is_lost() {
    let scene = Scene::new(Setup { permissions: Permissions::all(Access::Read), ..Setup::default() });
    let posted = scene.post(&["--to", "statuses,summary"]);
    assert_eq!(posted.code(), 3);
    assert_eq!(posted.said("error").len(), 4);
    assert!(posted.said("error")[0].contains("Resource not accessible by integration"));
    assert!(!scene.read("step-summary.md").is_empty());
}

#[test]
fn a_wrong_token_is_a_warning() {
    let mut scene = Scene::usual();
    scene.set("TOLLGATE_TOKEN", "another");
    let posted = scene.post(&["--to", "comment"]);
    assert_eq!((posted.code(), posted.said("warning").len()), (0, 1), "{posted:?}");
    assert!(!format!("{posted:?}").contains("another"));
}

#[test]
fn code_scanning_that_is_switched_off_is_a_notice() {
    let scene = Scene::new(Setup { code_scanning: false, ..Setup::default() });
    std::fs::write(scene.out().join("upload/02.sarif"), sarif("bundle").to_string()).unwrap();
    let posted = scene.post(&["--to", "sarif"]);
    assert_eq!((posted.code(), posted.said("notice").len(), posted.calls), (0, 1, 1), "{posted:?}");
}

/// The run after the run of a fork's pull request.
fn after(scene: &mut Scene, head_sha: &str) {
    let payload = json!({
        "action": "completed",
        "workflow_run": { "id": 900, "run_attempt": 2, "event": "pull_request", "head_sha": head_sha, "head_branch": "main",
                          "head_repository": { "full_name": "mallory/shop" }, "pull_requests": [] },
        "repository": { "default_branch": "main", "full_name": "octo/shop" },
    });
    scene.on("workflow_run", &base(), "refs/heads/main", &payload);
    scene.judge(&usual(head_sha));
    std::fs::write(scene.path("number"), "7\n").unwrap();
}

#[test]
fn the_run_after_the_run_posts_what_the_forge_confirms() {
    let mut scene = Scene::usual();
    after(&mut scene, &head());
    let file = scene.path("number");
    for given in ["7", &file] {
        let posted = scene.post(&["--pull-request", given]);
        assert_eq!(posted.code(), 0, "{posted:?}");
    }
    assert_eq!(scene.comments().len(), 1);
    assert!(scene.comments()[0].contains("run=900 attempt=2"), "{:?}", scene.comments());
    assert!(scene.comments()[0].contains("/actions/runs/900)"));
    assert_eq!(scene.uploads()[0], (head(), "refs/pull/7/head".to_owned()));
    assert_eq!(scene.github.complaints(), Vec::<String>::new());
}

#[test]
fn a_number_that_is_not_true_posts_nothing() {
    let mut scene = Scene::usual();
    after(&mut scene, &head());
    scene.github.state(|state| {
        let other = Pull::open("kim", "octo/shop", &"e".repeat(40));
        state.pulls.insert(8, other);
        let closed = Pull { open: false, ..Pull::open("kim", "octo/shop", &head()) };
        state.pulls.insert(9, closed);
    });
    for (number, word) in [("8", "its head is"), ("9", "not open"), ("77", "not found")] {
        let posted = scene.post(&["--pull-request", number]);
        assert_eq!((posted.code(), posted.calls), (3, 1), "{posted:?}");
        assert!(
            posted.refusal().contains(word) && posted.refusal().contains("nothing is posted"),
            "{}",
            posted.refusal()
        );
        assert!(posted.output.out.is_empty() && scene.read("step-summary.md").is_empty());
    }
    std::fs::write(scene.path("number"), r#"{"pull_request": "7\n::error::"}"#).unwrap();
    let file = scene.path("number");
    assert_eq!(scene.post(&["--pull-request", &file]).code(), 3);
    assert!(scene.github.state(|state| state.comments.is_empty() && state.uploads.is_empty()));
    scene.clean();
}

#[test]
fn a_run_of_another_commit_than_that_of_the_run_before_is_refused() {
    let mut scene = Scene::usual();
    after(&mut scene, &head());
    scene.judge(&usual(&base()));
    let posted = scene.post(&["--pull-request", "7"]);
    assert_eq!((posted.code(), posted.calls), (3, 0));
}

#[test]
fn what_rests_on_the_changes_own_word_is_no_status() {
    let mut scene = Scene::usual();
    after(&mut scene, &head());
    for to in ["statuses", "issues", "summary,statuses"] {
        let posted = scene.post(&["--to", to, "--pull-request", "7"]);
        assert_eq!((posted.code(), posted.calls), (2, 0), "{posted:?}");
    }
    assert_eq!(scene.post(&["--to", "comment"]).code(), 2);
}

#[test]
fn the_run_after_a_push_has_sarif_but_no_comment() {
    let mut scene = Scene::usual();
    for (repository, expected) in [("octo/shop", Some("refs/heads/main")), ("mallory/shop", None)] {
        let payload = json!({
            "workflow_run": { "id": 900, "run_attempt": 1, "event": "push", "head_sha": base(), "head_branch": "main",
                              "head_repository": { "full_name": repository }, "pull_requests": [] },
        });
        scene.on("workflow_run", &base(), "refs/heads/main", &payload);
        scene.judge(&usual(&base()));
        scene.github.state(|state| state.uploads.clear());
        assert_eq!(scene.post(&["--to", "comment,sarif"]).code(), 0);
        let references: Vec<String> = scene.uploads().into_iter().map(|(_, reference)| reference).collect();
        assert_eq!(references.first().map(String::as_str), expected);
    }
    assert!(scene.comments().is_empty());
}

#[test]
fn a_branch_of_this_repository_is_named_by_the_payload() {
    let mut scene = Scene::usual();
    let payload = json!({
        "workflow_run": { "id": 900, "run_attempt": 1, "event": "pull_request", "head_sha": head(), "head_branch": "change",
                          "head_repository": { "full_name": "octo/shop" },
                          "pull_requests": [{ "number": 7, "head": { "sha": head() } }] },
    });
    scene.on("workflow_run", &base(), "refs/heads/main", &payload);
    scene.judge(&usual(&head()));
    assert_eq!(scene.post(&["--to", "comment"]).code(), 0);
    assert_eq!(scene.comments().len(), 1);
    scene.clean();
}
