//! Queries: what they are answered, and what is wrong with them.

use serde_json::{Value, json};

use super::client::Client;
use super::{started, usual};
use crate::{Access, GitHub, Permissions, Review, ReviewState, Setup};

/// The answer to a query that is right.
fn data(github: &GitHub, client: &mut Client, query: &str, variables: Value) -> Value {
    let response = client.query(query, variables);
    assert_eq!((response.status, response.json.get("errors")), (200, None), "{}", response.json);
    assert_eq!(github.complaints(), Vec::<String>::new());
    response.json["data"].clone()
}

/// What is said against a query.
fn wrong(query: &str, variables: Value) -> String {
    let (github, mut client) = usual();
    let response = client.query(query, variables);
    assert_eq!((response.status, response.json.get("data")), (200, None), "{}", response.json);
    let errors = response.json["errors"].as_array().unwrap();
    assert!(!errors.is_empty() && github.complaints().len() == errors.len());
    assert!(errors[0]["locations"][0]["line"].is_u64());
    errors.iter().map(|error| error["message"].as_str().unwrap()).collect::<Vec<_>>().join("; ")
}

const COMMENTS: &str = "query Comments($owner: String!, $name: String!, $number: Int!, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    nameWithOwner
    pullRequest(number: $number) {
      number headRefOid baseRefName isDraft state merged isCrossRepository
      author { login __typename } headRepository { nameWithOwner }
      comments(first: 100, after: $after) {
        nodes { databaseId fullDatabaseId url viewerDidAuthor isMinimized body author { login } }
        pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
        totalCount
      }
    }
  }
  rateLimit { cost remaining }
}";

fn numbered(after: Value) -> Value {
    json!({ "owner": "octo", "name": "shop", "number": 7, "after": after })
}

#[test]
fn a_pull_request_is_shown_with_its_comments() {
    let (github, mut client) = usual();
    let id = github.state(|state| {
        state.add_comment(7, "someone", "first");
        state.add_comment(7, "ghost", "second");
        state.add_comment(7, "github-actions[bot]", "third")
    });
    github.state(|state| state.comments.get_mut(&7).unwrap()[0].minimized = true);
    let data = data(&github, &mut client, COMMENTS, numbered(Value::Null));
    assert_eq!(data["viewer"]["login"], "github-actions[bot]");
    let pull = &data["repository"]["pullRequest"];
    assert_eq!((&pull["headRefOid"], &pull["state"]), (&json!(super::head()), &json!("OPEN")));
    assert_eq!(pull["author"], json!({ "login": "someone", "__typename": "User" }));
    assert_eq!(pull["isCrossRepository"], false);
    let nodes = pull["comments"]["nodes"].as_array().unwrap();
    assert_eq!((nodes.len(), &pull["comments"]["totalCount"]), (3, &json!(3)));
    assert_eq!((&nodes[0]["isMinimized"], &nodes[0]["viewerDidAuthor"]), (&json!(true), &json!(false)));
    assert_eq!(nodes[1]["author"], Value::Null);
    assert_eq!(nodes[2]["author"]["login"], "github-actions");
    assert_eq!((&nodes[2]["viewerDidAuthor"], &nodes[2]["isMinimized"]), (&json!(true), &json!(false)));
    assert_eq!((&nodes[2]["databaseId"], &nodes[2]["fullDatabaseId"]), (&json!(id), &json!(id.to_string())));
    assert!(nodes[2]["url"].as_str().unwrap().ends_with(&format!("/pull/7#issuecomment-{id}")));
}

