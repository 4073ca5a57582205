//! What can be asked of an API.

use serde_json::Value as Json;
use tollgate_input::{Node, Value};
use tollgate_model::Location;

use crate::document::Document;

/// Methods of HTTP that a path may have (OpenAPI 3.1, 4.8.9).
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// How deep an example is taken over.
const DEEPEST: usize = 32;

/// One thing that can be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path with its parameters in braces: `/wells/{id}`.
    pub path: String,
    /// Its parameters, its own before those of its path.
    pub parameters: Vec<Parameter>,
    /// Statuses of answers that it declares, as they are written: `200`, `4XX`, `default`.
    pub responses: Vec<String>,
    /// Whether it can be asked by anybody.
    pub anonymous: bool,
    /// Whether parameters were left out, for what they refer to is not in the document.
    pub unresolved: bool,
    /// Where it stands.
    pub location: Location,
}

/// A parameter of an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it goes.
    pub place: In,
    /// Whether it must be there.
    pub required: bool,
    /// A value for it that the document gives.
    pub example: Option<Json>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

/// Every operation of a document.
pub(crate) fn all(document: &Document) -> Vec<Operation> {
    let root = document.root();
    let global = root.get("security");
    let mut all = Vec::new();
    for pair in root.get("paths").map(Node::entries).unwrap_or_default() {
        let (Some(path), Some(item)) = (pair.key.name(), document.resolve(&pair.value)) else { continue };
        if !path.starts_with('/') {
            continue;
        }
        let shared = item.get("parameters").map(Node::items).unwrap_or_default();
        for pair in item.entries() {
            let Some(method) = pair.key.name().filter(|name| METHODS.contains(name)) else { continue };
            let own = pair.value.get("parameters").map(Node::items).unwrap_or_default();
            let mut operation = Operation {
                method: method.to_uppercase(),
                path: path.to_owned(),
                parameters: Vec::new(),
                responses: names(pair.value.get("responses")),
                anonymous: is_anonymous(pair.value.get("security").or(global)),
                unresolved: false,
                location: document.place(&pair.key),
            };
            for node in own.iter().chain(shared) {
                match document.resolve(node).and_then(|node| parameter(document, node)) {
                    Some(found) => {
                        let known = |other: &Parameter| (&other.name, other.place) == (&found.name, found.place);
                        if !operation.parameters.iter().any(known) {
                            operation.parameters.push(found);
                        }
                    }
                    None => operation.unresolved = true,
                }
            }
            all.push(operation);
        }
    }
    all
}

fn names(node: Option<&Node>) -> Vec<String> {
    node.map(Node::entries).unwrap_or_default().iter().filter_map(|pair| pair.key.name().map(str::to_owned)).collect()
}

/// No requirement at all, or an empty one among them (OpenAPI 3.1, 4.8.30).
fn is_anonymous(security: Option<&Node>) -> bool {
    security.is_none_or(|all| all.items().is_empty() || all.items().iter().any(|one| one.entries().is_empty()))
}

fn parameter(document: &Document, node: &Node) -> Option<Parameter> {
    let place = match node.get("in")?.as_str()? {
        "path" => In::Path,
        "query" => In::Query,
        "header" => In::Header,
        "cookie" => In::Cookie,
        "body" | "formData" => In::Body,
        _ => return None,
    };
    Some(Parameter {
        name: node.get("name")?.name()?.to_owned(),
        place,
        required: place == In::Path || node.get("required").and_then(Node::as_bool).unwrap_or(false),
        example: example(document, node),
    })
}

/// The first value that the document gives: an example, else what the schema gives for one.
fn example(document: &Document, node: &Node) -> Option<Json> {
    let named = |node: &Node| -> Option<Json> {
        let first = node.get("examples")?.entries().first()?;
        document.resolve(&first.value)?.get("value").map(|value| plain(value, 0))
    };
    let schema = node.get("schema").and_then(|schema| document.resolve(schema));
    let of_schema = |schema: &Node| {
        let first = |key: &str| schema.get(key).and_then(|list| list.items().first());
        let value = schema.get("example").or_else(|| first("examples")).or_else(|| schema.get("const"));
        value.or_else(|| schema.get("default")).or_else(|| first("enum")).map(|value| plain(value, 0))
    };
    let own = node.get("example").map(|value| plain(value, 0));
    // Swagger 2.0 has what a schema has beside the name.
    own.or_else(|| named(node)).or_else(|| schema.and_then(of_schema)).or_else(|| of_schema(node))
}

/// A node without its places.
fn plain(node: &Node, depth: usize) -> Json {
    match &node.value {
        _ if depth > DEEPEST => Json::Null,
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => {
            serde_json::from_str(number.text()).unwrap_or_else(|_| Json::String(number.text().to_owned()))
        }
        Value::String(text) => Json::String(text.clone()),
        Value::Seq(items) => Json::Array(items.iter().map(|item| plain(item, depth + 1)).collect()),
        Value::Map(pairs) => {
            let field =
                |pair: &tollgate_input::Pair| Some((pair.key.name()?.to_owned(), plain(&pair.value, depth + 1)));
            Json::Object(pairs.iter().filter_map(field).collect())
        }
    }
}
