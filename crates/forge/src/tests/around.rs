//! Statuses, uploads, reviews, issues.

use serde_json::json;
use tollgate_loopback::{Access, Permissions, Review, ReviewState};
use tollgate_model::Verdict;

use super::*;
use crate::reviews::{self, Approval};
use crate::status::{self, Status};
use crate::tracking::{self, Change, Gate, Origin};
use crate::upload::{self, Sarif};

#[test]
fn statuses_say_what_the_gates_say() {
    let github = start(Setup::default());
    let client = client(&github);
    let head = head();
    for (context, verdict) in [
        ("Tests", Verdict::Pass),
        ("a", Verdict::Warn),
        ("b", Verdict::Fail),
        ("c", Verdict::Unknown),
        ("Tests", Verdict::Fail),
    ] {
        let description = "word ".repeat(50);
        let url = Some("https://example.com/run");
        status::set(&client, &Status { commit: &head, context, verdict, description: &description, url }).unwrap();
    }
    let set: Vec<_> = github.state(|state| {
        state.statuses[&head].iter().map(|status| (status.context.clone(), status.state.clone())).collect()
    });
    let expected = [("Tests", "success"), ("a", "success"), ("b", "failure"), ("c", "error"), ("Tests", "failure")];
    assert_eq!(set, expected.map(|(context, state)| (context.to_owned(), state.to_owned())));
    clean(&github);
}

fn file<'a>(bytes: &'a [u8], head: &'a str) -> Sarif<'a> {
    Sarif { name: "01.sarif", bytes, commit: head, reference: "refs/pull/7/head" }
}

fn log() -> Vec<u8> {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
        "runs": [{ "tool": { "driver": { "name": "x", "rules": [] } }, "results": [], "automationDetails": { "id": "x/" } }],
    })
    .to_string()
    .into_bytes()
}

#[test]
fn a_file_arrives_as_it_is() {
    let github = start(Setup::default());
    let client = client(&github);
    upload::sarif(&client, &file(&log(), &head())).unwrap();
    let (bytes, reference) =
        github.state(|state| (state.uploads[0].sarif.to_string(), state.uploads[0].reference.clone()));
    assert_eq!((bytes.into_bytes(), reference.as_str()), (log(), "refs/pull/7/head"));
    assert_eq!(client.calls(), 1);
    clean(&github);
    let wrong = Sarif { reference: "main", ..file(b"{}", "abc") };
    assert!(
        upload::sarif(&client, &wrong).is_err() && upload::sarif(&client, &Sarif { commit: &head(), ..wrong }).is_err()
    );
    assert_eq!(client.calls(), 1);
}

#[test]
fn switched_off_and_not_allowed_are_told_apart() {
    let github = start(Setup { code_scanning: false, ..Setup::default() });
    let error = upload::sarif(&client(&github), &file(&log(), &head())).unwrap_err();
    assert!(matches!(error, ForgeError::NotEnabled { .. }), "{error:?}");
    let github = start(Setup { permissions: Permissions::all(Access::Read), ..Setup::default() });
    let error = upload::sarif(&client(&github), &file(&log(), &head())).unwrap_err();
    assert!(matches!(error, ForgeError::NotAllowed { .. }), "{error:?}");
}

fn review(author: &str, state: ReviewState, commit: Option<String>) -> Review {
    Review { author: author.to_owned(), state, commit, submitted: 1 }
}

#[test]
fn approvals_are_those_that_stand_of_people_who_may_write() {
    let github = start(Setup { page: 2, ..Setup::default() });
    github.state(|state| {
        let approved = |author: &str| review(author, ReviewState::Approved, Some(head()));
        let reviews = &mut state.pulls.get_mut(&PULL).unwrap().reviews;
        reviews.extend(["ann", "bob", "passer-by", "cay", "dan", "eve"].map(approved));
        reviews.push(review("bob", ReviewState::ChangesRequested, Some(head())));
        reviews.push(review("cay", ReviewState::Commented, Some(head())));
        reviews.push(review("fay", ReviewState::Approved, None));
        reviews.push(review("ghost", ReviewState::Approved, Some(head())));
        state.writers.extend(["ann", "bob", "cay", "dan", "eve", "fay", "ghost"].map(str::to_owned));
    });
    let found = reviews::of(&client(&github), PULL).unwrap();
    let by: Vec<&str> = found.approvals.iter().map(|approval| approval.by.as_str()).collect();
    assert_eq!((found.author.as_str(), found.head.clone(), by), ("kim", head(), vec!["ann", "cay", "dan", "eve"]));
    assert_eq!(found.approvals[0], Approval { by: "ann".to_owned(), commit: head() });
    assert!(!found.code_owner_review);
    let json = serde_json::to_value(&found).unwrap();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["author", "approvals", "code_owner_review"]);
    clean(&github);
}