#[test]
fn pages_follow_their_cursors_both_ways() {
    let (github, mut client) = started(Setup { page: 2, ..Setup::default() });
    github.state(|state| {
        for i in 1..=5 {
            state.add_comment(7, "someone", &i.to_string());
        }
    });
    let bodies = |connection: &Value| -> String {
        connection["nodes"].as_array().unwrap().iter().map(|node| node["body"].as_str().unwrap()).collect()
    };
    let mut pages = Vec::new();
    let mut after = Value::Null;
    loop {
        let data = data(&github, &mut client, COMMENTS, numbered(after));
        let connection = data["repository"]["pullRequest"]["comments"].clone();
        let info = &connection["pageInfo"];
        assert_eq!(info["hasPreviousPage"], !pages.is_empty());
        pages.push(bodies(&connection));
        after = info["endCursor"].clone();
        if info["hasNextPage"] == false {
            break;
        }
        // A comment that is gone does not shift the pages that follow.
        github.state(|state| state.comments.get_mut(&7).unwrap().retain(|comment| comment.body != "1"));
    }
    assert_eq!(pages, ["12", "34", "5"]);
    let last = "query($before: String) { repository(owner: \"octo\", name: \"shop\") { pullRequest(number: 7) {
        comments(last: 100, before: $before) { nodes { body } pageInfo { hasPreviousPage startCursor hasNextPage } } } } }";
    let first = data(&github, &mut client, last, json!({}))["repository"]["pullRequest"]["comments"].clone();
    assert_eq!((bodies(&first), &first["pageInfo"]["hasPreviousPage"]), ("45".to_owned(), &json!(true)));
    let before = json!({ "before": first["pageInfo"]["startCursor"] });
    let second = data(&github, &mut client, last, before)["repository"]["pullRequest"]["comments"].clone();
    assert_eq!((bodies(&second), &second["pageInfo"]["hasPreviousPage"]), ("23".to_owned(), &json!(false)));
    assert_eq!(second["pageInfo"]["hasNextPage"], true);
}

#[test]
fn only_the_last_opinion_of_each_reviewer_counts() {
    let (github, mut client) = usual();
    let review = |author: &str, state: ReviewState, submitted: u64| Review {
        state,
        submitted,
        ..Review::approved(author, &super::head())
    };
    github.state(|state| {
        state.writers.insert("ann".to_owned());
        state.pulls.get_mut(&7).unwrap().reviews = vec![
            review("ann", ReviewState::ChangesRequested, 10),
            review("bob", ReviewState::Approved, 20),
            review("ann", ReviewState::Approved, 30),
            review("ann", ReviewState::Commented, 40),
            review("cat", ReviewState::Pending, 50),
        ];
    });
    let query = "query($only: Boolean) { repository(owner: \"octo\", name: \"shop\") { pullRequest(number: 7) {
        latestOpinionatedReviews(first: 100, writersOnly: $only) {
          nodes { author { login } state commit { oid } submittedAt } pageInfo { hasNextPage endCursor } }
        all: reviews(first: 100) { totalCount } some: reviews(first: 9, states: [APPROVED], author: \"bob\") { totalCount }
    } } }";
    let pull = data(&github, &mut client, query, json!({}))["repository"]["pullRequest"].clone();
    let authors = |pull: &Value| -> Vec<String> {
        let nodes = pull["latestOpinionatedReviews"]["nodes"].as_array().unwrap();
        nodes.iter().map(|node| format!("{} {}", node["author"]["login"].as_str().unwrap(), node["state"])).collect()
    };
    assert_eq!(authors(&pull), ["bob \"APPROVED\"", "ann \"APPROVED\""]);
    let node = &pull["latestOpinionatedReviews"]["nodes"][0];
    assert_eq!((&node["commit"]["oid"], &node["submittedAt"]), (&json!(super::head()), &json!("1970-01-01T00:00:20Z")));
    assert_eq!((&pull["all"]["totalCount"], &pull["some"]["totalCount"]), (&json!(4), &json!(1)));
    let pull = data(&github, &mut client, query, json!({ "only": true }))["repository"]["pullRequest"].clone();
    assert_eq!(authors(&pull), ["ann \"APPROVED\""]);
}

