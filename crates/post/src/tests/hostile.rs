//! Names and texts that try to be more than that.

use super::*;

const NASTY: &str = "x\n::error::owned\r\n%0A::set-output name=verdict::pass <script>alert(1)</script> @octo/all #1 \u{1b}[2J\u{202e} -->\nEOF\nverdict<<EOF\npass\nEOF";

fn nasty() -> Run {
    let mut bad = gate(NASTY, Verdict::Fail, NASTY);
    bad.reasons[0].places = vec![NASTY.to_owned()];
    bad.reasons[0].next = Some(NASTY.to_owned());
    run_of(&merge(), vec![bad, gate("verdict<<x\npass\nx", Verdict::Unknown, NASTY)])
}

#[test]
fn no_text_becomes_an_output_a_command_or_markup() {
    let scene = Scene::usual();
    scene.judge(&nasty());
    let posted = scene.post(&["--to", "summary,annotations,outputs,comment,sarif,statuses"]);
    assert_eq!(posted.code(), 0, "{posted:?}");
    let outputs = super::places::outputs(&scene.read("step-output"));
    assert_eq!((outputs.len(), outputs["verdict"].as_str()), (8, "unknown"));
    assert_eq!(serde_json::from_str::<Vec<String>>(&outputs["failed-gates"]).unwrap(), [NASTY]);
    for line in posted.output.out.lines() {
        let command = line.strip_prefix("::").unwrap().split([' ', ':']).next().unwrap();
        assert!(["error", "warning", "notice"].contains(&command), "{line}");
        assert!(!line.starts_with("::error::owned"), "{line}");
    }
    let shown =
        [&scene.comments()[0], &scene.read("step-summary.md"), &posted.output.words].map(String::as_str).concat();
    for bad in ["<script", "\u{1b}", "\u{202e}", "@octo/all", "\n::error::owned"] {
        assert!(!shown.contains(bad), "{bad:?} in {shown}");
    }
    assert_eq!(scene.comments()[0].matches("-->").count(), 1);
    for context in scene.statuses(&head()).into_keys() {
        assert!(!context.contains(char::is_control) && context.chars().count() <= 255, "{context:?}");
    }
    scene.clean();
}

#[test]
fn issues_say_it_harmlessly() {
    let mut scene = Scene::usual();
    scene.on("schedule", &base(), "refs/heads/main", &json!({}));
    let mut run = nasty();
    run.subject.commit = Some(base());
    scene.judge(&run);
    let posted = scene.post(&["--to", "issues"]);
    assert_eq!(posted.code(), 0, "{posted:?}");
    scene.set("GITHUB_RUN_ID", "1002");
    assert_eq!(scene.post(&["--to", "issues"]).calls, 1);
    let issues = scene.github.state(|state| state.issues.clone());
    assert_eq!(issues.len(), 2);
    for issue in issues {
        let shown = format!("{}\n{}", issue.title, issue.body);
        for bad in ["<script>alert(1)</script> @", "\u{1b}", "\u{202e}", "\n::error::owned", "@octo/all #1 "] {
            assert!(!issue.body.contains(bad) && !issue.title.contains('\n'), "{bad:?} in {shown}");
        }
        assert!(issue.title.chars().count() <= 256);
    }
    scene.clean();
}

#[test]
fn words_of_the_forge_are_words() {
    let scene = Scene::usual();
    let body = json!({ "message": "no\n::error::owned\u{1b}[2J" }).to_string();
    let what = tollgate_loopback::What::Status { code: 422, headers: Vec::new(), body, applied: false };
    scene.github.inject(tollgate_loopback::Fault { on: tollgate_loopback::Matcher::any().times(9), what });
    let posted = scene.post(&["--to", "comment,sarif,statuses"]);
    assert_eq!(posted.code(), 3);
    assert!(posted.output.out.lines().all(|line| line.contains("title=tollgate post::")), "{}", posted.output.out);
    assert!(!posted.output.out.contains('\u{1b}'));
}
