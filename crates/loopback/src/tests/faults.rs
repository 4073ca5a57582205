//! Faults, each as a client meets it.

use std::time::Duration;

use serde_json::{Value, json};

use super::client::Client;
use super::usual;
use crate::{Fault, GitHub, Matcher, What};

const COMMENTS: &str = "/repos/octo/shop/issues/7/comments";

/// What comes of one comment under a fault: the answer, and how many comments there are then.
fn comment_under(what: What) -> (std::io::Result<super::client::Response>, usize, GitHub, Client) {
    let (github, mut client) = usual();
    github.inject(Fault { on: Matcher::to("POST", "/comments"), what });
    let answer = client.request("POST", COMMENTS, b"{\"body\": \"x\"}");
    let count = comments(&github);
    (answer, count, github, client)
}

fn comments(github: &GitHub) -> usize {
    github.state(|state| state.comments.get(&7).map_or(0, Vec::len))
}

#[test]
fn another_status_before_or_after_the_effect() {
    for applied in [false, true] {
        let headers = vec![("x-odd".to_owned(), "1".to_owned())];
        let what = What::Status { code: 502, headers, body: "<html>".to_owned(), applied };
        let (answer, count, github, mut client) = comment_under(what);
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.header("x-odd"), answer.body.as_slice()), (502, Some("1"), &b"<html>"[..]));
        assert_eq!(count, usize::from(applied));
        assert_eq!(github.requests()[0].status, Some(502));
        assert_eq!(client.get("/pulls/7").status, 200);
    }
    let (answer, count, ..) = comment_under(What::status(404, "Not Found"));
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.message(), count), (404, "Not Found", 0));
}

#[test]
fn a_dropped_connection_before_or_after_the_effect() {
    for before in [true, false] {
        let (answer, count, github, mut client) = comment_under(What::Drop { before });
        assert!(answer.is_err());
        assert_eq!(count, usize::from(!before));
        assert_eq!(github.requests()[0].status, None);
        assert_eq!((client.get("/pulls/7").status, client.opened), (200, 2));
    }
}

#[test]
fn an_answer_that_breaks_off() {
    let (answer, count, github, _) = comment_under(What::Truncate);
    assert!(answer.is_err());
    assert_eq!((count, github.requests()[0].status), (1, Some(201)));
    let (github, mut client) = usual();
    let id = github.state(|state| state.add_comment(7, "someone", "x"));
    github.inject(Fault { on: Matcher::to("DELETE", ""), what: What::Truncate });
    let path = format!("/repos/octo/shop/issues/comments/{id}");
    assert!(client.request("DELETE", &path, b"").is_err(), "an answer without a body breaks off too");
    assert_eq!(comments(&github), 0);
}

#[test]
fn a_request_without_effect_is_looked_at_all_the_same() {
    let (github, mut client) = usual();
    github.inject(Fault { on: Matcher::any(), what: What::status(500, "x") });
    assert_eq!(client.request("POST", COMMENTS, b"{\"body\": \"\"}").unwrap().status, 500);
    assert!(github.complaints()[0].contains("the body is blank"), "{:?}", github.complaints());
}

#[test]
fn an_answer_that_is_no_json() {
    let (answer, count, ..) = comment_under(What::Garbage);
    let answer = answer.unwrap();
    assert_eq!((answer.status, &answer.json, count), (200, &Value::Null, 1));
    assert!(!answer.body.is_empty());
}

#[test]
fn a_slow_answer_comes_after_its_effect() {
    let (github, mut client) = usual();
    github.inject(Fault { on: Matcher::any(), what: What::Slow(Duration::from_secs(600)) });
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || client.request("POST", COMMENTS, b"{\"body\": \"x\"}"));
        while comments(&github) == 0 {
            std::thread::yield_now();
        }
        assert!(!waiting.is_finished());
        // The end of the server ends the wait.
        drop(github);
        let _ = waiting.join().unwrap();
    });
}

fn limit(retry_after: Option<u64>, reset: Option<u64>) -> What {
    let seconds = |time: Option<u64>| time.map(Duration::from_secs);
    What::RateLimited { code: 403, secondary: true, retry_after: seconds(retry_after), reset: seconds(reset) }
}

