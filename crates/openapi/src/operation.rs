//! What can be asked of an API.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tollgate_input::{Node, Value};
use tollgate_model::Location;

use crate::document::{At, Document, shown};
use crate::parameter::{self, Parameter};
use crate::server::{self, Served};

/// Methods of HTTP that a path may have (OpenAPI 3.2, 4.8.9).
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// Most parameters of all operations together, those of a path counted for each of its operations: a large public API has a hundred thousand.
const MOST_PARAMETERS: usize = 1_000_000;

/// One thing that can be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path with its parameters in braces: `/wells/{id}`.
    pub path: String,
    /// Its parameters, its own before those of its path.
    pub parameters: Vec<Arc<Parameter>>,
    /// Statuses of answers that it declares, as they are written: `200`, `4XX`, `default`.
    pub responses: Vec<String>,
    /// Whether it can be asked by anybody.
    pub anonymous: bool,
    /// Whether it must be sent a body.
    pub wants_body: bool,
    /// Where it is served.
    pub served: Served,
    /// Of an operation that is not known as a whole: why, in a few words.
    pub unresolved: Option<Arc<str>>,
    /// Where it stands.
    pub location: Location,
}

/// What a document holds in the place of operations, and what cannot be understood; of [`calls`](crate::calls) also an operation that cannot be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The method, where it is about one.
    pub method: Option<String>,
    /// The path as the document has it; none where it is about all of them.
    pub path: Option<String>,
    /// What is wrong, in a few words.
    pub because: Arc<str>,
    /// Where it stands.
    pub location: Location,
}

impl Trouble {
    /// What it is about: `GET /wells/{id}`, `any /wells`.
    pub fn about(&self) -> String {
        let (method, path) = (self.method.as_deref().unwrap_or("any"), self.path.as_deref().unwrap_or("path"));
        format!("{method} {path}")
    }
}

/// Everything that can be asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Operations {
    /// In the order of the document.
    pub all: Vec<Operation>,
    /// What could not be understood: where there is any, `all` may lack operations.
    pub troubles: Vec<Trouble>,
}

/// An operation's nodes.
#[derive(Clone, Debug)]
pub struct Placed<'d> {
    /// The operation itself.
    pub at: At<'d>,
    /// What holds for its path: what stands beside a reference before what it leads to.
    pub items: Vec<At<'d>>,
    /// Who may ask: its own `security`, else that of the document; none where neither says.
    pub security: Option<At<'d>>,
}

/// Every operation of a document.
pub(crate) fn all(document: &Document) -> Operations {
    placed(document).0
}

/// Every operation of a document, and its nodes in the same order.
pub(crate) fn placed(document: &Document) -> (Operations, Vec<Placed<'_>>) {
    let root = document.root();
    let mut reader = Reader {
        document,
        security: root.get("security"),
        server: server::of_root(root),
        parameters: HashMap::new(),
        left: MOST_PARAMETERS,
        found: Operations::default(),
        placed: Vec::new(),
        seen: HashSet::new(),
    };
    if let Some(paths) = root.get("paths") {
        match document.resolve(paths) {
            Ok(paths) => paths.entries().for_each(|(path, item)| reader.path(path, item)),
            Err(because) => reader.trouble(None, None, because, paths),
        }
    }
    (reader.found, reader.placed)
}

struct Reader<'d> {
    document: &'d Document,
    /// What holds for operations that say nothing of their own.
    security: Option<At<'d>>,
    server: server::OfRoot,
    /// What was read already, by address.
    parameters: HashMap<usize, Result<Arc<Parameter>, Arc<str>>>,
    /// How many parameters may still be taken.
    left: usize,
    found: Operations,
    placed: Vec<Placed<'d>>,
    seen: HashSet<(String, String)>,
}

impl<'d> Reader<'d> {
    fn trouble(&mut self, method: Option<&str>, path: Option<&str>, because: impl Into<Arc<str>>, at: At<'d>) {
        self.found.troubles.push(Trouble {
            method: method.map(shown),
            path: path.map(str::to_owned),
            because: because.into(),
            location: self.document.place(at),
        });
    }

