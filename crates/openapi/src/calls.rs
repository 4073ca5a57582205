//! Operations that only read, as requests.

use serde_json::Value;
use tollgate_model::Location;

use crate::document::Document;
use crate::operation::{In, Operation, Parameter};

/// A request that the document says how to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// `GET` or `HEAD`.
    pub method: String,
    /// Path and query, filled in and encoded.
    pub path: String,
    /// The path as the document has it.
    pub template: String,
    /// Headers that it must have, by name.
    pub headers: Vec<(String, String)>,
    /// The successes that it declares.
    pub expected_statuses: Vec<u16>,
    /// Whether only somebody who is known may ask.
    pub needs_auth: bool,
    /// Where the operation stands.
    pub location: Location,
}

/// An operation that cannot be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// Its method.
    pub method: String,
    /// Its path as the document has it.
    pub template: String,
    /// Why not, in a few words.
    pub because: String,
    /// Where it stands.
    pub location: Location,
}

/// The operations among `wanted` that only read: those that can be asked by the document's examples, and those that cannot.
pub fn calls(document: &Document, wanted: impl Fn(&Operation) -> bool) -> (Vec<Call>, Vec<LeftOut>) {
    let (mut made, mut left) = (Vec::new(), Vec::new());
    for operation in document.operations() {
        if !matches!(operation.method.as_str(), "GET" | "HEAD") || !wanted(&operation) {
            continue;
        }
        match call(&operation) {
            Ok(call) => made.push(call),
            Err(because) => left.push(LeftOut {
                method: operation.method,
                template: operation.path,
                because,
                location: operation.location,
            }),
        }
    }
    (made, left)
}

fn call(operation: &Operation) -> Result<Call, String> {
    if operation.unresolved {
        return Err("a parameter refers to what is not in the document".to_owned());
    }
    let mut path = operation.path.clone();
    let (mut query, mut headers) = (Vec::new(), Vec::new());
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        let value = value(parameter)?;
        match parameter.place {
            In::Path => {
                let braces = format!("{{{}}}", parameter.name);
                path = path.replace(&braces, &encoded(&value));
            }
            In::Query => query.push(format!("{}={}", encoded(&parameter.name), encoded(&value))),
            In::Header => headers.push((parameter.name.clone(), value)),
            In::Cookie => headers.push(("cookie".to_owned(), format!("{}={value}", parameter.name))),
            In::Body => return Err("it wants a body".to_owned()),
        }
    }
    if let Some((_, rest)) = path.split_once('{') {
        let name = rest.split('}').next().unwrap_or_default();
        return Err(format!("its parameter `{name}` is not declared"));
    }
    if path.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#' || c == '?') {
        return Err("its path has characters that no path has".to_owned());
    }
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    let statuses = operation.responses.iter().filter_map(|status| status.parse().ok());
    Ok(Call {
        method: operation.method.clone(),
        path,
        template: operation.path.clone(),
        headers,
        expected_statuses: statuses.filter(|status| (200..300).contains(status)).collect(),
        needs_auth: !operation.anonymous,
        location: operation.location.clone(),
    })
}

fn value(parameter: &Parameter) -> Result<String, String> {
    match &parameter.example {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => Ok(value.to_string()),
        Some(_) => Err(format!("the example of its parameter `{}` is no plain value", parameter.name)),
        None => Err(format!("its parameter `{}` has no example", parameter.name)),
    }
}

/// Everything but unreserved characters as RFC 3986 encodes it.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests;
