//! Summary, annotations, outputs, gates.

use super::*;

/// Outputs as a runner reads them.
pub(super) fn outputs(text: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let (name, mark) = line.split_once("<<").unwrap_or_else(|| panic!("no output: {line}"));
        let value: Vec<&str> = lines.by_ref().take_while(|line| *line != mark).collect();
        outputs.insert(name.to_owned(), value.join("\n"));
    }
    outputs
}

#[test]
fn outputs_name_what_happened() {
    let scene = Scene::usual();
    scene.post(&[]);
    let outputs = outputs(&scene.read("step-output"));
    let expected = |name: &str| outputs[name].as_str();
    assert_eq!(expected("verdict"), "unknown");
    assert_eq!((expected("failed-gates"), expected("unknown-gates")), (r#"["Security"]"#, r#"["Tests"]"#));
    assert_eq!(expected("sarif-file"), scene.path("out/report.sarif"));
    assert_eq!(expected("upload-file"), scene.path("out/upload/01.sarif"));
    assert_eq!(expected("upload-files"), json!([scene.path("out/upload/01.sarif")]).to_string());
    assert_eq!(expected("report-file"), scene.path("out/summary.md"));
    assert!(expected("comment-url").contains("/octo/shop/pull/7#issuecomment-"));
    let marks: Vec<String> =
        scene.read("step-output").lines().filter_map(|line| Some(line.split_once("<<")?.1.to_owned())).collect();
    let distinct: std::collections::BTreeSet<&String> = marks.iter().collect();
    assert_eq!((marks.len(), distinct.len()), (8, 8));
}

#[test]
fn some_gates_alone() {
    let scene = Scene::usual();
    let posted = scene.post(&["--to", "statuses,outputs", "--gate", "Quality", "--gate", "Performance"]);
    assert_eq!((posted.code(), posted.calls), (0, 2));
    assert_eq!(scene.statuses(&head()).into_keys().collect::<Vec<_>>(), ["Performance", "Quality"]);
    let outputs = outputs(&scene.read("step-output"));
    assert_eq!((outputs["verdict"].as_str(), outputs["failed-gates"].as_str()), ("warn", "[]"));
    let posted = scene.post(&["--gate", "Nope"]);
    assert_eq!(posted.code(), 2);
    assert!(posted.refusal().contains("Tests, Security"));
}

#[test]
fn a_gate_that_was_not_judged_is_not_posted() {
    let scene = Scene::usual();
    let mut run = usual(&merge());
    run.decision.gates[3].judged = false;
    scene.judge(&run);
    scene.post(&["--to", "statuses"]);
    assert_eq!(scene.statuses(&head()).len(), 3);
    assert_eq!(scene.post(&["--to", "statuses", "--gate", "Quality"]).code(), 3);
    run.decision.gates.iter_mut().for_each(|gate| gate.judged = false);
    scene.judge(&run);
    assert_eq!(scene.post(&["--to", "statuses"]).code(), 3);
}

#[test]
fn no_status_looks_better_than_the_run() {
    let scene = Scene::usual();
    let mut run = run_of(&merge(), vec![gate("Tests", Verdict::Pass, "fine"), gate("Security", Verdict::Fail, "bad")]);
    run.decision.unfinished.push("bundle".to_owned());
    run.decision.verdict = Verdict::Unknown;
    scene.judge(&run);
    assert_eq!(scene.post(&["--to", "statuses"]).code(), 0);
    let expected = [("Tests", "error"), ("Security", "failure")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(scene.statuses(&head()), expected.into());
    let text = scene
        .github
        .state(|state| state.statuses[&head()].iter().find(|s| s.context == "Tests").unwrap().description.clone());
    assert!(text.unwrap().starts_with("bundle did not see everything"));
    // A gate that is unknown for it already says so; the others stand.
    run.decision.gates[1] = gate("Security", Verdict::Unknown, "bundle.total is not known");
    run.decision.gates[1].reasons[0].checker = Some("bundle".to_owned());
    scene.judge(&run);
    scene.post(&["--to", "statuses"]);
    assert_eq!(scene.statuses(&head())["Tests"], "success");
}

#[test]
fn a_category_keeps_things_apart() {
    let scene = Scene::usual();
    scene.post(&["--to", "comment,statuses", "--category", "apps/api"]);
    scene.post(&["--to", "comment,statuses"]);
    assert_eq!((scene.comments().len(), scene.statuses(&head()).len()), (2, 8));
    assert!(scene.statuses(&head()).contains_key("apps/api/Tests"));
    assert!(scene.comments()[0].starts_with("<!-- tollgate:comment apps/api run=1001 "));
    scene.clean();
}

#[test]
fn gates_that_differ_in_case_alone_share_the_worst() {
    let scene = Scene::usual();
    scene.judge(&run_of(&merge(), vec![gate("tests", Verdict::Fail, "bad"), gate("Tests", Verdict::Pass, "fine")]));
    scene.post(&["--to", "statuses"]);
    assert_eq!(scene.statuses(&head()), [("tests".to_owned(), "failure".to_owned())].into());
}

#[test]
fn annotations_and_own_messages_together_keep_within_what_is_shown() {
    let mut scene = Scene::usual();
    let gates = (0..30).map(|i| gate(&format!("G{i}"), if i % 2 == 0 { Verdict::Fail } else { Verdict::Warn }, "x"));
    scene.judge(&run_of(&merge(), gates.collect()));
    scene.set("GITHUB_TOKEN", "wrong");
    let posted = scene.post(&["--to", "annotations,comment,sarif"]);
    let count = |start: &str| posted.output.out.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((count("::error "), count("::warning "), count("::notice ")), (10, 10, 1), "{}", posted.output.out);
    assert_eq!(posted.said("warning").len(), 2);
}

#[test]
fn a_step_summary_that_cannot_be_written_is_a_warning() {
    let mut scene = Scene::usual();
    let folder = scene.path("");
    scene.set("GITHUB_STEP_SUMMARY", &folder);
    scene.set("GITHUB_OUTPUT", &folder);
    let posted = scene.post(&["--to", "summary,outputs"]);
    assert_eq!((posted.code(), posted.said("warning").len()), (0, 2), "{posted:?}");
}

#[test]
fn a_long_summary_is_cut_in_the_comment_and_kept_in_the_summary() {
    let scene = Scene::usual();
    let long = format!("## x\n\n<details>\n\n{}\n</details>\n", "- a line of many\n".repeat(20_000));
    std::fs::write(scene.out().join("summary.md"), &long).unwrap();
    scene.post(&["--to", "comment,summary"]);
    let comment = &scene.comments()[0];
    assert!(comment.chars().count() <= 65_536 && comment.contains("</details>\n\n**Cut here**"));
    assert!(comment.ends_with("/octo/shop/actions/runs/1001) keeps all of it."), "{}", &comment[comment.len() - 200..]);
    assert!(scene.read("step-summary.md").contains(long.trim_end()));
    scene.clean();
}