    /// Everything that can be asked at one path.
    fn path(&mut self, key: At<'d>, item: At<'d>) {
        let Some(path) = key.node.name() else { return self.trouble(None, None, "a path is no text", key) };
        if path.starts_with("x-") {
            return;
        }
        if !path.starts_with('/') {
            return self.trouble(None, Some(path), "its path does not begin with `/`", key);
        }
        let referred = match self.document.resolve(item) {
            Ok(referred) => referred,
            Err(because) => return self.trouble(None, Some(path), because, key),
        };
        if !matches!(referred.node.value, Value::Map(_)) {
            return self.trouble(None, Some(path), "it is no mapping of methods", key);
        }
        // What stands beside a reference counts as well (OpenAPI 3.1, 4.8.9), and before what it leads to.
        let items = if item.node.get("$ref").is_some() { vec![item, referred] } else { vec![item] };
        let hidden = |i: usize, name: &str| i > 0 && item.node.get(name).is_some();
        let all =
            items.iter().enumerate().flat_map(|(i, item)| item.entries().map(move |(name, value)| (i, name, value)));
        for (i, name, operation) in all {
            let Some(method) = name.node.name().filter(|name| !hidden(i, name)) else { continue };
            if METHODS.contains(&method) {
                self.operation(path, method, name, operation, &items);
            } else if METHODS.contains(&method.to_ascii_lowercase().as_str()) {
                self.trouble(Some(method), Some(path), "its method is not written in lower case", name);
            } else if method == "additionalOperations" {
                for (name, operation) in operation.entries() {
                    let method = name.node.name().unwrap_or_default();
                    self.operation(path, method, name, operation, &items);
                }
            }
        }
    }

    fn operation(&mut self, path: &str, method: &str, name: At<'d>, at: At<'d>, items: &[At<'d>]) {
        let method = method.to_ascii_uppercase();
        if !self.seen.insert((method.clone(), path.to_owned())) {
            return self.trouble(Some(&method), Some(path), "it is there twice", name);
        }
        let at = match self.document.resolve(at) {
            Ok(at) => at,
            Err(because) => return self.trouble(Some(&method), Some(path), because, name),
        };
        let of_item = |key: &'static str| items.iter().find_map(move |item| item.get(key));
        let mut operation = Operation {
            method,
            path: path.to_owned(),
            parameters: Vec::new(),
            responses: names(at.node.get("responses")),
            anonymous: is_anonymous(at.get("security").or(self.security)),
            wants_body: false,
            served: self.server.of(at.get("servers").or_else(|| of_item("servers"))),
            unresolved: None,
            location: self.document.place(name),
        };
        match at.get("requestBody").map(|body| self.document.resolve(body)).transpose() {
            Ok(body) => {
                operation.wants_body =
                    body.and_then(|body| body.node.get("required")).and_then(Node::as_bool).unwrap_or(false);
            }
            Err(because) => operation.unresolved = Some(because),
        }
        let mut named = HashSet::new();
        let own = at.get("parameters").into_iter().chain(of_item("parameters"));
        for at in own.flat_map(At::items) {
            if self.left == 0 {
                operation.unresolved = Some(Arc::from(format!(
                    "the document has more than {MOST_PARAMETERS} parameters, and its own are not looked at"
                )));
                break;
            }
            self.left -= 1;
            match self.parameter(at) {
                Err(because) => operation.unresolved = Some(because),
                Ok(found) => {
                    if named.insert((found.place, found.name.clone())) {
                        operation.parameters.push(found);
                    }
                }
            }
        }
        self.found.all.push(operation);
        let security = at.get("security").or(self.security);
        self.placed.push(Placed { at, items: items.to_vec(), security });
    }

    fn parameter(&mut self, at: At<'d>) -> Result<Arc<Parameter>, Arc<str>> {
        let at = self.document.resolve(at)?;
        let read = || parameter::read(self.document, at).map(Arc::new);
        self.parameters.entry(std::ptr::from_ref(at.node) as usize).or_insert_with(read).clone()
    }
}

fn names(node: Option<&Node>) -> Vec<String> {
    node.map(Node::entries).unwrap_or_default().iter().filter_map(|pair| pair.key.name().map(str::to_owned)).collect()
}

/// No requirement at all, or an empty one among them (OpenAPI 3.1, 4.8.30). What is written as neither is taken for one that cannot be met.
fn is_anonymous(security: Option<At<'_>>) -> bool {
    let Some(security) = security else { return true };
    let Value::Seq(all) = &security.node.value else { return false };
    let empty = |one: &Node| matches!(&one.value, Value::Map(schemes) if schemes.is_empty());
    all.is_empty() || all.iter().any(empty)
}
