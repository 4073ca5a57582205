//! A request under way: what was asked, what it may touch, and the checks that every endpoint shares.

use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::http::Message;
use crate::setup::{Access, Setup};
use crate::state::State;
use crate::target::Target;

/// An answer, or the refusal that ends a request early.
pub(crate) type Outcome = Result<Answer, Answer>;

/// A request under way.
pub(crate) struct Call<'a> {
    pub(crate) setup: &'a Setup,
    /// `http://127.0.0.1:PORT`
    pub(crate) server: &'a str,
    /// Seconds since 1970.
    pub(crate) now: u64,
    pub(crate) message: &'a Message,
    pub(crate) target: Target,
    pub(crate) state: &'a mut State,
    pub(crate) complaints: &'a mut Vec<String>,
}

/// What a field of a body may hold.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Text,
    TextOrNull,
    Flag,
    Texts,
    Anything,
}

/// A documented field of a body: its name, what it holds, whether it must be there.
pub(crate) type Field = (&'static str, Kind, bool);

impl Call<'_> {
    /// Notes that the request is not as documented.
    pub(crate) fn complain(&mut self, what: impl std::fmt::Display) {
        self.complaints.push(format!("{} {}: {what}", self.message.method, self.message.target));
    }

    /// Notes a flaw, and answers `refusal` for `?`.
    pub(crate) fn refuse<T>(&mut self, what: impl std::fmt::Display, refusal: Answer) -> Result<T, Answer> {
        self.complain(what);
        Err(refusal)
    }

    /// Where the REST API is.
    pub(crate) fn api(&self) -> String {
        format!("{}{}", self.server, self.setup.api_path())
    }

    /// Where the repository is in the REST API.
    pub(crate) fn api_repository(&self) -> String {
        format!("{}/repos/{}", self.api(), self.setup.full_name())
    }

    /// Where people look at the repository.
    pub(crate) fn html_repository(&self) -> String {
        format!("{}/{}", self.server, self.setup.full_name())
    }

    /// Demands that the token has `access` by one of `names`.
    pub(crate) fn need(&self, names: &[&str], access: Access) -> Result<(), Answer> {
        if names.iter().any(|name| self.setup.permissions.of(name) >= access) {
            return Ok(());
        }
        let word = if access == Access::Write { "write" } else { "read" };
        let accepted: Vec<String> = names.iter().map(|name| format!("{name}={word}")).collect();
        let refusal = Answer::refusal(403, "Resource not accessible by integration");
        Err(refusal.with("x-accepted-github-permissions", accepted.join("; ")))
    }

    /// Complains about query parameters that the endpoint does not document.
    pub(crate) fn only_query(&mut self, known: &[&str]) {
        let unknown: Vec<String> = self
            .target
            .query
            .iter()
            .map(|(key, _)| key)
            .filter(|key| !known.contains(&key.as_str()))
            .cloned()
            .collect();
        for key in unknown {
            self.complain(format_args!("`{key}` is no parameter of this endpoint"));
        }
    }

    /// The request's body, which must be an object of `fields`.
    pub(crate) fn body(&mut self, fields: &[Field]) -> Result<Map<String, Value>, Answer> {
        let body = match serde_json::from_slice(&self.message.body) {
            Ok(Value::Object(body)) => body,
            Ok(_) => return self.refuse("the body is no object", Answer::refusal(400, "Body should be a JSON object")),
            Err(error) => {
                let refusal = Answer::refusal(400, "Problems parsing JSON");
                return self.refuse(format_args!("the body is no JSON: {error}"), refusal);
            }
        };
        for key in body.keys().filter(|key| fields.iter().all(|(name, ..)| name != key)) {
            self.complain(format_args!("`{key}` is no field of this endpoint's body"));
        }
        for (name, kind, required) in fields {
            match body.get(*name) {
                None if *required => {
                    let refusal = Answer::refusal(422, &format!("Invalid request.\n\n\"{name}\" wasn't supplied."));
                    return self.refuse(format_args!("`{name}` is missing"), refusal);
                }
                Some(value) if !kind.holds(value) => {
                    let message =
                        format!("Invalid request.\n\nFor 'properties/{name}', {value} is not {}.", kind.word());
                    let refusal = Answer::refusal(422, &message);
                    return self.refuse(format_args!("`{name}` is not {}", kind.word()), refusal);
                }
                _ => {}
            }
        }
        Ok(body)
    }
}

impl Kind {
    fn holds(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::TextOrNull => value.is_string() || value.is_null(),
            Self::Flag => value.is_boolean(),
            Self::Texts => value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
            Self::Anything => true,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::TextOrNull => "a string or null",
            Self::Flag => "a boolean",
            Self::Texts => "an array of strings",
            Self::Anything => "anything",
        }
    }
}

/// The text of a field; `None` where it is absent or null.
pub(crate) fn text(body: &Map<String, Value>, name: &str) -> Option<String> {
    body.get(name).and_then(Value::as_str).map(str::to_owned)
}