#[test]
fn issues_are_filtered() {
    let (github, mut client) = usual();
    github.state(|state| {
        state.add_issue("github-actions[bot]", "ours", "x", &["tollgate"]);
        state.add_issue("someone", "theirs", "x", &["tollgate"]);
        state.add_issue("github-actions[bot]", "closed", "x", &[]);
        state.issues[2].open = false;
    });
    let query = "query($states: [IssueState!], $labels: [String!], $by: IssueFilters) {
        repository(owner: \"octo\", name: \"shop\") { issues(first: 50, states: $states, labels: $labels, filterBy: $by) {
          nodes { number databaseId url title body state viewerDidAuthor author { ... on Bot { login } } labels(first: 5) { nodes { name } } }
        } } }";
    let mut titles = |variables: Value| -> Vec<String> {
        let data = data(&github, &mut client, query, variables);
        let nodes = data["repository"]["issues"]["nodes"].as_array().unwrap().clone();
        nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(titles(json!({})), ["ours", "theirs", "closed"]);
    assert_eq!(titles(json!({ "states": ["OPEN"], "labels": ["tollgate"] })), ["ours", "theirs"]);
    assert_eq!(titles(json!({ "states": "CLOSED" })), ["closed"]);
    assert_eq!(titles(json!({ "by": { "createdBy": "github-actions[bot]", "labels": ["Tollgate"] } })), ["ours"]);
    assert_eq!(titles(json!({ "by": { "createdBy": "github-actions" } })), [] as [&str; 0]);
    assert_eq!(titles(json!({ "labels": ["other", "tollgate"] })), ["ours", "theirs"]);
    let nodes = data(&github, &mut client, query, json!({}))["repository"]["issues"]["nodes"].clone();
    assert_eq!((&nodes[0]["author"], &nodes[1]["author"]), (&json!({ "login": "github-actions" }), &json!({})));
    assert_eq!((&nodes[0]["viewerDidAuthor"], &nodes[2]["state"]), (&json!(true), &json!("CLOSED")));
    assert_eq!(nodes[0]["labels"]["nodes"], json!([{ "name": "tollgate" }]));
}

#[test]
fn what_is_not_there_is_null_and_an_error() {
    let (github, mut client) = usual();
    let response = client.query("{ repository(owner: \"octo\", name: \"gone\") { name } }", json!({}));
    assert_eq!(response.json["data"], json!({ "repository": null }));
    let error = &response.json["errors"][0];
    assert_eq!((&error["type"], &error["path"]), (&json!("NOT_FOUND"), &json!(["repository"])));
    assert_eq!(error["message"], "Could not resolve to a Repository with the name 'octo/gone'.");
    let query = "{ repository(owner: \"octo\", name: \"shop\") { name p: pullRequest(number: 8) { number } } }";
    let response = client.query(query, json!({}));
    assert_eq!(response.json["data"], json!({ "repository": { "name": "shop", "p": null } }));
    assert_eq!(response.json["errors"][0]["path"], json!(["repository", "p"]));
    // A null where none may be makes what is around it null.
    let query = "{ repository(owner: \"octo\", name: \"shop\") { name pullRequest(number: 7) { number comments { totalCount } } } }";
    let response = client.query(query, json!({}));
    assert_eq!(response.json["data"], json!({ "repository": { "name": "shop", "pullRequest": null } }));
    assert_eq!(response.json["errors"][0]["type"], "MISSING_PAGINATION_BOUNDARIES");
    assert!(github.complaints().is_empty());
}

#[test]
fn pages_have_bounds() {
    let (_github, mut client) = usual();
    let mut kind = |arguments: &str| {
        let query = format!(
            "{{ repository(owner: \"octo\", name: \"shop\") {{ pullRequest(number: 7) {{ reviews({arguments}) {{ totalCount }} }} }} }}"
        );
        let response = client.query(&query, json!({}));
        assert_eq!(response.json["data"]["repository"]["pullRequest"], json!({ "reviews": null }));
        response.json["errors"][0]["type"].as_str().unwrap().to_owned()
    };
    assert_eq!(kind("first: 101"), "EXCESSIVE_PAGINATION");
    assert_eq!(kind("last: -1"), "INVALID_PAGINATION_BOUNDARIES");
    assert_eq!(kind("first: 1, last: 1"), "INVALID_PAGINATION_BOUNDARIES");
    assert_eq!(kind("first: 1, after: \"x\""), "INVALID_CURSOR_ARGUMENTS");
}