#[test]
fn code_owners_are_asked_where_a_rule_in_force_says_so() {
    let github = start(Setup { page: 1, ..Setup::default() });
    let rule = |asked: bool| json!({ "type": "pull_request", "parameters": { "require_code_owner_review": asked } });
    github.state(|state| {
        state.pulls.get_mut(&PULL).unwrap().base_ref = "release/1.x".to_owned();
        let rules = vec![json!({ "type": "deletion" }), rule(false), rule(true)];
        state.rules.insert("release/1.x".to_owned(), rules);
    });
    assert!(reviews::of(&client(&github), PULL).unwrap().code_owner_review);
    assert!(github.requests().iter().any(|request| request.path.contains("/rules/branches/release%2F1.x?")));
    clean(&github);
}

/// Runs a sync; answers what was done.
fn sync(github: &Arc<GitHub>, run: u64, gates: &[(&str, Verdict, &str)]) -> Vec<(&'static str, String)> {
    let category = category();
    let key = RunKey { run, attempt: 1 };
    let head = head();
    let origin = Origin { category: &category, key, commit: &head, cut: CUT };
    let gates: Vec<Gate<'_>> =
        gates.iter().map(|(name, verdict, body)| Gate { name, verdict: *verdict, body }).collect();
    let changes = tracking::sync(&client(github), &origin, &gates).unwrap();
    changes.into_iter().map(|Change { what, gate, .. }| (what, gate)).collect()
}

fn did(what: &'static str, gate: &str) -> (&'static str, String) {
    (what, gate.to_owned())
}

#[test]
fn a_gate_that_fails_has_an_issue_until_it_passes() {
    let github = start(Setup::default());
    assert_eq!(sync(&github, 1, &[("Tests", Verdict::Pass, "")]), []);
    let done =
        sync(&github, 2, &[("Tests", Verdict::Fail, "3 short"), ("Security & -->", Verdict::Unknown, "no report")]);
    assert_eq!(done, [did("opened", "Tests"), did("opened", "Security & -->")]);
    assert_eq!(sync(&github, 3, &[("Tests", Verdict::Fail, "3 short")]), []);
    assert_eq!(sync(&github, 4, &[("Tests", Verdict::Fail, "2 short")]), [did("updated", "Tests")]);
    assert_eq!(sync(&github, 3, &[("Tests", Verdict::Pass, "")]), []);
    assert_eq!(sync(&github, 5, &[("Tests", Verdict::Warn, "")]), [did("closed", "Tests")]);
    let issues = github.state(|state| state.issues.clone());
    assert_eq!(issues.len(), 2);
    assert_eq!((issues[0].title.as_str(), issues[0].open, issues[1].open), ("Gate Tests does not pass", false, true));
    assert_eq!(issues[0].labels, ["tollgate"]);
    assert!(
        issues[0].body.contains(&format!("Passes since commit {}.", head())) && issues[0].body.ends_with("2 short")
    );
    assert_eq!(sync(&github, 6, &[("Tests", Verdict::Fail, "again")]), [did("opened", "Tests")]);
    clean(&github);
}

#[test]
fn other_peoples_issues_are_left_alone() {
    let github = start(Setup { page: 1, ..Setup::default() });
    let body = "<!-- tollgate:gate tollgate gate=Tests run=1 attempt=1 -->\nx";
    github.state(|state| {
        state.add_issue("mallory", "Gate Tests does not pass", body, &["tollgate"]);
        state.add_issue("github-actions[bot]", "another", "of another tool", &["tollgate"]);
    });
    assert_eq!(sync(&github, 2, &[("Tests", Verdict::Pass, "")]), []);
    assert_eq!(sync(&github, 3, &[("Tests", Verdict::Fail, "x")]), [did("opened", "Tests")]);
    assert!(github.state(|state| state.issues[0].open && state.issues[0].body == body));
    clean(&github);
}

#[test]
fn runs_that_meet_leave_one_issue_per_gate() {
    let github = start(Setup { latency: Duration::from_millis(60), ..Setup::default() });
    std::thread::scope(|scope| {
        for run in 1..=12 {
            let github = &github;
            scope.spawn(move || sync(github, run, &[("Tests", Verdict::Fail, "x"), ("Quality", Verdict::Fail, "y")]));
        }
    });
    let open = github.state(|state| {
        state.issues.iter().filter(|issue| issue.open).map(|issue| issue.title.clone()).collect::<Vec<_>>()
    });
    assert_eq!(open.len(), 2, "{open:?}");
    assert!(github.state(|state| state.issues.len()) > 2, "no two runs met, so that the test means nothing");
    assert_eq!(github.complaints(), Vec::<String>::new());
}
