//! Parameters of operations, and the values that a document gives for them.

use std::sync::Arc;

use tollgate_input::{Node, Number, Value};

use crate::document::{At, Document};

/// A parameter of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it goes.
    pub place: In,
    /// Whether it must be there.
    pub required: bool,
    /// How its value is written into the request, where that is not the usual way for its place (`matrix`, `label`, …).
    pub style: Option<String>,
    /// A value for it that the document gives.
    pub example: Option<Example>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum In {
    /// Into the path.
    Path,
    /// Behind `?`.
    Query,
    /// Into a header.
    Header,
    /// Into a cookie.
    Cookie,
    /// Into the body (Swagger 2.0).
    Body,
    /// As all that stands behind `?` (OpenAPI 3.2).
    Querystring,
}

/// A value that a document gives for a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Example {
    /// A text, number or truth value, as it is sent.
    Plain(String),
    /// A list, a mapping or nothing at all.
    Other,
}

/// The parameter at `at`, which is no reference.
pub(crate) fn read(document: &Document, at: At<'_>) -> Result<Parameter, Arc<str>> {
    let text = |key: &str| at.node.get(key).and_then(Node::name);
    let Some(name) = text("name") else { return Err("a parameter of it has no name".into()) };
    let (place, usual) = match text("in") {
        Some("path") => (In::Path, "simple"),
        Some("query") => (In::Query, "form"),
        Some("header") => (In::Header, "simple"),
        Some("cookie") => (In::Cookie, "form"),
        Some("querystring") => (In::Querystring, ""),
        Some("body" | "formData") => (In::Body, ""),
        _ => return Err(Arc::from(format!("its parameter `{name}` does not say where it goes"))),
    };
    Ok(Parameter {
        name: name.to_owned(),
        place,
        required: place == In::Path || at.node.get("required").and_then(Node::as_bool).unwrap_or(false),
        style: text("style").filter(|style| *style != usual).map(str::to_owned),
        example: example(document, at),
    })
}

/// The first value that the document gives: an example, else what the schema gives for one.
fn example(document: &Document, at: At<'_>) -> Option<Example> {
    let named = || {
        let (_, first) = at.get("examples")?.entries().next()?;
        let first = document.resolve(first).ok()?;
        first.node.get("value").or_else(|| first.node.get("dataValue"))
    };
    let schema = at.get("schema").and_then(|schema| document.resolve(schema).ok());
    let own = at.node.get("example").or_else(named);
    // Swagger 2.0 has what a schema has beside the name.
    own.or_else(|| schema.and_then(|schema| of_schema(schema.node))).or_else(|| of_schema(at.node)).map(plain)
}

/// What a schema gives: a value that alone is right, an example, what holds where nothing is sent, the first that is right.
fn of_schema(schema: &Node) -> Option<&Node> {
    let first = |key: &str| schema.get(key).and_then(|list| list.items().first());
    let value = schema.get("const").or_else(|| schema.get("example")).or_else(|| first("examples"));
    value.or_else(|| schema.get("default")).or_else(|| first("enum"))
}

fn plain(node: &Node) -> Example {
    match &node.value {
        Value::String(text) if !text.is_empty() => Example::Plain(text.clone()),
        Value::Number(number) => Example::Plain(decimal(number)),
        Value::Bool(value) => Example::Plain(value.to_string()),
        _ => Example::Other,
    }
}

/// A number as it is sent: in decimal, and as it is written where it is longer than a machine counts.
fn decimal(number: &Number) -> String {
    let whole = number.as_i64().map(|n| n.to_string()).or_else(|| number.as_u64().map(|n| n.to_string()));
    whole.unwrap_or_else(|| number.text().to_owned())
}
