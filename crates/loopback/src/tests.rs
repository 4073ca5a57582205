//! The server as a client meets it: over a socket.

mod artifacts;
mod client;
mod faults;
mod graphql;
mod many;
mod rest;
mod scanning;
mod shape;

use serde_json::json;

use crate::{GitHub, Pull, Setup};
use client::Client;

/// A commit that the repository has.
fn head() -> String {
    "a".repeat(40)
}

/// A server with pull request 7, and its client.
fn started(setup: Setup) -> (GitHub, Client) {
    let github = GitHub::start(setup).unwrap();
    let full_name = github.setup().full_name();
    github.state(|state| {
        state.pulls.insert(7, Pull::open("someone", &full_name, &head()));
    });
    let client = Client::new(&github);
    (github, client)
}

fn usual() -> (GitHub, Client) {
    started(Setup::default())
}

#[test]
fn the_first_comment_of_a_pull_request() {
    let (github, mut client) = usual();
    let made = client.post("/issues/7/comments", &json!({ "body": "hello" }));
    assert_eq!(made.status, 201);
    let id = made.json["id"].as_u64().unwrap();
    assert!(made.json["html_url"].as_str().unwrap().ends_with(&format!("/octo/shop/pull/7#issuecomment-{id}")));
    assert_eq!(made.json["user"]["login"], "github-actions[bot]");
    assert_eq!(made.json["user"]["type"], "Bot");
    let shown = client.get(&format!("/issues/comments/{id}"));
    assert_eq!((shown.status, &shown.json), (200, &made.json));
    assert_eq!(github.state(|state| state.comments[&7][0].body.clone()), "hello");
    assert_eq!(github.calls(), 2);
    let requests = github.requests();
    assert_eq!((requests[0].method.as_str(), requests[0].status), ("POST", Some(201)));
    assert_eq!(requests[0].path, "/repos/octo/shop/issues/7/comments");
    assert_eq!(requests[0].json()["body"], "hello");
    assert!(github.complaints().is_empty(), "{:?}", github.complaints());
    assert!(github.duplicates().is_empty());
}
