//! Addresses, headers, limits, time.

use http::Method;
use serde_json::json;
use tollgate_loopback::{Access, Fault, Matcher, Permissions, What};

use super::*;
use crate::{pull, upload};

#[test]
fn an_enterprise_server_is_asked_below_its_path() {
    let github = start(Setup { enterprise: true, ..Setup::default() });
    let client = client(&github);
    post(&client, &head(), 1, "one", true).unwrap();
    pull::get(&client, PULL).unwrap();
    let paths: Vec<String> = github.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(
        paths,
        [
            "/api/graphql",
            "/api/v3/repos/octo/shop/issues/7/comments",
            "/api/graphql",
            "/api/v3/repos/octo/shop/pulls/7"
        ]
    );
    let mut settings = settings(&github);
    settings.graphql_url = Some(github.graphql_url());
    post(&Client::new(settings).unwrap(), &head(), 2, "two", true).unwrap();
    clean(&github);
}

#[test]
fn calls_are_counted_and_the_token_is_not_shown() {
    let github = start(Setup::default());
    let client = client(&github);
    let pull = pull::get(&client, PULL).unwrap();
    assert_eq!((pull.head, pull.open, pull.draft, pull.base.as_str()), (head(), true, false, "main"));
    assert_eq!(client.calls(), 1);
    assert!(!format!("{client:?}").contains(&github.setup().token));
    clean(&github);
}

#[test]
fn rate_limits_are_waited_for() {
    for (secondary, retry_after, reset) in [(true, Some(7), None), (false, None, Some(40)), (true, None, None)] {
        for code in [403, 429] {
            let github = start(Setup::default());
            let (retry_after, reset) = (retry_after.map(Duration::from_secs), reset.map(Duration::from_secs));
            let what = What::RateLimited { code, secondary, retry_after, reset };
            for path in ["/graphql", "/comments"] {
                github.inject(Fault { on: Matcher::to("POST", path), what: what.clone() });
                post(&client(&github), &head(), 1, path, true).unwrap();
                assert_eq!(bodies(&github), [path]);
                clean(&github);
                github.heal();
                github.state(|state| state.comments.clear());
            }
        }
    }
}

#[test]
fn a_limit_that_lasts_too_long_ends_it_with_the_time() {
    let github = start(Setup::default());
    let what =
        What::RateLimited { code: 403, secondary: false, retry_after: None, reset: Some(Duration::from_secs(3_000)) };
    github.inject(Fault { on: Matcher::to("GET", "/pulls"), what });
    let client = client(&github);
    let error = pull::get(&client, PULL).unwrap_err();
    assert!(matches!(error, ForgeError::Limited { seconds: 2_990..=3_002, .. }), "{error:?}");
    assert!(error.to_string().contains(" UTC ("), "{error}");
    assert_eq!(client.calls(), 1);
    clean(&github);
}

#[test]
fn all_waits_together_are_bounded() {
    let github = start(Setup::default());
    let wait = Duration::from_secs(50);
    let what = What::RateLimited { code: 429, secondary: true, retry_after: Some(wait), reset: None };
    github.inject(Fault { on: Matcher::any().times(100), what });
    let client = client(&github);
    assert!(matches!(pull::get(&client, PULL).unwrap_err(), ForgeError::Limited { .. }));
    assert_eq!(client.calls(), 3);
    github.heal();
    github.advance(wait);
    pull::get(&client, PULL).unwrap();
}

#[test]
fn a_token_that_may_only_read_is_told_so_once() {
    let github = start(Setup { permissions: Permissions::all(Access::Read), ..Setup::default() });
    let client = client(&github);
    let error = post(&client, &head(), 1, "one", true).unwrap_err();
    assert!(error.is_settings(), "{error:?}");
    assert!(error.to_string().contains("Resource not accessible by integration"), "{error}");
    assert!(error.to_string().contains("pull_requests=write"), "{error}");
    assert_eq!(client.calls(), 2);
    clean(&github);
}

#[test]
fn a_wrong_token_is_told() {
    let github = start(Setup::default());
    let mut settings = settings(&github);
    settings.token = Token::new("another").unwrap();
    let error = pull::get(&Client::new(settings).unwrap(), PULL).unwrap_err();
    assert!(matches!(&error, ForgeError::NotAllowed { status: 401, .. }) && !error.to_string().contains("another"));
}

#[test]
fn nobody_there_is_no_unclear_end() {
    let github = start(Setup::default());
    let mut settings = settings(&github);
    // A port that was just free.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    settings.api_url = format!("http://127.0.0.1:{port}");
    let client = Client::new(settings).unwrap();
    let error = client.send("x", Method::POST, "/issues/7/comments", Some(&json!({}))).unwrap_err();
    assert!(matches!(error, ForgeError::Unreachable { tries: 3, .. }), "{error:?}");
}

#[test]
fn a_repository_that_moved_is_followed_with_the_same_method() {
    let github = start(Setup::default());
    let location = format!("{}/repos/octo/shop/issues/7/comments?moved", github.api_url());
    for (code, to, ok) in
        [(307, location.as_str(), true), (301, &location, true), (307, "https://elsewhere.invalid/", false)]
    {
        let headers = vec![("location".to_owned(), to.to_owned())];
        let what = What::Status { code, headers, body: "{}".to_owned(), applied: false };
        github.inject(Fault { on: Matcher::to("POST", "/comments"), what });
        let made = client(&github).send("x", Method::POST, "/issues/7/comments", Some(&json!({ "body": to })));
        assert_eq!(made.is_ok(), ok, "{made:?}");
    }
    let requests = github.requests();
    assert_eq!(requests.iter().filter(|request| request.status == Some(201) && request.method == "POST").count(), 2);
}

#[test]
fn a_file_that_is_too_large_is_not_sent() {
    let github = start(Setup::default());
    let client = client(&github);
    // Bytes that do not compress.
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let bytes: Vec<u8> = (0..upload::LIMIT + 100_000).map(|_| next()).collect();
    let file = upload::Sarif { name: "01.sarif", bytes: &bytes, commit: &head(), reference: "refs/heads/main" };
    let error = upload::sarif(&client, &file).unwrap_err();
    assert!(matches!(error, ForgeError::TooLarge { .. }) && error.to_string().contains("01.sarif"), "{error}");
    assert_eq!(client.calls(), 0);
}
