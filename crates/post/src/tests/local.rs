//! Without a token, without a workflow.

use super::*;

#[test]
fn without_a_token_what_needs_one_is_left_out() {
    let mut scene = Scene::usual();
    scene.variables.remove("GITHUB_TOKEN");
    let posted = scene.post(&[]);
    assert_eq!((posted.code(), posted.calls), (0, 0));
    assert_eq!(posted.said("notice").len(), 2, "{posted:?}");
    assert!(!scene.read("step-summary.md").is_empty() && !scene.read("step-output").is_empty());
    let posted = scene.post(&["--to", "statuses"]);
    assert_eq!((posted.code(), posted.calls), (3, 0));
    assert!(posted.said("error")[0].contains("GITHUB_TOKEN is set"));
}

#[test]
fn outside_of_a_workflow_words_are_words() {
    let mut scene = Scene::usual();
    for name in [
        "GITHUB_ACTIONS",
        "GITHUB_EVENT_NAME",
        "GITHUB_EVENT_PATH",
        "GITHUB_STEP_SUMMARY",
        "GITHUB_OUTPUT",
        "GITHUB_TOKEN",
    ] {
        scene.variables.remove(name);
    }
    let posted = scene.post(&["--to", "summary,outputs,comment,sarif"]);
    assert_eq!((posted.code(), posted.output.out.as_str()), (0, ""));
    assert!(posted.output.words.contains("GITHUB_STEP_SUMMARY is not set"));
    let token = scene.github.setup().token.clone();
    scene.set("TOLLGATE_TOKEN", &token);
    scene.judge(&usual(&head()));
    let posted = scene.post(&["--to", "comment,statuses", "--pull-request", "7"]);
    assert_eq!((posted.code(), scene.comments().len(), scene.statuses(&head()).len()), (0, 1, 4), "{posted:?}");
    scene.judge(&usual(&base()));
    assert_eq!(scene.post(&["--to", "comment,statuses", "--pull-request", "7"]).code(), 3);
    scene.clean();
}

#[test]
fn what_cannot_be_read_is_refused() {
    let scene = Scene::usual();
    let run = scene.out().join("run.json");
    for text in ["", "{", "[]", r#"{"schema": "tollgate.run/9"}"#] {
        std::fs::write(&run, text).unwrap();
        let posted = scene.post(&[]);
        assert_eq!((posted.code(), posted.calls), (3, 0));
        assert!(posted.refusal().contains("run.json"), "{}", posted.refusal());
    }
    let mut other = usual(&merge());
    other.schema = "tollgate.run/2".to_owned();
    scene.judge(&other);
    assert!(scene.post(&[]).refusal().contains("tollgate.run/1"));
    std::fs::write(&run, "[".repeat(100_000)).unwrap();
    assert_eq!(scene.post(&[]).code(), 3);
    std::fs::remove_dir_all(scene.out()).unwrap();
    assert_eq!(scene.post(&[]).code(), 3);
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_folder_are_not_followed() {
    let scene = Scene::usual();
    std::fs::write(scene.path("secret"), "{}").unwrap();
    let upload = scene.out().join("upload/02.sarif");
    std::os::unix::fs::symlink(scene.path("secret"), upload).unwrap();
    let posted = scene.post(&["--to", "sarif"]);
    assert_eq!((posted.code(), posted.said("warning").len(), scene.uploads().len()), (0, 1, 1), "{posted:?}");
    let summary = scene.out().join("summary.md");
    std::fs::remove_file(&summary).unwrap();
    std::os::unix::fs::symlink(scene.path("secret"), summary).unwrap();
    assert_eq!(scene.post(&["--to", "summary"]).code(), 3);
}

#[test]
fn without_a_summary_one_is_made() {
    let scene = Scene::usual();
    std::fs::remove_file(scene.out().join("summary.md")).unwrap();
    scene.post(&["--to", "summary"]);
    assert!(scene.read("step-summary.md").contains("secrets.findings is 1"));
}
