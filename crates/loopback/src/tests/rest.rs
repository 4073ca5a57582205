//! Endpoints, one after the other: what they answer and what they refuse.

use serde_json::{Value, json};

use super::client::{Client, Response};
use super::{head, started, usual};
use crate::{Access, GitHub, Permissions, Setup};

fn silent(github: &GitHub) {
    assert_eq!(github.complaints(), Vec::<String>::new());
}

/// Every page of a list, by its links.
fn pages(client: &mut Client, path: &str) -> Vec<Response> {
    let mut pages = vec![client.get(path)];
    while let Some(next) = pages.last().unwrap().link("next") {
        assert!(pages.len() < 10, "{next}");
        pages.push(client.request("GET", &next, b"").unwrap());
    }
    pages
}

#[test]
fn comments_are_changed_and_deleted() {
    let (github, mut client) = usual();
    let id = github.state(|state| state.add_comment(7, "someone", "old"));
    let path = format!("/issues/comments/{id}");
    let changed = client.send("PATCH", &path, &json!({ "body": "new" }));
    assert_eq!((changed.status, changed.json["body"].as_str()), (200, Some("new")));
    assert_eq!(client.send("DELETE", &path, &json!({})).status, 204);
    for gone in [
        client.get(&path),
        client.send("DELETE", &path, &json!({})),
        client.send("PATCH", &path, &json!({ "body": "x" })),
    ] {
        assert_eq!((gone.status, gone.message()), (404, "Not Found"));
    }
    assert_eq!(client.post("/issues/8/comments", &json!({ "body": "x" })).status, 404);
    assert_eq!(client.get("/issues/8/comments").status, 404);
    silent(&github);
}

#[test]
fn lists_come_in_pages_with_links() {
    let (github, mut client) = started(Setup { page: 2, ..Setup::default() });
    github.state(|state| {
        for i in 1..=5 {
            state.add_comment(7, "someone", &format!("comment {i}"));
        }
    });
    let pages = pages(&mut client, "/issues/7/comments?per_page=100");
    let bodies: Vec<&str> =
        pages.iter().flat_map(|page| page.json.as_array().unwrap()).map(|c| c["body"].as_str().unwrap()).collect();
    assert_eq!(bodies, ["comment 1", "comment 2", "comment 3", "comment 4", "comment 5"]);
    let list = format!("{}/repositories/1296269/issues/7/comments?per_page=100&page=", github.api_url());
    let first = format!("<{list}2>; rel=\"next\", <{list}3>; rel=\"last\"");
    let second =
        format!("<{list}1>; rel=\"prev\", <{list}3>; rel=\"next\", <{list}3>; rel=\"last\", <{list}1>; rel=\"first\"");
    let third = format!("<{list}2>; rel=\"prev\", <{list}1>; rel=\"first\"");
    let links: Vec<Option<&str>> = pages.iter().map(|page| page.header("link")).collect();
    assert_eq!(links, [Some(first.as_str()), Some(second.as_str()), Some(third.as_str())]);
    assert_eq!(client.get("/issues/7/comments?page=9").json, json!([]));
    silent(&github);
    let (github, mut client) = usual();
    github.state(|state| {
        for _ in 0..31 {
            state.add_comment(7, "someone", "x");
        }
    });
    assert_eq!(client.get("/issues/7/comments").json.as_array().unwrap().len(), 30);
    let all = client.get("/issues/7/comments?per_page=100");
    assert_eq!((all.json.as_array().unwrap().len(), all.header("link")), (31, None));
    silent(&github);
    client.get("/issues/7/comments?per_page=101");
    client.get("/issues/7/comments?page=0");
    client.get("/issues/7/comments?sort=created");
    assert_eq!(github.complaints().len(), 3);
}

