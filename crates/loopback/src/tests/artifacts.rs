//! Artifacts: listed newest first, downloaded from a store of their own.

use super::usual;
use crate::{Access, Artifact, GitHub, Permissions, Setup};

fn artifact(id: u64, name: &str) -> Artifact {
    Artifact { id, name: name.to_owned(), zip: b"PK".to_vec(), head_branch: "main".to_owned(), ..Artifact::default() }
}

#[test]
fn artifacts_are_listed_by_name_newest_first() {
    let (github, mut client) = usual();
    github.state(|state| {
        state.artifacts =
            vec![artifact(1, "base"), artifact(2, "other"), Artifact { of_fork: true, ..artifact(3, "base") }];
    });
    let answer = client.get("/actions/artifacts?name=base&per_page=100");
    let ids: Vec<u64> = answer.json["artifacts"].as_array().unwrap().iter().filter_map(|a| a["id"].as_u64()).collect();
    assert_eq!((answer.status, ids, &answer.json["total_count"]), (200, vec![3, 1], &2.into()));
    let run = &answer.json["artifacts"][0]["workflow_run"];
    assert_ne!(run["repository_id"], run["head_repository_id"]);
    assert_eq!(github.complaints(), Vec::<String>::new());
}

#[test]
fn a_download_is_redirected_to_the_store_which_wants_no_token() {
    let (github, mut client) = usual();
    github
        .state(|state| state.artifacts = vec![artifact(1, "base"), Artifact { expired: true, ..artifact(2, "base") }]);
    let answer = client.get("/actions/artifacts/1/zip");
    let to = answer.header("location").unwrap().to_owned();
    assert_eq!(answer.status, 302);
    assert_eq!(client.get("/actions/artifacts/2/zip").status, 410);
    assert_eq!(client.get("/actions/artifacts/3/zip").status, 404);
    let path = to.strip_prefix(&github.server_url()).unwrap();
    let head = |more: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\nUser-Agent: t\r\n{more}\r\n");
    let answer = client.raw(head("").as_bytes()).unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"PK"[..]));
    assert_eq!(github.complaints(), Vec::<String>::new());
    client.raw(head("Authorization: Bearer x\r\n").as_bytes()).unwrap();
    assert!(github.complaints()[0].contains("token was sent to the store"));
}

#[test]
fn a_token_that_may_not_see_runs_sees_no_artifact() {
    let permissions = Permissions { actions: Access::None, ..Permissions::default() };
    let github = GitHub::start(Setup { permissions, ..Setup::default() }).unwrap();
    let mut client = super::client::Client::new(&github);
    let answer = client.get("/actions/artifacts?name=base");
    assert_eq!((answer.status, answer.header("x-accepted-github-permissions")), (403, Some("actions=read")));
}
