//! Operations that only read, as requests.

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tollgate_model::Location;

use crate::document::Document;
use crate::operation::{Operation, Trouble};
use crate::parameter::{Example, In, Parameter};
use crate::server::Served;

/// Everything but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Headers whose declaration counts for nothing (OpenAPI 3.1, 4.8.12.2.1).
const OTHERWISE: [&str; 3] = ["accept", "content-type", "authorization"];

/// A request that the document says how to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `GET` or `HEAD`.
    pub method: String,
    /// The path below which the document says the API is served; empty for the whole of its host.
    pub base: String,
    /// Path and query below that, filled in and encoded.
    pub path: String,
    /// The path as the document has it.
    pub template: String,
    /// Headers that it must have, by name.
    pub headers: Vec<(String, String)>,
    /// The successes that it declares; none where any may come.
    pub expected_statuses: Vec<u16>,
    /// Whether only somebody who is known may ask.
    pub needs_auth: bool,
    /// Where the operation stands.
    pub location: Location,
}

/// The operations of a document that only read: those that can be asked by its examples, and those that cannot.
pub fn calls(document: &Document) -> (Vec<Call>, Vec<Trouble>) {
    let operations = document.operations();
    let reads = |method: &str| ["GET", "HEAD"].iter().any(|name| name.eq_ignore_ascii_case(method));
    let (mut made, mut left) = (Vec::new(), Vec::new());
    for operation in operations.all.iter().filter(|operation| reads(&operation.method)) {
        match call(operation) {
            Ok(call) => made.push(call),
            Err(because) => left.push(Trouble {
                method: Some(operation.method.clone()),
                path: Some(operation.path.clone()),
                because,
                location: operation.location.clone(),
            }),
        }
    }
    left.extend(operations.troubles.into_iter().filter(|one| one.method.as_deref().is_none_or(reads)));
    (made, left)
}

fn call(operation: &Operation) -> Result<Call, Arc<str>> {
    if let Some(because) = &operation.unresolved {
        return Err(Arc::clone(because));
    }
    let base = match &operation.served {
        Served::Below(path) => path.clone(),
        Served::Elsewhere(url) => return Err(Arc::from(format!("it is served elsewhere, at `{url}`"))),
        Served::Nowhere(url) => return Err(Arc::from(format!("`{url}`, where it is served, is no address"))),
    };
    if operation.wants_body {
        return Err("it wants a body".into());
    }
    let mut path = operation.path.clone();
    let (mut query, mut headers, mut cookies) = (Vec::new(), Vec::new(), Vec::new());
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        if parameter.place == In::Header && OTHERWISE.iter().any(|name| name.eq_ignore_ascii_case(&parameter.name)) {
            continue;
        }
        let value = value(parameter)?;
        let encoded = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
        match parameter.place {
            In::Path => {
                if [".", ".."].contains(&value) {
                    return Err(Arc::from(format!("the example of its parameter `{}` is no name", parameter.name)));
                }
                path = path.replace(&format!("{{{}}}", parameter.name), &encoded(value));
            }
            In::Query => query.push(format!("{}={}", encoded(&parameter.name), encoded(value))),
            In::Header => headers.push((parameter.name.clone(), value.to_owned())),
            In::Cookie => cookies.push(format!("{}={value}", parameter.name)),
            In::Querystring => return Err("its query is a parameter as a whole".into()),
            In::Body => return Err("it wants a body".into()),
        }
    }
    if let Some((_, rest)) = path.split_once('{') {
        let name = rest.split('}').next().unwrap_or_default();
        return Err(Arc::from(format!("its parameter `{name}` is not declared")));
    }
    if path.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#' || c == '?') {
        return Err("its path has characters that no path has".into());
    }
    if path.split('/').any(|part| part == "." || part == "..") {
        return Err("its path has steps, which are no names".into());
    }
    if !cookies.is_empty() {
        headers.push(("cookie".to_owned(), cookies.join("; ")));
    }
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    Ok(Call {
        method: operation.method.clone(),
        base,
        path,
        template: operation.path.clone(),
        headers,
        expected_statuses: successes(&operation.responses),
        needs_auth: !operation.anonymous,
        location: operation.location.clone(),
    })
}

/// The successes that are declared one by one; none where they are as a range.
fn successes(responses: &[String]) -> Vec<u16> {
    if responses.iter().any(|status| status.eq_ignore_ascii_case("2XX")) {
        return Vec::new();
    }
    let statuses = responses.iter().filter_map(|status| status.parse().ok());
    statuses.filter(|status| (200..300).contains(status)).collect()
}

fn value(parameter: &Parameter) -> Result<&str, Arc<str>> {
    let name = &parameter.name;
    if let Some(style) = &parameter.style {
        return Err(Arc::from(format!("its parameter `{name}` is written in the style `{style}`")));
    }
    match &parameter.example {
        Some(Example::Plain(text)) => Ok(text),
        Some(Example::Other) => Err(Arc::from(format!("the example of its parameter `{name}` is no plain value"))),
        None => Err(Arc::from(format!("its parameter `{name}` has no example"))),
    }
}

#[cfg(test)]
mod tests;