#[test]
fn issues_are_opened_listed_changed_and_closed() {
    let (github, mut client) = usual();
    github.state(|state| state.add_issue("someone", "theirs", "", &["bug"]));
    let made = client.post("/issues", &json!({ "title": "ours", "body": "text", "labels": ["tollgate"] }));
    assert_eq!((made.status, made.json["number"].as_u64(), made.json["state"].as_str()), (201, Some(9), Some("open")));
    let numbers = |response: Response| -> Vec<u64> {
        response.json.as_array().unwrap().iter().map(|issue| issue["number"].as_u64().unwrap()).collect()
    };
    assert_eq!(numbers(client.get("/issues")), [9, 8, 7]);
    let listed = client.get("/issues?direction=asc");
    assert!(listed.json[0]["pull_request"].is_object() && listed.json[1].get("pull_request").is_none());
    assert_eq!(numbers(client.get("/issues?labels=Tollgate")), [9]);
    assert_eq!(numbers(client.get("/issues?labels=tollgate%2Cbug")), [] as [u64; 0]);
    assert_eq!(numbers(client.get("/issues?creator=github-actions%5Bbot%5D")), [9]);
    let closed = client.send("PATCH", "/issues/9", &json!({ "state": "closed", "body": "done" }));
    assert_eq!((&closed.json["state"], &closed.json["state_reason"]), (&json!("closed"), &json!("completed")));
    assert!(closed.json["closed_at"].is_string());
    assert_eq!(numbers(client.get("/issues?state=open")), [8, 7]);
    assert_eq!(numbers(client.get("/issues?state=closed")), [9]);
    assert_eq!(numbers(client.get("/issues?state=all")), [9, 8, 7]);
    let opened = client.send("PATCH", "/issues/9", &json!({ "state": "open" }));
    assert_eq!((&opened.json["state_reason"], &opened.json["closed_at"]), (&json!("reopened"), &Value::Null));
    assert_eq!(client.get("/issues/9").json, opened.json);
    assert_eq!(client.send("PATCH", "/issues/99", &json!({ "state": "open" })).status, 404);
    assert_eq!(client.get("/issues/99").status, 404);
    silent(&github);
}

#[test]
fn issues_keep_their_bounds() {
    let (github, mut client) = usual();
    for body in [
        json!({ "title": " " }),
        json!({ "title": "x".repeat(257) }),
        json!({ "title": "x", "body": "x".repeat(65_537) }),
        json!({ "title": "x", "labels": [""] }),
        json!({ "title": "x", "labels": "bug" }),
        json!({ "body": "x" }),
    ] {
        assert_eq!(client.post("/issues", &body).status, 422, "{body}");
    }
    github.state(|state| state.add_issue("someone", "x", "", &[]));
    assert_eq!(client.send("PATCH", "/issues/8", &json!({ "state": "done" })).status, 422);
    assert_eq!(client.get("/issues?state=done").status, 422);
    assert_eq!(github.complaints().len(), 8);
}

#[test]
fn statuses_add_up_by_their_latest() {
    let (github, mut client) = usual();
    let sha = head();
    let combined = |client: &mut Client| {
        let response = client.get(&format!("/commits/{sha}/status"));
        (response.json["state"].as_str().unwrap().to_owned(), response.json["total_count"].as_u64().unwrap())
    };
    assert_eq!(combined(&mut client), ("pending".to_owned(), 0));
    let path = format!("/statuses/{sha}");
    let status =
        |state: &str, context: &str| json!({ "state": state, "context": context, "target_url": "https://ci.test/1" });
    let made = client.post(&path, &status("failure", "Tests"));
    assert_eq!((made.status, made.json["context"].as_str()), (201, Some("Tests")));
    assert_eq!(made.json["creator"]["login"], "github-actions[bot]");
    client.post(&path, &status("success", "Security"));
    assert_eq!(combined(&mut client), ("failure".to_owned(), 2));
    client.post(&path, &status("success", "TESTS"));
    assert_eq!(combined(&mut client), ("success".to_owned(), 2));
    client.post(&path, &status("pending", "Quality"));
    assert_eq!(combined(&mut client), ("pending".to_owned(), 3));
    let listed = client.get(&format!("/commits/{sha}/statuses"));
    let contexts: Vec<&Value> = listed.json.as_array().unwrap().iter().map(|status| &status["context"]).collect();
    assert_eq!(contexts, ["Quality", "TESTS", "Security", "Tests"]);
    silent(&github);
}

