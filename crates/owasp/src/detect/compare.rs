//! The document held against the code: routes that only one of them has.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_model::{Location, format};
use tollgate_openapi::{Operation, Served};

use super::few;
use crate::evidence::{Draft, Evidence, State};
use crate::routes::{Route, Table};

const COMPARISON: &str = "comparison";

/// A document is of the application with which it shares at least one in so many of its operations.
const SHARED: usize = 3;

/// `GET`, and the path with nameless parameters.
type Key = (String, String);

fn key(method: &str, path: &str) -> Key {
    let parts = path.split('/').filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.map(|part| if part.starts_with('{') { "{}" } else { part }).collect();
    (method.to_owned(), format!("/{}", parts.join("/")))
}

/// Holds the operations of the document at `path` against the routes.
pub(crate) fn compare(path: &str, operations: &[Operation], table: &Table, evidence: &mut Evidence) {
    let served: Vec<&Route> = table.routes.iter().filter(|route| route.served).collect();
    if served.is_empty() || operations.is_empty() {
        return;
    }
    let documented = in_document(operations);
    let Some((application, below)) = whose(&documented, &served) else {
        let text = format!("{path} and the code share hardly an operation; it seems to be of another API");
        return evidence.answer(COMPARISON, "inventory", State::Missing, text, vec![Location::file(path)]);
    };
    let wanted = |key: &Key| [key.clone(), ("ANY".to_owned(), key.1.clone())];
    let of: Vec<&&Route> = served.iter().filter(|route| route.application == application).collect();
    let in_code: BTreeSet<Key> = of.iter().map(|route| key(&route.method, &route.path)).collect();
    let with_prefix: BTreeMap<Key, &Operation> = documented
        .iter()
        .map(|((method, path), operation)| (key(method, &format!("{below}{path}")), *operation))
        .collect();
    let mut missing: Vec<Location> = Vec::new();
    for route in &of {
        let own = key(&route.method, &route.path);
        let documents_it =
            with_prefix.contains_key(&own) || route.method == "ANY" && with_prefix.keys().any(|(_, p)| *p == own.1);
        if !documents_it && !matches!(route.method.as_str(), "OPTIONS" | "HEAD") {
            missing.push(route.place.clone());
            let message = format!("{} ({}) is in the code and not in {path}.", route.name(), route.handler);
            evidence.drafts.push(Draft::new("shadow-route", message, route.place.clone(), route.name()));
        }
    }
    let gone: Vec<&&Operation> = with_prefix
        .iter()
        .filter(|(key, _)| !wanted(key).iter().any(|key| in_code.contains(key)))
        .map(|(_, operation)| operation)
        .collect();
    for operation in &gone {
        let name = format!("{} {}", operation.method, operation.path);
        let message = format!("{name} is in the document, and no route of the code answers it.");
        let mut draft = Draft::new("zombie-route", message, operation.location.clone(), name);
        // What is not followed may answer it.
        draft.unsure = table.lost.iter().any(|lost| lost.hides);
        evidence.drafts.push(draft);
    }
    let text = format!(
        "{path} and the code share {} of {}; {} only in the code, {} only in the document",
        of.len() - missing.len(),
        format::things(of.len() as u64, "route"),
        missing.len(),
        gone.len()
    );
    let state = if missing.is_empty() && gone.is_empty() && !table.lost.iter().any(|lost| lost.hides) {
        State::Holds
    } else {
        State::Partly
    };
    let places = missing.into_iter().chain(gone.iter().map(|operation| operation.location.clone()));
    let mut places = few(places);
    if places.is_empty() {
        places.push(Location::file(path));
    }
    evidence.answer(COMPARISON, "inventory", state, text, places);
}

/// What the document has, below the path of its server.
fn in_document(operations: &[Operation]) -> BTreeMap<Key, &Operation> {
    let of = |operation: &Operation| match &operation.served {
        Served::Below(base) => Some(key(&operation.method, &format!("{base}{}", operation.path))),
        Served::Elsewhere(_) | Served::Nowhere(_) => Some(key(&operation.method, &operation.path)),
    };
    operations.iter().filter_map(|operation| Some((of(operation)?, operation))).collect()
}

/// The application that the document is of, and the path that its own paths lie below in the code.
fn whose(documented: &BTreeMap<Key, &Operation>, served: &[&Route]) -> Option<(usize, String)> {
    let applications: BTreeSet<usize> = served.iter().map(|route| route.application).collect();
    let mut best: Option<(usize, (usize, String))> = None;
    for application in applications {
        let keys: BTreeSet<Key> = served
            .iter()
            .filter(|route| route.application == application)
            .map(|route| key(&route.method, &route.path))
            .collect();
        // A gateway may put a path before, or take one away.
        let firsts = keys.iter().filter_map(|(_, path)| path.split('/').nth(1)).map(|first| format!("/{first}"));
        let belows: BTreeSet<String> = firsts.chain([String::new()]).collect();
        for below in belows.into_iter().rev() {
            let shared = documented
                .keys()
                .filter(|(method, path)| keys.contains(&key(method, &format!("{below}{path}"))))
                .count();
            if best.as_ref().is_none_or(|(most, _)| shared > *most) {
                best = Some((shared, (application, below)));
            }
        }
    }
    best.filter(|(shared, _)| shared * SHARED >= documented.len().min(served.len()) && *shared > 0)
        .map(|(_, found)| found)
}