#[test]
fn a_token_reads_what_it_may() {
    let permissions = Permissions { pull_requests: Access::None, issues: Access::None, ..Permissions::default() };
    let (_github, mut client) = started(Setup { permissions, ..Setup::default() });
    let query = "{ repository(owner: \"octo\", name: \"shop\") { name pullRequest(number: 7) { number } } }";
    let response = client.query(query, json!({}));
    assert_eq!(response.json["data"]["repository"], json!({ "name": "shop", "pullRequest": null }));
    assert_eq!(response.json["errors"][0]["type"], "FORBIDDEN");
    let query = "{ repository(owner: \"octo\", name: \"shop\") { issues(first: 1) { totalCount } } }";
    assert_eq!(client.query(query, json!({})).json["data"], json!({ "repository": null }));
}

#[test]
fn the_text_of_a_query_is_checked() {
    for (query, message) in [
        ("", "expected a query"),
        ("{ viewer { login }", "expected a name, actual: the end"),
        ("{ viewer { login } ", "the end"),
        ("{ viewer { login ? } }", "Parse error on '?'"),
        ("{ repository(owner: \"a) { name } }", "string has no end"),
        ("{ repository(owner: \"\\q\") { name } }", "escape in it is none"),
        ("mutation { x }", "queries alone, no `mutation`"),
        ("{ viewer { ...f } }", "no named fragments"),
        ("{ viewer { logon } }", "Field 'logon' doesn't exist on type 'User'"),
        ("{ viewer }", "Field must have selections"),
        ("{ viewer { login { x } } }", "Selections can't be made on scalars"),
        ("{ viewer(x: 1) { login } }", "doesn't accept argument 'x'"),
        ("{ repository { name } }", "missing required arguments: name, owner"),
        (
            "{ repository(owner: 1, name: \"x\") { name } }",
            "Argument 'owner' on Field 'repository' has an invalid value",
        ),
        ("{ repository(owner: null, name: \"x\") { name } }", "has an invalid value. Expected type 'String!'"),
        ("{ repository(owner: \"x\", name: A) { name } }", "has an invalid value"),
        (
            "{ repository(owner: \"x\", name: \"x\") { issues(first: 1, states: [GONE]) { totalCount } } }",
            "[IssueState!]",
        ),
        (
            "{ repository(owner: \"x\", name: \"x\") { issues(first: 1, filterBy: { by: \"x\" }) { totalCount } } }",
            "IssueFilters",
        ),
        ("{ repository(owner: $o, name: \"x\") { name } }", "Variable $o is used by the query but not declared"),
        ("query($o: String) { viewer { login } }", "Variable $o is declared by the query but not used"),
        ("query($o: String) { repository(owner: $o, name: \"x\") { name } }", "Nullability mismatch on variable $o"),
        ("query($o: Int!) { repository(owner: $o, name: \"x\") { name } }", "(Int! / String!)"),
        ("query($o: Strong!) { repository(owner: $o, name: \"x\") { name } }", "Strong isn't a defined input type"),
        ("{ viewer { ... on Issue { number } } }", "Fragment on Issue can't be spread inside User"),
        ("query A { viewer { login } } query B { viewer { login } }", "An operation name is required"),
    ] {
        let found = wrong(query, json!({ "o": "x" }));
        assert!(found.contains(message), "{query}: {found}");
    }
    let deep = format!("{}x{}", "{ a ".repeat(40), "}".repeat(40));
    assert!(wrong(&deep, json!({})).contains("deeper than 32"));
    assert!(wrong(&format!("{{ a(b: {}1) }}", "[".repeat(100_000)), json!({})).contains("deeper"));
}

