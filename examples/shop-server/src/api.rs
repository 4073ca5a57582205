//! What is answered to what.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The document that says what is answered.
const DOCUMENT: &str = include_str!("../../shop/apps/api/openapi.yaml");

/// What is on the shelf when the service starts, as `products/product.ts` has it.
const PRODUCTS: [(&str, &str); 3] = [
    (
        "4a1f0c52-6f0e-4d0c-9d3b-0a5c7a3c1e01",
        r#"{"id":"4a1f0c52-6f0e-4d0c-9d3b-0a5c7a3c1e01","name":"Heating oil, low sulphur","kind":"fuel","priceCents":104,"leastQuantity":500}"#,
    ),
    (
        "4a1f0c52-6f0e-4d0c-9d3b-0a5c7a3c1e02",
        r#"{"id":"4a1f0c52-6f0e-4d0c-9d3b-0a5c7a3c1e02","name":"Heating oil, 10 % renewable","kind":"fuel","priceCents":117,"leastQuantity":500}"#,
    ),
    (
        "4a1f0c52-6f0e-4d0c-9d3b-0a5c7a3c1e03",
        r#"{"id":"4a1f0c52-6f0e-4d0c-9d3b-0a5c7a3c1e03","name":"Ultrasonic level gauge","kind":"gauge","priceCents":12900,"leastQuantity":1}"#,
    ),
];

/// Everything but reading is for customers and operators.
const WRITES: [(&str, &str); 6] = [
    ("POST", "/products"),
    ("POST", "/tanks"),
    ("POST", "/tanks/{id}/readings"),
    ("POST", "/orders"),
    ("PATCH", "/orders/{id}"),
    ("POST", "/orders/{id}/cancel"),
];

const MINUTE: Duration = Duration::from_secs(60);

/// A request, as far as it matters here.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    /// Path and query.
    pub(crate) target: &'a str,
    pub(crate) authorization: Option<&'a str>,
}

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) kind: &'static str,
    pub(crate) body: String,
}

impl Answer {
    fn json(status: u16, body: String) -> Self {
        Self { status, headers: Vec::new(), kind: "application/json", body }
    }

