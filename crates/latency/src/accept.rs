//! Whether an answer is the right one: its status, its headers, what its body holds.

use regex::Regex;
use serde_json::Value;
use tollgate_http::Response;
use tollgate_input::one_line;

use crate::options::Expect;

/// What stands for any value at a JSON pointer.
const ANY: &str = "*";

/// What an answer must be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accept {
    /// Statuses it may have; none listed, any from 200 to 299.
    statuses: Vec<u16>,
    body: Vec<Regex>,
    json: Vec<(String, Value)>,
    headers: Vec<(String, Regex)>,
}

/// What of an answer is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// Which part of it: `status`, `body` or `header`.
    pub(crate) part: &'static str,
    /// What was expected and what came, in a few words.
    pub(crate) message: String,
}

impl Accept {
    /// # Errors
    /// What makes no sense, with the key it stands under.
    pub(crate) fn new(statuses: &[u16], expect: &Expect) -> Result<Self, (String, String)> {
        if let Some(status) = statuses.iter().find(|status| !(100..600).contains(*status)) {
            return Err(("status".to_owned(), format!("{status} is no HTTP status")));
        }
        let regex = |key: String, text: &str| match Regex::new(text) {
            Ok(regex) => Ok(regex),
            Err(error) => Err((key, error.to_string().lines().last().unwrap_or_default().trim().to_owned())),
        };
        let mut accept = Self { statuses: statuses.to_vec(), ..Self::default() };
        if let Some(text) = &expect.body {
            accept.body.push(regex("expect.body".to_owned(), text)?);
        }
        for (name, text) in &expect.headers {
            accept.headers.push((name.to_lowercase(), regex(format!("expect.headers.{name}"), text)?));
        }
        for (pointer, value) in &expect.json {
            if !pointer.is_empty() && !pointer.starts_with('/') {
                return Err(("expect.json".to_owned(), format!("{pointer:?} is no JSON pointer: it begins with `/`")));
            }
            accept.json.push((pointer.clone(), value.clone()));
        }
        Ok(accept)
    }

    /// The same, where the body must match this, too.
    ///
    /// # Errors
    /// What is wrong with the expression.
    pub(crate) fn and_body(&mut self, text: &str) -> Result<(), String> {
        self.body
            .push(Regex::new(text).map_err(|e| e.to_string().lines().last().unwrap_or_default().trim().to_owned())?);
        Ok(())
    }

    /// Whether no status is named.
    pub(crate) fn any_success(&self) -> bool {
        self.statuses.is_empty()
    }

    /// Whether this is one of the statuses that it may have.
    pub(crate) fn takes_status(&self, status: u16) -> bool {
        match self.statuses.is_empty() {
            true => (200..300).contains(&status),
            false => self.statuses.contains(&status),
        }
    }

    /// The first thing that is wrong.
    pub(crate) fn wrong(&self, response: &Response) -> Option<Wrong> {
        self.all_wrong(response).into_iter().next()
    }

    /// Everything that is wrong, one of each part and expression.
    pub(crate) fn all_wrong(&self, response: &Response) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let mut tell = |part, message| wrong.push(Wrong { part, message });
        if !self.takes_status(response.status) {
            let expected: Vec<String> = self.statuses.iter().map(u16::to_string).collect();
            let expected =
                if expected.is_empty() { "a success (200 to 299)".to_owned() } else { expected.join(" or ") };
            tell("status", format!("status {}, expected {expected}", response.status));
        }
        for (name, regex) in &self.headers {
            match response.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()) {
                None => tell("header", format!("no header {name}")),
                Some(value) if !regex.is_match(&value) => {
                    tell("header", format!("header {name} is {:?}, which does not match {regex}", shown(&value)));
                }
                Some(_) => {}
            }
        }
        if !self.body.is_empty() {
            let text = String::from_utf8_lossy(&response.body);
            for regex in self.body.iter().filter(|regex| !regex.is_match(&text)) {
                tell("body", format!("the body does not match {regex}"));
            }
        }
        if !self.json.is_empty() {
            match serde_json::from_slice::<Value>(&response.body) {
                Err(_) => tell("body", "the body is no JSON".to_owned()),
                Ok(body) => {
                    for (pointer, wanted) in &self.json {
                        match body.pointer(pointer) {
                            None => tell("body", format!("the body has nothing at {pointer}")),
                            Some(value) if value != wanted && wanted != ANY => {
                                let (value, wanted) = (shown(&value.to_string()), shown(&wanted.to_string()));
                                tell("body", format!("the body has {value} at {pointer}, expected {wanted}"));
                            }
                            Some(_) => {}
                        }
                    }
                }
            }
        }
        wrong
    }
}

/// Foreign text, on one line and short.
fn shown(text: &str) -> String {
    one_line(text, 80, false).0
}