#[test]
fn variables_have_the_type_that_is_declared() {
    let query = "query($n: Int!, $s: [IssueState!]) { repository(owner: \"octo\", name: \"shop\") {
        pullRequest(number: $n) { number } issues(first: 1, states: $s) { totalCount } } }";
    for (variables, message) in [
        (json!({}), "Variable $n of type Int! was provided invalid value"),
        (json!({ "n": null }), "$n of type Int!"),
        (json!({ "n": "7" }), "$n of type Int!"),
        (json!({ "n": 7.5 }), "$n of type Int!"),
        (json!({ "n": 3_000_000_000_u64 }), "$n of type Int!"),
        (json!({ "n": 7, "s": ["open"] }), "$s of type [IssueState!]"),
        (json!({ "n": 7, "s": [null] }), "$s of type [IssueState!]"),
    ] {
        let found = wrong(query, variables.clone());
        assert!(found.contains(message), "{variables}: {found}");
    }
    let (github, mut client) = usual();
    let usual =
        "query($n: Int = 7) { repository(owner: \"octo\", name: \"shop\") { pullRequest(number: $n) { number } } }";
    assert_eq!(data(&github, &mut client, usual, json!({}))["repository"]["pullRequest"]["number"], 7);
}

#[test]
fn a_request_is_json_with_a_query() {
    let (github, mut client) = usual();
    let mut status = |body: &[u8]| client.request("POST", "/graphql", body).unwrap().status;
    assert_eq!(status(b"{"), 400);
    assert_eq!(status(b"{}"), 400);
    assert_eq!(status(b"{\"query\": \"{ viewer { login } }\", \"variables\": []}"), 400);
    assert_eq!(github.complaints().len(), 3);
    assert_eq!(
        status(b"{\"query\": \"query A { viewer { login } } query B { viewer { id } }\", \"operationName\": \"B\"}"),
        200
    );
    assert_eq!(github.complaints().len(), 3);
    assert_eq!(client.request("GET", "/graphql", b"").unwrap().status, 404);
    assert_eq!(github.complaints().len(), 4);
}

#[test]
fn a_comment_keeps_every_body_it_had() {
    let (github, mut client) = started(Setup { page: 2, ..Setup::default() });
    let id = github.state(|state| state.add_comment(7, "github-actions[bot]", "first"));
    let query = "query($id: ID!, $after: String) { node(id: $id) { id ... on IssueComment {
      body userContentEdits(first: 20, after: $after) { nodes { diff } pageInfo { hasNextPage endCursor } totalCount }
    } } }";
    let list = "{ repository(owner: \"octo\", name: \"shop\") { pullRequest(number: 7) { comments(first: 1) { nodes { id } } } } }";
    let listed = data(&github, &mut client, list, Value::Null);
    let node = listed["repository"]["pullRequest"]["comments"]["nodes"][0]["id"].clone();
    let variables = |after: &Value| json!({ "id": node, "after": after });
    let before = data(&github, &mut client, query, variables(&Value::Null));
    assert_eq!(before["node"]["userContentEdits"]["totalCount"], 0);
    for body in ["second", "third"] {
        assert_eq!(client.send("PATCH", &format!("/issues/comments/{id}"), &json!({ "body": body })).status, 200);
    }
    let latest = data(&github, &mut client, query, variables(&Value::Null));
    let edits = &latest["node"]["userContentEdits"];
    assert_eq!(latest["node"]["body"], "third");
    assert_eq!(
        (&edits["nodes"], &edits["totalCount"]),
        (&json!([{ "diff": "third" }, { "diff": "second" }]), &json!(3))
    );
    let rest = data(&github, &mut client, query, variables(&edits["pageInfo"]["endCursor"]));
    let edits = &rest["node"]["userContentEdits"];
    assert_eq!((&edits["nodes"], &edits["pageInfo"]["hasNextPage"]), (&json!([{ "diff": "first" }]), &json!(false)));
    let gone = client.query(query, json!({ "id": "IC_gone", "after": null }));
    assert_eq!((&gone.json["data"]["node"], &gone.json["errors"][0]["type"]), (&Value::Null, &json!("NOT_FOUND")));
}
