//! Who may ask, as the document resolves it for each operation.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_input::{Node, Value};
use tollgate_model::Location;
use tollgate_openapi::{At, Operation, Placed};

use super::{Look, OPENAPI, names};
use crate::entries;
use crate::evidence::{Evidence, State};

/// What is said about who may ask.
pub(super) struct Declared {
    operations: usize,
    /// How many of them say, or for how many the document says, who may ask.
    said: usize,
    /// The first place that says.
    first: Option<Location>,
    /// How many requirements name what is not defined.
    undefined: usize,
}

impl Declared {
    pub(super) fn answer(&self, evidence: &mut Evidence, path: &str) {
        if self.operations == 0 {
            return;
        }
        let text = format!("{path}: {} of {} operations say who may ask", self.said, self.operations);
        let places: Vec<Location> = self.first.iter().cloned().collect();
        let state = match State::of(self.said, self.operations) {
            State::Holds if self.undefined > 0 => State::Partly,
            state => state,
        };
        evidence.answer(OPENAPI, "authentication-declared", state, text, places);
    }
}

/// A scheme that the document defines.
struct Scheme<'d> {
    at: At<'d>,
    is_basic: bool,
}

fn schemes<'d>(look: &Look<'d>) -> BTreeMap<String, Scheme<'d>> {
    let root = look.document.root();
    let defined = root.get("components").and_then(|components| components.get("securitySchemes"));
    let defined = defined.or_else(|| root.get("securityDefinitions"));
    let mut all = BTreeMap::new();
    for (name, at) in defined.into_iter().flat_map(At::entries) {
        let Some(name) = name.node.name() else { continue };
        let Ok(scheme) = look.document.resolve(at) else { continue };
        let text = |key: &str| scheme.node.get(key).and_then(Node::as_str).unwrap_or_default();
        // The name of a scheme of HTTP is the same in any case (RFC 9110, 11.1).
        let is_basic =
            text("type") == "http" && text("scheme").eq_ignore_ascii_case("basic") || text("type") == "basic";
        all.insert(name.to_owned(), Scheme { at, is_basic });
    }
    all
}

/// One way to be let in: the schemes that it takes, with their scopes.
type Way = BTreeMap<String, BTreeSet<String>>;

/// The ways in which an operation lets in; none where nothing says, an empty one where everybody may.
fn ways(placed: &Placed<'_>) -> Option<Vec<Way>> {
    let Value::Seq(all) = &placed.security?.node.value else { return Some(Vec::new()) };
    if all.is_empty() {
        return Some(vec![Way::new()]);
    }
    let way = |one: &Node| {
        let scopes = |node: &Node| node.items().iter().filter_map(Node::as_str).map(str::to_owned).collect();
        one.entries().iter().filter_map(|pair| Some((pair.key.name()?.to_owned(), scopes(&pair.value)))).collect()
    };
    Some(all.iter().map(way).collect())
}

fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

/// Looks at all of them.
pub(super) fn security(look: &mut Look<'_>) -> Declared {
    let schemes = schemes(look);
    let mut declared = Declared { operations: look.operations.len(), said: 0, first: None, undefined: 0 };
    let mut named: BTreeSet<(String, usize)> = BTreeSet::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut ordinary: BTreeSet<Vec<Way>> = BTreeSet::new();
    let mut administrative: Vec<(&Operation, &Placed<'_>, Vec<Way>)> = Vec::new();
    for (operation, placed) in look.all() {
        let ways = ways(placed);
        let security = placed.security.filter(|_| ways.is_some());
        if let Some(security) = security {
            declared.said += 1;
            declared.first.get_or_insert_with(|| look.document.place(security));
        }
        let ways = ways.unwrap_or_else(|| vec![Way::new()]);
        let writes = matches!(operation.method.as_str(), "POST" | "PUT" | "PATCH" | "DELETE");
        let anonymous = ways.iter().any(Way::is_empty);
        if writes && anonymous && !entries::is_entry(&operation.path) {
            look.hit("anonymous-write", name(operation), placed.at);
        }
        for scheme in ways.iter().flat_map(Way::keys) {
            used.insert(scheme.clone());
            let at = security.unwrap_or(placed.at);
            if !schemes.contains_key(scheme) {
                declared.undefined += 1;
                // What the document says for all is said once.
                if named.insert((scheme.clone(), at.node.span.start)) {
                    look.hit("undefined-security-scheme", format!("`{scheme}`"), at);
                }
            }
        }
        if names::is_administrative(&operation.path) {
            administrative.push((operation, placed, ways));
        } else if !anonymous {
            ordinary.insert(ways);
        }
    }
    let others = look.operations.len() > administrative.len();
    for (operation, placed, ways) in administrative {
        let inherits = others && placed.at.get("security").is_none() && placed.security.is_some();
        let scoped = ways.iter().flat_map(Way::values).any(|scopes| !scopes.is_empty());
        if (inherits || ordinary.contains(&ways)) && !scoped || ways.iter().any(Way::is_empty) {
            look.hit("admin-like-others", name(operation), placed.at);
        }
    }
    for (scheme, at) in schemes {
        let used = used.contains(&scheme);
        match (at.is_basic, used) {
            (true, true) => look.hit("basic-authentication", format!("`{scheme}`"), at.at),
            // It is defined, and nothing asks for it by its name.
            (true, false) => look.mild("basic-authentication", format!("`{scheme}`"), at.at),
            (false, _) => {}
        }
        let resolved = look.document.resolve(at.at).map(|at| at.node);
        let text = |key: &str| resolved.as_ref().ok().and_then(|node| node.get(key)).and_then(Node::as_str);
        if text("type") == Some("apiKey") && text("in") == Some("query") && used {
            look.hit("credentials-in-query", format!("`{scheme}`"), at.at);
        }
    }
    declared
}
