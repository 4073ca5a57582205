use std::net::TcpListener;
use std::time::{Duration, Instant};

use tollgate_openapi::Document;

use super::*;

fn ask(shop: &Shop, method: &str, target: &str, authorization: Option<&str>) -> Answer {
    shop.answer(&Request { method, target, authorization })
}

/// A word that nobody but this test knows.
fn word() -> String {
    format!("{:?}", Instant::now()).chars().filter(char::is_ascii_digit).collect()
}

#[test]
fn every_operation_of_the_document_is_answered_as_it_declares() {
    let document = Document::parse("openapi.yaml", DOCUMENT.as_bytes()).unwrap();
    let word = word();
    let shop = Shop::new(Some(word.clone()), 1_000);
    let bearer = format!("Bearer {word}");
    let operations = document.operations();
    assert!(operations.all.len() > 10 && operations.troubles.is_empty(), "{:?}", operations.troubles);
    for operation in operations.all {
        let path = operation.path.replace("{id}", "4a1f0c52-6f0e-4d0c-9d3b-0a5c7a3c1e01");
        let answer = ask(&shop, &operation.method, &path, None);
        assert_eq!(answer.status, if operation.anonymous { 200 } else { 401 }, "{} {path}", operation.method);
        let answer = ask(&shop, &operation.method, &path, Some(&bearer));
        assert!(
            operation.responses.contains(&answer.status.to_string()),
            "{} {path}: {}",
            operation.method,
            answer.status
        );
        let answer = ask(&shop, &operation.method, &path.replace("4a1f", "no-"), Some(&bearer));
        assert!(
            operation.responses.contains(&answer.status.to_string()),
            "{} {path}: {}",
            operation.method,
            answer.status
        );
    }
}

/// Whoever takes its endpoints from the document alone asks nothing that is not there.
#[test]
fn what_the_examples_of_the_document_ask_for_is_there() {
    let document = Document::parse("openapi.yaml", DOCUMENT.as_bytes()).unwrap();
    let word = word();
    let shop = Shop::new(Some(word.clone()), 1_000);
    let (calls, _) = tollgate_openapi::calls(&document);
    assert!(calls.iter().any(|call| call.template == "/products/{id}"));
    for call in calls {
        assert_eq!(ask(&shop, &call.method, &call.path, Some(&format!("Bearer {word}"))).status, 200, "{}", call.path);
    }
}

#[test]
fn pages_are_cut_and_limits_are_kept() {
    let shop = Shop::new(None, 3);
    assert!(ask(&shop, "GET", "/products?limit=1&offset=2", None).body.contains("gauge"));
    assert_eq!(ask(&shop, "GET", "/products?limit=0", None).status, 400);
    assert_eq!(ask(&shop, "GET", "/products", None).status, 200);
    let over = ask(&shop, "GET", "/products", None);
    assert!(over.status == 429 && over.headers.iter().any(|(name, _)| *name == "retry-after"));
    assert_eq!(ask(&shop, "GET", "/health", None).status, 200);
    assert_eq!(ask(&shop, "GET", "/openapi.yaml", None).headers, []);
    assert_eq!(ask(&shop, "GET", "/tanks", Some("Bearer ")).status, 401);
}

#[test]
fn it_speaks_http() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/openapi.yaml", listener.local_addr().unwrap());
    std::thread::spawn(move || crate::serve::forever(&listener, Shop::new(None, 100)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = tollgate_http::Client::new(tollgate_http::Settings::default()).unwrap();
    let request = tollgate_http::Request::new("GET", &url).unwrap();
    for reused in [false, true] {
        let exchange = runtime.block_on(client.send(&request, Instant::now() + Duration::from_secs(10)));
        assert_eq!(exchange.reused, reused);
        assert_eq!(exchange.outcome.unwrap().body, DOCUMENT.as_bytes());
    }
}