#[test]
fn statuses_keep_their_bounds() {
    let (github, mut client) = usual();
    let path = format!("/statuses/{}", head());
    let fine = json!({ "state": "success", "context": "x", "description": "é".repeat(140), "target_url": null });
    assert_eq!(client.post(&path, &fine).status, 201);
    silent(&github);
    for (field, value) in [
        ("state", json!("passed")),
        ("state", Value::Null),
        ("description", json!("é".repeat(141))),
        ("context", json!("")),
        ("target_url", json!("ftp://x")),
        ("target_url", json!("https://a b")),
    ] {
        let mut body = fine.clone();
        body[field] = value;
        assert_eq!(client.post(&path, &body).status, 422, "{body}");
    }
    for sha in ["b".repeat(41), "c".repeat(40), "main".to_owned()] {
        let refused = client.post(&format!("/statuses/{sha}"), &fine);
        assert_eq!((refused.status, refused.message()), (422, format!("No commit found for SHA: {sha}").as_str()));
    }
    assert_eq!(github.complaints().len(), 9);
    github.state(|state| {
        let status = state.statuses[&head()][0].clone();
        state.statuses.get_mut(&head()).unwrap().extend(std::iter::repeat_n(status, 998));
    });
    assert_eq!(client.post(&path, &json!({ "state": "success", "context": "X" })).status, 201);
    let full = client.post(&path, &json!({ "state": "error", "context": "X" }));
    assert!(full.status == 422 && full.json["errors"][0]["message"].as_str().unwrap().contains("maximum number"));
    assert_eq!(client.post(&path, &json!({ "state": "success", "context": "y" })).status, 201);
}

#[test]
fn pull_requests_and_the_repository_are_shown() {
    let (github, mut client) = usual();
    let pull = client.get("/pulls/7");
    assert_eq!((pull.status, &pull.json["head"]["sha"]), (200, &json!(head())));
    assert_eq!(pull.json["head"]["repo"]["full_name"], "octo/shop");
    assert_eq!(pull.json["base"]["ref"], "main");
    assert_eq!((&pull.json["state"], &pull.json["draft"]), (&json!("open"), &json!(false)));
    github.state(|state| state.pulls.get_mut(&7).unwrap().head_repository = Some("fork/shop".to_owned()));
    let pull = client.get("/pulls/7");
    assert_eq!(
        (&pull.json["head"]["repo"]["fork"], &pull.json["head"]["label"]),
        (&json!(true), &json!("fork:change"))
    );
    github.state(|state| state.pulls.get_mut(&7).unwrap().head_repository = None);
    assert_eq!(client.get("/pulls/7").json["head"]["repo"], Value::Null);
    assert_eq!(client.get("/pulls/8").status, 404);
    let repository = client.get("");
    assert_eq!(
        (&repository.json["full_name"], &repository.json["default_branch"]),
        (&json!("octo/shop"), &json!("main"))
    );
    silent(&github);
}

#[test]
fn rules_are_those_of_the_branch() {
    let (github, mut client) = started(Setup { page: 1, ..Setup::default() });
    let rule = |name: &str| json!({ "type": name, "ruleset_source_type": "Repository" });
    github.state(|state| state.rules.insert("release/1".to_owned(), vec![rule("deletion"), rule("pull_request")]));
    let found = pages(&mut client, "/rules/branches/release%2F1?per_page=100");
    let kinds: Vec<&Value> = found.iter().map(|page| &page.json[0]["type"]).collect();
    assert_eq!(kinds, ["deletion", "pull_request"]);
    let none = client.get("/rules/branches/main");
    assert_eq!((none.status, none.json), (200, json!([])));
    silent(&github);
    assert_eq!(client.get("/rules/branches/release/1").json[0]["type"], "deletion");
    assert_eq!(github.complaints().len(), 1);
}

