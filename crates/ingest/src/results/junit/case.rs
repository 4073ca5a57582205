//! A `<testcase>`.

use tollgate_input::xml::Element;

use crate::results::json::line_number;
use crate::results::key::{Key, Keys};
use crate::results::tally::Outcome;
use crate::text;

/// What `status` or `result` says of a test that failed, in lower case.
const FAILED: &[&str] = &["failed", "failure", "fail", "error", "errored", "timeout", "timedout", "aborted", "broken"];

/// What it says of one that did not run.
const SKIPPED: &[&str] =
    &["skipped", "notrun", "disabled", "suppressed", "ignored", "pending", "todo", "notexecuted", "inconclusive"];

/// A test case, as far as it was read.
pub(super) struct Case {
    /// Of its class and name, however long they are.
    pub(super) key: Key,
    class: String,
    name: String,
    pub(super) file: Option<String>,
    pub(super) line: Option<u32>,
    status: String,
    result: String,
    /// How many `<failure>` and `<error>` it holds, and the message of the first.
    pub(super) elements: u64,
    message: String,
    /// It holds `<flakyFailure>` or `<flakyError>`.
    pub(super) flaky: bool,
    /// It holds `<rerunFailure>` or `<rerunError>`.
    pub(super) rerun: bool,
    /// It holds `<skipped>`, with this message.
    pub(super) skipped: Option<String>,
}

/// An attribute as one line; empty where there is none.
pub(super) fn attribute(element: &Element<'_>, name: &str) -> String {
    element.attribute(name).map(|value| text::name(&value.text())).unwrap_or_default()
}

/// The file an element names.
pub(super) fn file(element: &Element<'_>) -> Option<String> {
    ["file", "filepath"].iter().map(|name| attribute(element, name)).find(|file| !file.is_empty())
}

impl Case {
    pub(super) fn new(element: &Element<'_>, keys: &Keys) -> Self {
        let whole = |name| element.attribute(name).map(|value| value.text()).unwrap_or_default();
        Self {
            key: keys.of(&[&whole("classname"), &whole("name")]),
            class: attribute(element, "classname"),
            name: attribute(element, "name"),
            file: file(element),
            line: line_number(element.attribute("line").and_then(|line| line.number())),
            status: attribute(element, "status").to_ascii_lowercase(),
            result: attribute(element, "result").to_ascii_lowercase(),
            elements: 0,
            message: String::new(),
            flaky: false,
            rerun: false,
            skipped: None,
        }
    }

    /// Adds a `<failure>` or `<error>`.
    pub(super) fn fail(&mut self, message: String) {
        self.elements += 1;
        if self.message.is_empty() {
            self.message = message;
        }
    }

    /// What became of it, and why where it failed.
    pub(super) fn outcome(&self) -> (Outcome, String) {
        let says =
            |words: &[&str]| [&self.status, &self.result].into_iter().find(|said| words.contains(&said.as_str()));
        // CTest's own words for a test that it skipped because it was told to begin like this.
        let not_started = |why: &str| self.status == "notrun" && self.result.is_empty() && !why.starts_with("SKIP_");
        if self.elements > 0 {
            (Outcome::Failed, self.message.clone())
        } else if let Some(said) = says(FAILED) {
            (Outcome::Failed, format!("the report says `{said}` and not why"))
        } else if let Some(why) = &self.skipped {
            match not_started(why) {
                true if !why.is_empty() => (Outcome::Failed, format!("was not run: {why}")),
                _ => (Outcome::Skipped, String::new()),
            }
        } else if says(SKIPPED).is_some() {
            (Outcome::Skipped, String::new())
        } else if self.rerun {
            (Outcome::Failed, "was run again, and the report does not say how that ended".to_owned())
        } else if self.flaky {
            (Outcome::Flaky, String::new())
        } else {
            (Outcome::Passed, String::new())
        }
    }

    /// Class and name, as far as they differ.
    pub(super) fn title(&self) -> String {
        match (self.class.as_str(), self.name.as_str()) {
            ("", "") => "(a test without a name)".to_owned(),
            (class, name) if class.is_empty() || name.starts_with(class) => name.to_owned(),
            (class, "") => class.to_owned(),
            (class, name) => text::name(&format!("{class} > {name}")),
        }
    }
}
