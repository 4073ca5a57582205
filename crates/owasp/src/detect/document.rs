//! What a document of the API shows: who may ask what, what bodies may hold, what answers give away, where it is served.

mod answers;
mod names;
mod schemas;
mod security;
mod servers;

use std::collections::BTreeMap;

use tollgate_input::{Digest, InputError};
use tollgate_model::{Location, format};
use tollgate_openapi::{At, Operation, Operations, Placed, Trouble};

use crate::evidence::{Draft, Evidence};
use crate::probe::Target;

const OPENAPI: &str = "openapi";

/// How many operations a finding names, and how many places it has beside its first.
const MOST_NAMED: usize = 5;
const MOST_RELATED: usize = 50;

/// A document that was read.
pub(crate) struct Document {
    pub(crate) path: String,
    read: tollgate_openapi::Document,
}

/// What was seen of one document.
pub(crate) struct Seen {
    pub(crate) operations: Vec<Operation>,
    pub(crate) troubles: Vec<Trouble>,
}

impl Document {
    /// Reads the document at `path`, and the files that it refers to.
    ///
    /// # Errors
    /// It cannot be read, or is no OpenAPI document.
    pub(crate) fn read(read: tollgate_openapi::Read<'_>, path: &str) -> Result<Self, InputError> {
        Ok(Self { path: path.to_owned(), read: tollgate_openapi::Document::read_by(read, path)? })
    }

    /// References that lead nowhere, keys that are there twice.
    pub(crate) fn flaws(&self) -> Vec<(Location, String)> {
        self.read.flaws()
    }

    /// What only reads and can be asked by the document's own examples.
    pub(crate) fn targets(&self) -> Vec<Target> {
        let (calls, _) = tollgate_openapi::calls(&self.read);
        let gets = calls.into_iter().filter(|call| call.method == "GET" && call.headers.is_empty());
        gets.map(|call| Target {
            path: format!("{}{}", call.base, call.path),
            protected: call.needs_auth,
            place: call.location,
        })
        .collect()
    }

    /// The files it was read from.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = (&str, &Digest)> {
        self.read.inputs()
    }
}

/// Everything that is looked at in one document.
struct Look<'d> {
    document: &'d tollgate_openapi::Document,
    operations: &'d [Operation],
    placed: &'d [Placed<'d>],
    hits: BTreeMap<&'static str, Vec<Hit>>,
}

/// One place where a rule finds something. Those of one rule are one finding.
struct Hit {
    /// `POST /wells`, `#/components/schemas/User/properties/role`.
    what: String,
    place: Location,
    mild: bool,
}

impl<'d> Look<'d> {
    fn hit(&mut self, rule: &'static str, what: impl Into<String>, at: At<'_>) {
        let place = self.document.place(at);
        self.hits.entry(rule).or_default().push(Hit { what: what.into(), place, mild: false });
    }

    fn mild(&mut self, rule: &'static str, what: impl Into<String>, at: At<'_>) {
        let place = self.document.place(at);
        self.hits.entry(rule).or_default().push(Hit { what: what.into(), place, mild: true });
    }

    /// Every operation with its nodes.
    fn all(&self) -> impl Iterator<Item = (&'d Operation, &'d Placed<'d>)> + use<'d> {
        self.operations.iter().zip(self.placed)
    }
}

/// What each rule says, before what it is about; the number is put in for `{}`.
const SAYS: &[(&str, &str, &str)] = &[
    ("anonymous-write", "operation", "can change something without a token, by what the document says"),
    ("undefined-security-scheme", "requirement", "names a scheme that the document does not define"),
    ("basic-authentication", "scheme", "sends a name and a password with each request"),
    ("credentials-in-query", "credential", "is part of an address, where logs and histories keep it"),
    ("writable-privilege", "property", "of request bodies says what somebody may do, and can be sent by everybody"),
    ("open-request-body", "request body", "may hold properties that are not declared"),
    ("unbounded-request", "part", "of requests has no largest size"),
    ("no-limit-declared", "operation", "does not say that too many requests are refused (429)"),
    ("refusal-not-declared", "operation", "that needs a token does not say how it refuses one (401)"),
    ("http-server", "server", "is asked over plain HTTP"),
    ("local-server", "server", "is published and is on the developer's own machine"),
    ("admin-like-others", "administrative operation", "asks for no more than an ordinary one"),
    ("address-in-request", "part", "of requests is an address that the service may be made to ask"),
    ("secret-in-response", "property", "of answers looks like a secret and is not `writeOnly`"),
    ("numeric-object-id", "parameter", "names an object by a number that can be counted through"),
];

/// Everything that the document shows.
pub(crate) fn document(document: &Document, evidence: &mut Evidence) -> Seen {
    let (Operations { all, troubles }, placed) = document.read.placed();
    let mut look = Look { document: &document.read, operations: &all, placed: &placed, hits: BTreeMap::new() };
    let declared = security::security(&mut look);
    servers::servers(&mut look);
    let paging = schemas::schemas(&mut look);
    let limits = answers::answers(&mut look);
    for (rule, thing, says) in SAYS {
        let Some(hits) = look.hits.remove(rule) else { continue };
        // What fails an item does not hide among what is only worth knowing.
        let (mild, hard): (Vec<Hit>, Vec<Hit>) = hits.into_iter().partition(|hit| hit.mild);
        evidence.drafts.extend(grouped(rule, thing, says, hard, false));
        evidence.drafts.extend(grouped(rule, thing, says, mild, true));
    }
    declared.answer(evidence, &document.path);
    paging.answer(evidence, &document.path);
    limits.answer(evidence, &document.path);
    drop(placed);
    Seen { operations: all, troubles }
}

/// What one rule found in one document, as one finding.
fn grouped(rule: &str, thing: &str, says: &str, hits: Vec<Hit>, mild: bool) -> Option<Draft> {
    let first = hits.first()?.place.clone();
    let mut named: Vec<&str> = Vec::new();
    for hit in &hits {
        if !named.contains(&hit.what.as_str()) {
            named.push(&hit.what);
        }
        if named.len() == MOST_NAMED {
            break;
        }
    }
    let says = if hits.len() == 1 { says.to_owned() } else { plural(says) };
    let message = format!(
        "{} {says}: {}.",
        format::things(hits.len() as u64, thing).replace("propertys", "properties").replace("bodys", "bodies"),
        format::few(&named, hits.len().max(named.len()))
    );
    let mut draft = Draft::new(rule, message, first, if mild { "declared" } else { "" });
    draft.mild = mild;
    draft.related = hits.into_iter().skip(1).take(MOST_RELATED).map(|hit| hit.place).collect();
    Some(draft)
}

/// The sentence about several.
fn plural(says: &str) -> String {
    let (verb, rest) = says.split_once(' ').unwrap_or((says, ""));
    let verb = match verb {
        "is" => "are",
        "names" => "name",
        "sends" => "send",
        "has" => "have",
        "does" => "do",
        "asks" => "ask",
        "looks" => "look",
        other => other,
    };
    let rest = rest
        .replace(" has no ", " have no ")
        .replace(" says what", " say what")
        .replace(" does not say", " do not say");
    let rest = rest
        .replace(" is an address", " are addresses")
        .replace(" looks like", " look like")
        .replace("and is not", "and are not");
    format!("{verb} {}", rest.replace("that needs a token", "that need a token"))
}

#[cfg(test)]
mod tests;
