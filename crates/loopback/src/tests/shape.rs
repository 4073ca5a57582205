//! What every request must look like.

use serde_json::json;

use super::client::Client;
use super::usual;

#[test]
fn a_request_says_who_it_is_from() {
    let (github, mut client) = usual();
    client.headers.retain(|(name, _)| *name != "Authorization");
    let refused = client.get("/pulls/7");
    assert_eq!((refused.status, refused.message()), (401, "Requires authentication"));
    for value in ["Bearer wrong", "Basic loopback-token", "loopback-token", "Bearer "] {
        client.headers.push(("Authorization", value.to_owned()));
        let refused = client.get("/pulls/7");
        assert_eq!((refused.status, refused.message()), (401, "Bad credentials"), "{value}");
        assert_eq!(client.query("{ viewer { login } }", json!({})).status, 401);
        client.headers.pop();
    }
    client.headers.push(("Authorization", "token loopback-token".to_owned()));
    assert_eq!(client.get("/pulls/7").status, 200);
    assert!(github.complaints().is_empty());
}

#[test]
fn headers_that_are_asked_for_are_missed() {
    let (github, _) = usual();
    for (header, status) in [("User-Agent", 403), ("Accept", 200), ("X-GitHub-Api-Version", 200)] {
        let before = github.complaints().len();
        assert_eq!(Client::new(&github).without(header).get("/pulls/7").status, status);
        let complaints = github.complaints();
        assert_eq!(complaints.len(), before + 1, "{complaints:?}");
        assert!(complaints[before].contains(header), "{complaints:?}");
    }
    let mut client = Client::new(&github).without("Accept").without("X-GitHub-Api-Version");
    assert_eq!(client.query("{ viewer { login } }", json!({})).status, 200);
    assert_eq!(github.complaints().len(), 3);
}

#[test]
fn bodies_are_objects_of_known_fields() {
    let (github, mut client) = usual();
    let path = "/repos/octo/shop/issues/7/comments";
    let mut answer = |body: &[u8]| {
        let response = client.request("POST", path, body).unwrap();
        (response.status, response.message().to_owned())
    };
    assert_eq!(answer(b"{"), (400, "Problems parsing JSON".to_owned()));
    assert_eq!(answer(b"[]"), (400, "Body should be a JSON object".to_owned()));
    assert_eq!(answer(b"{}"), (422, "Invalid request.\n\n\"body\" wasn't supplied.".to_owned()));
    assert_eq!(
        answer(b"{\"body\": 1}"),
        (422, "Invalid request.\n\nFor 'properties/body', 1 is not a string.".to_owned())
    );
    assert_eq!(answer(b"{\"body\": \" \\n\"}").0, 422);
    assert_eq!(answer(format!("{{\"body\": \"{}\"}}", "é".repeat(65_537)).as_bytes()).0, 422);
    assert_eq!(github.complaints().len(), 6);
    assert_eq!(github.state(|state| state.comments.len()), 0);
    assert_eq!(answer(format!("{{\"body\": \"{}\"}}", "é".repeat(65_536)).as_bytes()).0, 201);
    assert_eq!(github.complaints().len(), 6);
    assert_eq!(answer(b"{\"body\": \"x\", \"extra\": 1}").0, 201);
    assert!(github.complaints()[6].contains("`extra` is no field"));
}

#[test]
fn errors_of_fields_name_the_field() {
    let (_github, mut client) = usual();
    let refused = client.post("/issues/7/comments", &json!({ "body": "" }));
    assert_eq!(refused.message(), "Validation Failed");
    let error = &refused.json["errors"][0];
    assert_eq!((&error["resource"], &error["message"]), (&json!("IssueComment"), &json!("Body cannot be blank")));
}

#[test]
fn other_repositories_and_endpoints_are_not_found() {
    let (github, mut client) = usual();
    for path in ["/repos/octo/other", "/repos/other/shop/pulls/7", "/repositories/1/issues", "/user", "/"] {
        assert_eq!(client.request("GET", path, b"").unwrap().status, 404, "{path}");
    }
    assert_eq!(client.request("GET", "/repos/OCTO/Shop/pulls/7", b"").unwrap().status, 200);
    assert!(github.complaints().is_empty() || github.complaints().iter().all(|text| text.contains("segment")));
    let before = github.complaints().len();
    assert_eq!(client.get("/check-runs").status, 404);
    assert_eq!(client.send("PUT", "/pulls/7", &json!({})).status, 404);
    assert_eq!(github.complaints().len(), before + 2);
}

#[test]
fn paths_are_percent_encoded() {
    let (github, mut client) = usual();
    assert_eq!(client.get("/rules/branches/a%2Fb%20c").status, 200);
    assert!(github.complaints().is_empty());
    client.get("/rules/branches/a\"b");
    client.get("/rules/branches/a%2");
    client.get("/rules/branches/a/..");
    assert_eq!(github.complaints().len(), 4, "{:?}", github.complaints());
    assert!(github.complaints()[2].contains("segment") && github.complaints()[3].contains("slash"));
}

#[test]
fn what_is_no_request_is_refused_and_closed() {
    let (github, mut client) = usual();
    let refused = client.raw(b"NONSENSE\r\n\r\n").unwrap();
    assert_eq!((refused.status, refused.header("connection")), (400, Some("close")));
    let large = format!("POST /x HTTP/1.1\r\nContent-Length: {}\r\n\r\n", 40 << 20);
    let mut bytes = large.into_bytes();
    bytes.resize(bytes.len() + (40 << 20), b'x');
    assert_eq!(client.raw(&bytes).unwrap().status, 413);
    assert_eq!(client.raw(format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(70 << 10)).as_bytes()).unwrap().status, 431);
    assert_eq!(client.get("/pulls/7").status, 200);
    assert_eq!(github.calls(), 1);
}

#[test]
fn connections_are_kept_and_chunks_are_read() {
    let (github, mut client) = usual();
    let headers: String = client.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let chunks = "8\r\n{\"body\":\r\n6\r\n\"abc\"}\r\n0\r\n\r\n";
    let request = format!(
        "POST /repos/octo/shop/issues/7/comments HTTP/1.1\r\n{headers}Transfer-Encoding: chunked\r\n\r\n{chunks}"
    );
    assert_eq!(client.raw(request.as_bytes()).unwrap().status, 201);
    assert_eq!(client.get("/issues/7/comments").json[0]["body"], "abc");
    assert_eq!(client.opened, 1);
    client.headers.push(("Connection", "close".to_owned()));
    assert_eq!(client.get("/pulls/7").header("connection"), Some("close"));
    client.get("/pulls/7");
    assert_eq!((client.opened, github.calls()), (2, 4));
}