    fn error(status: u16, message: &str) -> Self {
        Self::json(status, format!(r#"{{"statusCode":{status},"message":"{message}"}}"#))
    }
}

/// The shop.
#[derive(Debug)]
pub(crate) struct Shop {
    token: Option<String>,
    per_minute: u16,
    started: Instant,
    /// By method and path: since when requests are counted, and how many there were.
    counted: Mutex<HashMap<String, (Instant, u16)>>,
}

impl Shop {
    pub(crate) fn new(token: Option<String>, per_minute: u16) -> Self {
        let token = token.filter(|token| !token.is_empty());
        Self { token, per_minute, started: Instant::now(), counted: Mutex::default() }
    }

    /// What is answered.
    pub(crate) fn answer(&self, request: &Request<'_>) -> Answer {
        let (path, query) = request.target.split_once('?').unwrap_or((request.target, ""));
        if (request.method, path) == ("GET", "/health") {
            let seconds = self.started.elapsed().as_secs();
            return Answer::json(200, format!(r#"{{"status":"ok","uptimeSeconds":{seconds}}}"#));
        }
        if (request.method, path) == ("GET", "/openapi.yaml") {
            return Answer { kind: "application/yaml", ..Answer::json(200, DOCUMENT.to_owned()) };
        }
        let (headers, over) = self.count(request.method, path);
        let mut answer = match over {
            true => Answer::error(429, "You asked too often."),
            false => self.route(request, path, query),
        };
        answer.headers.extend(headers);
        answer
    }

    fn route(&self, request: &Request<'_>, path: &str, query: &str) -> Answer {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let products = || PRODUCTS.iter().map(|(_, json)| *json).collect::<Vec<&str>>();
        match (request.method, &parts[..]) {
            ("GET", ["products"]) => page(query, &products()),
            ("GET", ["products", id]) => match PRODUCTS.iter().find(|(known, _)| known == id) {
                _ if !is_id(id) => Answer::error(400, "The id is no UUID."),
                Some((_, json)) => Answer::json(200, (*json).to_owned()),
                None => Answer::error(404, "There is no such product."),
            },
            (method, parts) if is_known(method, parts) => match request.authorization {
                authorization if !self.is_guest(authorization) => {
                    Answer::error(401, "A valid bearer token is required.")
                }
                _ if method != "GET" => Answer::error(403, "A guest may not do this."),
                _ => match parts {
                    ["tanks" | "orders"] => page(query, &[]),
                    [_, id, ..] if !is_id(id) => Answer::error(400, "The id is no UUID."),
                    _ => Answer::error(404, "It does not exist, or it is not yours."),
                },
            },
            _ => Answer::error(404, "There is nothing here."),
        }
    }

    fn is_guest(&self, authorization: Option<&str>) -> bool {
        let shown = authorization.and_then(|text| text.strip_prefix("Bearer "));
        self.token.is_some() && shown == self.token.as_deref()
    }

    /// One more request: what its headers say of the limit, and whether it is over.
    fn count(&self, method: &str, path: &str) -> (Vec<(&'static str, String)>, bool) {
        let template: String =
            path.split('/').map(|part| if is_id(part) { "{id}" } else { part }).collect::<Vec<_>>().join("/");
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        // Whatever else is asked for has one count.
        let known = is_known(method, &template.trim_start_matches('/').split('/').collect::<Vec<_>>());
        let key =
            if known || template.starts_with("/products") { format!("{method} {template}") } else { String::new() };
        let (since, count) = counted.entry(key).or_insert((Instant::now(), 0));
        if since.elapsed() >= MINUTE {
            (*since, *count) = (Instant::now(), 0);
        }
        *count = count.saturating_add(1);
        let reset = (MINUTE - since.elapsed().min(MINUTE)).as_secs() + 1;
        let (left, over) = (self.per_minute.saturating_sub(*count), *count > self.per_minute);
        let mut headers = vec![
            ("x-ratelimit-limit", self.per_minute.to_string()),
            ("x-ratelimit-remaining", left.to_string()),
            ("x-ratelimit-reset", reset.to_string()),
        ];
        if over {
            headers.push(("retry-after", reset.to_string()));
        }
        (headers, over)
    }
}

/// Whether the document has it, and wants to know who asks.
fn is_known(method: &str, parts: &[&str]) -> bool {
    let same = |template: &str| {
        let template: Vec<&str> = template.trim_start_matches('/').split('/').collect();
        template.len() == parts.len() && template.iter().zip(parts).all(|(t, part)| *t == "{id}" || t == part)
    };
    let reads = ["/tanks", "/tanks/{id}", "/tanks/{id}/readings", "/orders", "/orders/{id}"];
    WRITES.iter().any(|(known, template)| *known == method && same(template))
        || (method == "GET" && reads.iter().any(|template| same(template)))
}

fn is_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    let dash = |i: usize| matches!(i, 8 | 13 | 18 | 23);
    bytes.len() == 36 && bytes.iter().enumerate().all(|(i, b)| if dash(i) { *b == b'-' } else { b.is_ascii_hexdigit() })
}

/// A part of a list, and how long the whole is.
fn page(query: &str, all: &[&str]) -> Answer {
    let (mut limit, mut offset) = (20, 0);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let number = pair.split_once('=').and_then(|(name, value)| Some((name, value.parse::<usize>().ok()?)));
        match number {
            Some(("limit", value @ 1..=100)) => limit = value,
            Some(("offset", value @ 0..=1_000_000)) => offset = value,
            _ => return Answer::error(400, "limit is a whole number from 1 to 100, offset one from 0."),
        }
    }
    let items: Vec<&str> = all.iter().skip(offset).take(limit).copied().collect();
    Answer::json(200, format!(r#"{{"items":[{}],"total":{}}}"#, items.join(","), all.len()))
}

#[cfg(test)]
mod tests;
