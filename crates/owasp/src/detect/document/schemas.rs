//! What requests may hold, and answers do: schemas, each looked at once in either direction.

use std::collections::HashSet;

use tollgate_input::{Node, Value};
use tollgate_model::Location;
use tollgate_openapi::At;

use super::{Look, OPENAPI, names};
use crate::evidence::{Evidence, State};

/// How deep schemas may lie within one another.
const DEEPEST: usize = 64;

/// How many parameters say how long a page is, and how many of them say what is the longest.
#[derive(Default)]
pub(super) struct Paging {
    all: usize,
    bounded: usize,
    first: Option<Location>,
}

impl Paging {
    pub(super) fn answer(&self, evidence: &mut Evidence, path: &str) {
        if self.all == 0 {
            return;
        }
        let text =
            format!("{path}: {} of {} parameters for the length of a page have a maximum", self.bounded, self.all);
        let state = State::of(self.bounded, self.all);
        evidence.answer(OPENAPI, "page-limit", state, text, self.first.iter().cloned().collect());
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Request,
    Answer,
}

struct Walk<'l, 'd> {
    look: &'l mut Look<'d>,
    way: Way,
    seen: HashSet<*const Node>,
    /// The JSON Pointer to where one is.
    pointer: Vec<String>,
}

/// Looks at all of them.
pub(super) fn schemas(look: &mut Look<'_>) -> Paging {
    let paging = parameters(look);
    let mut walk = Walk { look, way: Way::Request, seen: HashSet::new(), pointer: Vec::new() };
    for (operation, placed) in walk.look.all() {
        walk.pointer = vec![operation.method.clone(), operation.path.clone()];
        if let Some(body) = placed.at.get("requestBody") {
            walk.content(body);
        }
        let parameters = placed.items.iter().copied().chain([placed.at]).filter_map(|at| at.get("parameters"));
        for parameter in parameters.flat_map(At::items) {
            let Ok(parameter) = walk.look.document.resolve(parameter) else { continue };
            if parameter.node.get("in").and_then(Node::as_str) == Some("body")
                && let Some(schema) = parameter.get("schema")
            {
                walk.body(schema);
            }
        }
    }
    walk.way = Way::Answer;
    walk.seen.clear();
    for (operation, placed) in walk.look.all() {
        for (status, answer) in placed.at.get("responses").into_iter().flat_map(At::entries) {
            walk.pointer = vec![
                operation.method.clone(),
                operation.path.clone(),
                status.node.name().unwrap_or_default().to_owned(),
            ];
            walk.content(answer);
            if let Some(schema) = walk.look.document.resolve(answer).ok().and_then(|answer| answer.get("schema")) {
                walk.body(schema);
            }
        }
    }
    paging
}

/// Looks at every parameter, those of components once.
fn parameters(look: &mut Look<'_>) -> Paging {
    let mut paging = Paging::default();
    let mut seen: HashSet<*const Node> = HashSet::new();
    for (operation, placed) in look.all() {
        let of = placed.items.iter().copied().chain([placed.at]).filter_map(|at| at.get("parameters"));
        for at in of.flat_map(At::items) {
            let Ok(at) = look.document.resolve(at) else { continue };
            if !seen.insert(std::ptr::from_ref(at.node)) {
                continue;
            }
            let text = |key: &str| at.node.get(key).and_then(Node::name).unwrap_or_default();
            let (name, place) = (text("name"), text("in"));
            if !matches!(place, "query" | "path") {
                continue;
            }
            let what = format!("`{name}` of {} {}", operation.method, operation.path);
            let schema = at.get("schema").and_then(|schema| look.document.resolve(schema).ok()).unwrap_or(at);
            let kind = types(schema.node);
            if names::is_credential(name) {
                look.hit("credentials-in-query", what.clone(), at);
            }
            if place == "query" && (names::is_address(name) || is_uri(schema.node)) {
                look.hit("address-in-request", what.clone(), at);
            }
            if place == "path"
                && names::is_object_id(name)
                && kind.iter().any(|kind| matches!(*kind, "integer" | "number"))
            {
                look.mild("numeric-object-id", what.clone(), at);
            }
            if place == "query" && names::is_page_size(name) && !kind.contains(&"boolean") {
                paging.all += 1;
                let place = look.document.place(at);
                if bounded(schema.node) {
                    paging.bounded += 1;
                    paging.first.get_or_insert(place);
                } else {
                    look.hit("unbounded-request", what, at);
                }
            }
        }
    }
    paging
}

fn types(schema: &Node) -> Vec<&str> {
    match schema.get("type") {
        Some(Node { value: Value::Seq(all), .. }) => all.iter().filter_map(Node::as_str).collect(),
        Some(node) => node.as_str().into_iter().collect(),
        None => Vec::new(),
    }
}

fn is_uri(schema: &Node) -> bool {
    matches!(schema.get("format").and_then(Node::as_str), Some("uri" | "url" | "uri-reference" | "iri"))
}

fn bounded(schema: &Node) -> bool {
    ["maximum", "exclusiveMaximum", "enum", "const", "maxLength", "pattern"].iter().any(|key| schema.get(key).is_some())
}

impl<'d> Walk<'_, 'd> {
    /// Where one is: a component's part by its JSON Pointer, else the last name of the way there, and the operation.
    fn here(&self) -> String {
        match self.pointer.split_last() {
            Some((last, way)) if !self.pointer[0].contains('#') => {
                format!("`{last}` of {}", way.iter().take(2).cloned().collect::<Vec<String>>().join(" "))
            }
            _ => self.pointer.join("/"),
        }
    }