#[test]
fn a_token_that_may_only_read_is_refused_what_it_may_not() {
    let (github, mut client) = started(Setup { permissions: Permissions::all(Access::Read), ..Setup::default() });
    let id = github.state(|state| state.add_comment(7, "github-actions[bot]", "x"));
    let issue = github.state(|state| state.add_issue("someone", "x", "", &[]));
    let comment = json!({ "body": "y" });
    let status = json!({ "state": "success", "context": "x" });
    let sarif = json!({ "commit_sha": head(), "ref": "refs/pull/7/merge", "sarif": "" });
    for (method, path, body, accepted) in [
        ("POST", "/issues/7/comments".to_owned(), &comment, "issues=write; pull_requests=write"),
        ("POST", format!("/issues/{issue}/comments"), &comment, "issues=write"),
        ("PATCH", format!("/issues/comments/{id}"), &comment, "issues=write; pull_requests=write"),
        ("DELETE", format!("/issues/comments/{id}"), &comment, "issues=write; pull_requests=write"),
        ("POST", "/issues".to_owned(), &json!({ "title": "x" }), "issues=write"),
        ("PATCH", format!("/issues/{issue}"), &comment, "issues=write"),
        ("POST", format!("/statuses/{}", head()), &status, "statuses=write"),
        ("POST", "/code-scanning/sarifs".to_owned(), &sarif, "security_events=write"),
    ] {
        let refused = client.send(method, &path, body);
        assert_eq!((refused.status, refused.message()), (403, "Resource not accessible by integration"), "{path}");
        assert_eq!(refused.header("x-accepted-github-permissions"), Some(accepted));
        assert_eq!(refused.header("retry-after"), None);
    }
    assert_eq!(client.get("/issues/7/comments").json[0]["body"], "x");
    silent(&github);
    let (_github, mut client) = started(Setup { permissions: Permissions::all(Access::None), ..Setup::default() });
    for path in ["/issues/7/comments", "/issues", "/pulls/7", &format!("/commits/{}/status", head())] {
        assert_eq!(client.get(path).status, 403, "{path}");
    }
    assert_eq!(client.get("/rules/branches/main").status, 200);
}

#[test]
fn one_of_two_permissions_is_enough_for_a_pull_request() {
    let permissions = Permissions { issues: Access::None, ..Permissions::default() };
    let (github, mut client) = started(Setup { permissions, ..Setup::default() });
    github.state(|state| state.add_issue("someone", "x", "", &[]));
    assert_eq!(client.post("/issues/7/comments", &json!({ "body": "x" })).status, 201);
    assert_eq!(client.post("/issues/8/comments", &json!({ "body": "x" })).status, 403);
}

#[test]
fn an_enterprise_server_has_other_paths_and_no_rate_limits() {
    let (github, mut client) = started(Setup { enterprise: true, page: 1, ..Setup::default() });
    assert!(github.api_url().ends_with("/api/v3") && github.graphql_url().ends_with("/api/graphql"));
    let made = client.post("/issues/7/comments", &json!({ "body": "x" }));
    assert_eq!((made.status, made.header("x-ratelimit-remaining")), (201, None));
    assert!(made.json["url"].as_str().unwrap().starts_with(&github.api_url()));
    client.post("/issues/7/comments", &json!({ "body": "y" }));
    assert_eq!(pages(&mut client, "/issues/7/comments").len(), 2);
    assert_eq!(
        client.query("{ rateLimit { cost } viewer { login } }", json!({})).json["data"]["rateLimit"],
        Value::Null
    );
    silent(&github);
    assert_eq!(client.request("GET", "/repos/octo/shop/pulls/7", b"").unwrap().status, 404);
}
