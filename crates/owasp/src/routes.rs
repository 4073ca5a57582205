//! The route table with resolved guards: what can be asked, and what stands before it.
//!
//! Each framework is a file below that finds its applications and their routes ([`Framework`]); everything else asks the table.

mod express;
mod nest;
mod next;
mod object;
mod run;

use tollgate_model::Location;

use crate::program::Program;
use crate::syntax::{Lines, returned};

/// A framework whose routes are understood.
pub(crate) trait Framework {
    /// Every application of it in `program`, with its routes.
    fn find(&self, program: &Program<'_>, table: &mut Table);
}

/// Those that are.
pub(crate) const FRAMEWORKS: &[&dyn Framework] = &[&nest::Nest, &express::Express, &next::Next];

/// Every route of every application, and what could not be followed.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) applications: Vec<Application>,
    pub(crate) routes: Vec<Route>,
    /// What may hide routes, or guards.
    pub(crate) lost: Vec<Lost>,
    /// Guards that let everybody pass where a route declares nothing: where they were put to use.
    pub(crate) default_allow: Vec<Proof>,
}

/// Something that could not be followed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lost {
    pub(crate) framework: &'static str,
    pub(crate) place: Location,
    /// What, in a few words.
    pub(crate) what: String,
    /// Whether routes that are served may be hidden by it.
    pub(crate) hides: bool,
}

/// A program that serves.
#[derive(Debug)]
pub(crate) struct Application {
    pub(crate) framework: &'static str,
    /// Where it is made.
    pub(crate) place: Location,
    /// What holds for all of it, in force or not.
    pub(crate) settings: Vec<Setting>,
}

/// Something that holds for a whole application, or would if it were in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) what: What,
    /// Why it is not in force, where it is not.
    pub(crate) idle: Option<String>,
    pub(crate) proof: Proof,
}

/// What a setting is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// Bodies lose what their class does not declare.
    Whitelist,
    /// Requests are counted, and too many are refused.
    Limiter,
    /// Headers that tell browsers what not to do.
    Headers,
    /// Which other origins may ask.
    Cors,
    /// Errors are turned into answers in one place.
    Errors,
    /// Requests are written down.
    Audit,
    /// Bodies have a largest size.
    BodyLimit,
    /// A page that documents the API.
    Docs,
    /// Answers are shaped by what their class exposes.
    Serializer,
    /// Who asks is known.
    Identity,
    /// Who asks may do so.
    Permission,
}

/// What was seen, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Proof {
    pub(crate) text: String,
    pub(crate) place: Location,
}

/// Something that can be asked.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) framework: &'static str,
    /// Which of the applications.
    pub(crate) application: usize,
    /// Whether it is registered there; what is not is listed and judges nothing.
    pub(crate) served: bool,
    /// `GET`, `POST`, …, `ANY`.
    pub(crate) method: String,
    /// With parameters in braces: `/wells/{id}`.
    pub(crate) path: String,
    /// What answers: `WellsController.find`.
    pub(crate) handler: String,
    pub(crate) place: Location,
    /// Who may ask.
    pub(crate) access: Access,
    /// What it demands beyond being known: a role, an ability.
    pub(crate) role: Option<Proof>,
    pub(crate) limit: Option<Proof>,
    pub(crate) body: Body,
    pub(crate) object: Object,
    /// What could not be resolved about it.
    pub(crate) unresolved: Vec<String>,
}

/// Who may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Access {
    /// Who is known.
    Known(Proof),
    /// Anybody, and the code says so.
    Public(Proof),
    /// Anybody: nothing stands before it.
    Open,
    /// Something stands before it that could not be understood.
    Unclear(String),
}

/// What becomes of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    /// None is read.
    None,
    /// It is checked against a class or schema.
    Checked(Proof),
    /// It comes through as it was sent, and why.
    Unchecked(Proof),
    /// That cannot be told.
    Unclear(String),
}

/// How an object that a parameter names is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Object {
    /// No parameter names one, or it is not reached.
    None,
    /// Together with who asks.
    Scoped(Proof),
    /// By its name alone.
    Unscoped(Proof),
}

impl Route {
    /// Whether it changes something, by its method.
    pub(crate) fn writes(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    /// `GET /wells/{id}`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Headers of which at least three make a set (OWASP Secure Headers Project).
pub(crate) const SECURE_HEADERS: &[&str] = &[
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
    "content-security-policy",
    "referrer-policy",
    "permissions-policy",
];

/// The table of all frameworks.
pub(crate) fn table(program: &Program<'_>) -> Table {
    let mut table = Table::default();
    for framework in FRAMEWORKS {
        framework.find(program, &mut table);
    }
    let key = |route: &Route| (route.application, route.path.clone(), route.method.clone(), route.place.clone());
    table.routes.sort_by_cached_key(key);
    table.lost.sort();
    table.lost.dedup();
    table.default_allow.sort();
    table.default_allow.dedup();
    table
}

/// The first line of what stands at `lines` of the file `path`.
pub(crate) fn at(path: &str, lines: Lines) -> Location {
    Location::lines(path, lines.first, lines.first)
}

/// The parts of a path joined, with parameters in braces.
pub(crate) fn joined(parts: &[&str]) -> String {
    let mut path = String::new();
    for part in parts.iter().flat_map(|part| part.split('/')).filter(|part| !part.is_empty()) {
        path.push('/');
        match part.strip_prefix(':') {
            Some(name) => {
                let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
                path.push('{');
                path.push_str(&name[..end]);
                path.push('}');
                path.push_str(
                    name[end..]
                        .trim_start_matches(['?', '+', '*'])
                        .trim_start_matches(|_| name[end..].starts_with('(')),
                );
            }
            None => path.push_str(part),
        }
    }
    if path.is_empty() { "/".to_owned() } else { path }
}

#[cfg(test)]
mod tests;