    /// A property by its JSON Pointer within a component, else by the operation.
    fn shown(&self, name: &str) -> String {
        match self.pointer.first() {
            Some(first) if first.contains('#') => format!("{}/properties/{name}", self.pointer.join("/")),
            _ => format!("`{name}` of {}", self.pointer.iter().take(2).cloned().collect::<Vec<String>>().join(" ")),
        }
    }

    /// The schemas of a body or an answer.
    fn content(&mut self, at: At<'d>) {
        let Ok(at) = self.look.document.resolve(at) else { return };
        for (_, media) in at.get("content").into_iter().flat_map(At::entries) {
            if let Some(schema) = media.get("schema") {
                self.body(schema);
            }
        }
    }

    /// The schema of a whole body.
    fn body(&mut self, at: At<'d>) {
        if self.way == Way::Request
            && let Ok(resolved) = self.look.document.resolve(at)
            && resolved.node.get("properties").is_some()
            && !self.seen.contains(&std::ptr::from_ref(resolved.node))
        {
            let open = match resolved
                .node
                .get("additionalProperties")
                .or_else(|| resolved.node.get("unevaluatedProperties"))
            {
                Some(node) => node.as_bool() != Some(false),
                None => true,
            };
            if open {
                let what = self.pointer.iter().take(2).cloned().collect::<Vec<String>>().join(" ");
                self.look.mild("open-request-body", what, at);
            }
        }
        self.schema(at, 0);
    }

    fn schema(&mut self, at: At<'d>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let before = self.pointer.clone();
        if let Some(reference) = at.node.get("$ref").and_then(Node::as_str) {
            self.pointer = vec![reference.to_owned()];
        }
        if let Ok(resolved) = self.look.document.resolve(at)
            && self.seen.insert(std::ptr::from_ref(resolved.node))
        {
            self.parts(resolved, depth);
        }
        self.pointer = before;
    }

    fn parts(&mut self, schema: At<'d>, depth: usize) {
        for (name, property) in schema.get("properties").into_iter().flat_map(At::entries) {
            let Some(name) = name.node.name() else { continue };
            self.property(name, property);
            self.pointer.extend(["properties".to_owned(), name.to_owned()]);
            self.schema(property, depth + 1);
            self.pointer.truncate(self.pointer.len().saturating_sub(2));
        }
        for key in ["items", "additionalProperties", "not"] {
            if let Some(inner) = schema.get(key).filter(|inner| matches!(inner.node.value, Value::Map(_))) {
                self.pointer.push(key.to_owned());
                self.schema(inner, depth + 1);
                self.pointer.pop();
            }
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            for (i, inner) in schema.get(key).into_iter().flat_map(At::items).enumerate() {
                self.pointer.extend([key.to_owned(), i.to_string()]);
                self.schema(inner, depth + 1);
                self.pointer.truncate(self.pointer.len().saturating_sub(2));
            }
        }
        if self.way == Way::Request {
            let kind = types(schema.node);
            let unbounded = kind.contains(&"array") && schema.node.get("maxItems").is_none()
                || kind.contains(&"string")
                    && !bounded(schema.node)
                    && !matches!(
                        schema.node.get("format").and_then(Node::as_str),
                        Some("date" | "date-time" | "uuid" | "binary")
                    );
            if unbounded {
                let what = self.here();
                self.look.mild("unbounded-request", what, schema);
            }
        }
    }

    fn property(&mut self, name: &str, property: At<'d>) {
        let resolved = self.look.document.resolve(property).map_or(property.node, |at| at.node);
        let is = |key: &str| {
            let own = property.node.get(key).or_else(|| resolved.get(key));
            own.and_then(Node::as_bool) == Some(true)
        };
        match self.way {
            Way::Request => {
                if names::is_privilege(name) && !is("readOnly") {
                    let what = self.shown(name);
                    self.look.hit("writable-privilege", what, property);
                }
                if names::is_address(name) || is_uri(resolved) {
                    let what = self.shown(name);
                    self.look.hit("address-in-request", what, property);
                }
            }
            Way::Answer => {
                let text = types(resolved).contains(&"string");
                if text && names::is_secret(name) && !is("writeOnly") {
                    let what = self.shown(name);
                    self.look.hit("secret-in-response", what, property);
                }
            }
        }
    }
}
