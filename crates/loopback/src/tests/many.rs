//! Many clients at once, and the end.

use std::collections::BTreeSet;
use std::net::TcpStream;
use std::sync::Barrier;
use std::time::Duration;

use serde_json::json;

use super::client::Client;
use super::{started, usual};
use crate::Setup;

#[test]
fn fifty_clients_are_served_at_once() {
    let (github, _) = started(Setup { latency: Duration::from_millis(20), ..Setup::default() });
    let ready = Barrier::new(50);
    let ids: Vec<u64> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..50)
            .map(|i| {
                let (github, ready) = (&github, &ready);
                scope.spawn(move || {
                    let mut client = Client::new(github);
                    ready.wait();
                    let made = client.post("/issues/7/comments", &json!({ "body": format!("run {i}") }));
                    let id = made.json["id"].as_u64().unwrap();
                    let path = format!("/issues/comments/{id}");
                    assert_eq!(client.get(&path).json["body"], format!("run {i}"));
                    assert_eq!(client.send("PATCH", &path, &json!({ "body": format!("done {i}") })).status, 200);
                    id
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 50);
    let bodies: BTreeSet<String> = github.state(|state| state.comments[&7].iter().map(|c| c.body.clone()).collect());
    assert_eq!(bodies, (0..50).map(|i| format!("done {i}")).collect());
    assert_eq!((github.calls(), github.requests().len()), (150, 150));
    assert!(github.complaints().is_empty() && github.duplicates().is_empty());
}

#[test]
fn a_request_takes_effect_at_a_moment_within_the_latency() {
    let setup = Setup { latency: Duration::from_secs(36_000), ..Setup::default() };
    assert!(setup.waits(1).0 > Duration::from_secs(600));
    let (github, mut client) = started(setup);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || client.request("GET", "/repos/octo/shop", b""));
        while github.calls() == 0 {
            std::thread::yield_now();
        }
        assert!(github.requests().is_empty());
        drop(github);
        let _ = waiting.join().unwrap();
    });
}

#[test]
fn the_end_closes_the_port_and_every_connection() {
    let (github, mut client) = usual();
    assert_eq!(client.get("/pulls/7").status, 200);
    let address = github.server_url().strip_prefix("http://").unwrap().to_owned();
    let silent = TcpStream::connect(&address).unwrap();
    drop(github);
    assert!(TcpStream::connect(&address).is_err(), "the port is still open");
    assert!(client.request("GET", "/", b"").is_err());
    drop(silent);
}

#[test]
fn the_end_waits_for_every_thread() {
    for _ in 0..20 {
        let (github, mut client) = usual();
        client.get("/pulls/7");
        let name = format!("loopback:{}", github.server_url());
        let hub = std::sync::Arc::downgrade(&github.hub);
        drop(github);
        assert_eq!(hub.strong_count(), 0, "{name}: a thread still holds the state");
    }
}