#[test]
fn a_rate_limit_holds_until_its_time_is_over() {
    for (what, wait) in [(limit(Some(30), None), 30), (limit(None, Some(90)), 90), (limit(None, None), 60)] {
        let (answer, count, github, mut client) = comment_under(what);
        let answer = answer.unwrap();
        assert_eq!((answer.status, count), (403, 0));
        assert!(answer.message().contains("secondary rate limit"));
        if wait == 90 {
            assert_eq!(answer.header("x-ratelimit-remaining"), Some("0"));
            let reset: u64 = answer.header("x-ratelimit-reset").unwrap().parse().unwrap();
            assert!((github.now() + 89..=github.now() + 91).contains(&reset));
        } else {
            assert_eq!(answer.header("retry-after"), (wait == 30).then_some("30"));
            assert_ne!(answer.header("x-ratelimit-remaining"), Some("0"));
        }
        github.advance(Duration::from_secs(wait - 5));
        let early = client.get("/pulls/7");
        assert_eq!(early.status, 429);
        let complaints = github.complaints();
        assert!(complaints.len() == 1 && complaints[0].contains("before the wait"), "{complaints:?}");
        let told: u64 = early.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=5).contains(&told), "{told}");
        github.advance(Duration::from_secs(told));
        assert_eq!(client.post("/issues/7/comments", &json!({ "body": "x" })).status, 201);
        assert_eq!(github.complaints().len(), 1);
        assert!(github.duplicates().is_empty());
    }
}

#[test]
fn a_status_with_retry_after_is_a_rate_limit_too() {
    let headers = vec![("Retry-After".to_owned(), "7".to_owned())];
    let what = What::Status { code: 429, headers, body: "{}".to_owned(), applied: false };
    let (_, _, github, mut client) = comment_under(what);
    client.get("/pulls/7");
    assert_eq!(github.complaints().len(), 1);
    github.advance(Duration::from_secs(8));
    assert_eq!(client.get("/pulls/7").status, 200);
}

#[test]
fn the_primary_limit_is_an_error_of_graphql() {
    let (github, mut client) = usual();
    let reset = Some(Duration::from_secs(10));
    let what = What::RateLimited { code: 403, secondary: false, retry_after: None, reset };
    github.inject(Fault { on: Matcher::any(), what: what.clone() });
    let refused = client.query("{ viewer { login } }", json!({}));
    assert_eq!((refused.status, &refused.json["errors"][0]["type"]), (200, &json!("RATE_LIMITED")));
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("0"));
    assert_eq!(refused.header("x-ratelimit-resource"), Some("graphql"));
    github.advance(Duration::from_secs(10));
    github.inject(Fault { on: Matcher::any(), what });
    let refused = client.get("/pulls/7");
    assert_eq!((refused.status, refused.message()), (403, "API rate limit exceeded for installation ID 1."));
}

#[test]
fn faults_can_be_taken_back() {
    let (github, mut client) = usual();
    github.inject(Fault { on: Matcher::any().times(9), what: What::status(500, "x") });
    assert_eq!(client.get("/pulls/7").status, 500);
    github.heal();
    assert_eq!(client.get("/pulls/7").status, 200);
}

#[test]
fn what_is_made_twice_without_need_is_a_duplicate() {
    let (github, mut client) = usual();
    let body = json!({ "body": "x" });
    let first = client.post("/issues/7/comments", &body);
    assert!(github.duplicates().is_empty());
    client.post("/issues/7/comments", &json!({ "body": "y" }));
    assert!(github.duplicates().is_empty());
    client.post("/issues/7/comments", &body);
    assert_eq!(github.duplicates().len(), 1);
    assert!(github.duplicates()[0].contains("its answer had come"));
    let (github, mut again) = usual();
    let id = again.post("/issues/7/comments", &body).json["id"].as_u64().unwrap();
    again.send("DELETE", &format!("/issues/comments/{id}"), &json!({}));
    again.post("/issues/7/comments", &body);
    assert!(github.duplicates().is_empty(), "what was deleted may be made again");
    assert!(first.json["id"].is_u64());
}

#[test]
fn after_a_lost_answer_one_looks_before_one_posts_again() {
    let body = json!({ "body": "x" });
    let lost = What::Drop { before: false };
    let (_, _, github, mut client) = comment_under(lost.clone());
    client.post("/issues/7/comments", &body);
    assert!(github.duplicates()[0].contains("without a look"), "{:?}", github.duplicates());
    for look in [true, false] {
        let (_, _, github, mut client) = comment_under(lost.clone());
        if look {
            client.get("/issues/7/comments");
        } else {
            client.query("{ viewer { login } }", json!({}));
        }
        client.post("/issues/7/comments", &body);
        assert!(github.duplicates().is_empty());
    }
    // A request that had no effect, or a status that is set again, is no duplicate.
    let (_, _, github, mut client) = comment_under(What::Drop { before: true });
    client.post("/issues/7/comments", &body);
    github.inject(Fault { on: Matcher::to("POST", "/statuses"), what: lost });
    let status = json!({ "state": "success", "context": "x" }).to_string();
    let path = format!("/repos/octo/shop/statuses/{}", super::head());
    assert!(client.request("POST", &path, status.as_bytes()).is_err());
    assert_eq!(client.request("POST", &path, status.as_bytes()).unwrap().status, 201);
    assert!(github.duplicates().is_empty());
    assert_eq!(client.request("POST", &path, status.as_bytes()).unwrap().status, 201);
    assert_eq!(github.duplicates().len(), 1);
}
