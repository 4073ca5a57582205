//! Operations of an OpenAPI document as endpoints: those that only read, and that the document's examples are enough to call.

use std::collections::BTreeSet;
use std::time::Instant;

use tollgate_check::CheckError;
use tollgate_http::Request;
use tollgate_input::Digest;
use tollgate_model::{Cause, Problem, format};
use tollgate_openapi::{Document, Trouble, calls};

use super::{Asked, Endpoints};
use crate::options::EndpointOptions;
use crate::setup::Setup;
use crate::{duration, probe};

/// Most operations that are asked.
const MOST: usize = 200;

/// How many left out are named.
const MOST_NAMED: usize = 5;

/// Adds the operations of the document at `place`, a file or a path of the service, that no endpoint asks already.
pub(super) fn add(found: &mut Endpoints, asked: &Asked<'_, '_>, place: &str) -> Result<(), CheckError> {
    let (document, file) = match place.starts_with('/') {
        true => match served(asked, place) {
            Ok(document) => (document, None),
            Err(because) => {
                let message = format!("{place} could not be read off the service: {because}");
                found.problems.push(Problem::new(Cause::Missing, message));
                return Ok(());
            }
        },
        false => match Document::read(asked.ctx.root(), place) {
            Ok(document) => (document, Some(place)),
            Err(error) => {
                found.problems.push(Problem::new(Cause::Unreadable, error.to_string()).at(place));
                return Ok(());
            }
        },
    };
    for (path, digest) in document.inputs() {
        asked.ctx.record("file", path, digest.clone(), None);
    }
    let (calls, mut left_out) = calls(&document);
    let below = has_path(asked);
    // Without credentials the answer would be 401, which says nothing of how soon the operation answers.
    let (calls, secret): (Vec<_>, Vec<_>) =
        calls.into_iter().partition(|call| !call.needs_auth || asked.has_credentials());
    left_out.extend(secret.into_iter().map(|call| Trouble {
        method: Some(call.method),
        path: Some(call.template),
        because: "it asks who you are, and no header says so".into(),
        location: call.location,
    }));
    let named: Vec<(String, String)> = asked.options.endpoints.iter().map(method_and_path).collect();
    let (mut added, mut bases) = (0, BTreeSet::new());
    for call in &calls {
        let base = if below { "" } else { call.base.as_str() };
        let path = format!("{base}{}", call.path);
        let known = |(method, path): &(String, String)| {
            let asks =
                [&call.template, &call.path].into_iter().any(|own| path == own || *path == format!("{base}{own}"));
            *method == call.method && asks
        };
        if named.iter().any(known) {
            continue;
        }
        if added == MOST {
            found.notes.push(format!("of {place} the first {MOST} operations are asked"));
            break;
        }
        added += 1;
        bases.insert(base);
        let endpoint = EndpointOptions {
            name: Some(format!("{} {}", call.method, call.template)),
            method: Some(call.method.clone()),
            path,
            headers: call.headers.iter().cloned().collect(),
            status: call.expected_statuses.clone(),
            ..EndpointOptions::default()
        };
        let location = file.map(|_| call.location.clone());
        found.add(asked, &endpoint, location)?;
    }
    for base in bases.iter().filter(|base| !base.is_empty()) {
        found.notes.push(format!("the operations of {place} are asked below {base}, where it says they are served"));
    }
    if calls.is_empty() {
        let message = format!("{place} has no operation that can be asked with what it tells");
        found.problems.push(Problem::new(Cause::NoEvidence, message));
    }
    found.notes.extend(told(place, &left_out));
    Ok(())
}

/// Whether the service's address says below which path it is, so that the document need not.
fn has_path(asked: &Asked<'_, '_>) -> bool {
    let url = asked.ctx.service().and_then(Result::ok).and_then(|service| Request::new("GET", &service.url).ok());
    url.is_some_and(|request| request.url.path() != "/")
}

fn method_and_path(endpoint: &EndpointOptions) -> (String, String) {
    (endpoint.method.clone().unwrap_or_else(|| "GET".to_owned()), endpoint.path.clone())
}

/// What was left out, and why.
fn told(place: &str, left_out: &[Trouble]) -> Option<String> {
    let shown: Vec<String> =
        left_out.iter().take(MOST_NAMED).map(|left| format!("{} ({})", left.about(), left.because)).collect();
    let named = format::few(&shown, left_out.len());
    let operations = format::things(left_out.len() as u64, "operation");
    (!shown.is_empty()).then(|| format!("{operations} of {place} cannot be asked: {named}"))
}

/// The document that the service itself serves.
fn served(asked: &Asked<'_, '_>, path: &str) -> Result<Document, String> {
    let url = asked.url(path)?;
    let given = EndpointOptions { path: path.to_owned(), ..EndpointOptions::default() };
    let request = asked.request(&given, &url).map_err(|_| "its address or headers make no sense".to_owned())?;
    let setup = Setup::new(asked.options).map_err(|e| e.to_string())?;
    let timeout = duration::option("latency.timeout", asked.options.timeout.as_deref().unwrap_or("10 s"));
    let timeout = timeout.map_err(|e| e.to_string())?;
    let runtime = probe::runtime().map_err(|e| e.to_string())?;
    let client = probe::client(setup.client).map_err(|e| e.to_string())?;
    let exchange = runtime.block_on(client.send(&request, Instant::now() + timeout));
    let response = exchange.outcome.map_err(|failure| failure.to_string())?;
    if !(200..300).contains(&response.status) {
        return Err(format!("it was answered with {}", response.status));
    }
    asked.ctx.record("response", path, Digest::of(&response.body), None);
    Document::parse(path, &response.body).map_err(|e| e.to_string())
}
