//! A second opinion on SARIF files: what a code-scanning host would refuse or misread.
//!
//! It reads plain JSON, shares nothing with the writer, and knows the limits of GitHub's ingestion: at most 20 runs a
//! file and one per category; 25,000 results, 25,000 rules and 100 extensions a run; 1,000 locations a result (the first
//! is used); 20 tags a rule; 255 characters a rule name, 1,024 a description; `security-severity` a string; addresses
//! relative; `partialFingerprints.primaryLocationLineHash` present. It judges any tool's file, but is stricter than the
//! standard: it asks for rules, categories and fingerprints, which the standard leaves open. The size of the compressed
//! upload (10 MB) is not looked at.
//!
//! [`check`] needs the file alone; [`check_sources`] recounts every region against the texts it points into.

mod result;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Complaints, each with the JSON pointer of what it is about.
#[derive(Default)]
struct Complaints(Vec<String>);

impl Complaints {
    fn add(&mut self, at: &str, text: impl std::fmt::Display) {
        self.0.push(format!("{at}: {text}"));
    }

    fn demand(&mut self, holds: bool, at: &str, text: &str) {
        if !holds {
            self.add(at, text);
        }
    }

    /// The array at `value[key]`, empty when absent; one over `max` is a complaint.
    fn array<'a>(&mut self, value: &'a Value, key: &str, at: &str, max: usize) -> &'a [Value] {
        match &value[key] {
            Value::Null => &[],
            Value::Array(items) => {
                if items.len() > max {
                    self.add(at, format_args!("{} items in `{key}`, at most {max} are taken", items.len()));
                }
                items
            }
            _ => {
                self.add(at, format_args!("`{key}` is not an array"));
                &[]
            }
        }
    }

    /// A text at `value[key]` of 1 to `max` characters.
    fn text<'a>(&mut self, value: &'a Value, key: &str, at: &str, max: usize) -> &'a str {
        match value[key].as_str() {
            Some("") => self.add(at, format_args!("`{key}` is empty")),
            Some(text) if text.encode_utf16().count() > max => {
                self.add(at, format_args!("`{key}` is longer than {max} characters"));
            }
            Some(text) if text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') => {
                self.add(at, format_args!("`{key}` holds a control character"));
            }
            Some(_) => {}
            None => self.add(at, format_args!("`{key}` is missing")),
        }
        value[key].as_str().unwrap_or_default()
    }
}

/// What breaks the host's ingestion of `log`, one sentence each, with the JSON pointer; empty when all is well.
pub fn check(log: &Value) -> Vec<String> {
    let mut complaints = Complaints::default();
    complaints.demand(log["version"] == "2.1.0", "", "`version` is not 2.1.0");
    complaints.demand(log["$schema"].is_string(), "", "`$schema` is missing");
    complaints.demand(log["runs"].is_array(), "", "`runs` is missing");
    let mut categories = BTreeSet::new();
    for (i, run) in complaints.array(log, "runs", "", 20).iter().enumerate() {
        let at = format!("/runs/{i}");
        if !categories.insert(category(run)) {
            complaints.add(&at, "a second run with the same tool and category: the whole file is refused");
        }
        check_run(run, &at, &mut complaints);
    }
    complaints.0
}

/// Which regions of `log` do not lie within their files. `source` answers the text of a file, named by its decoded
/// path relative to the repository's top; files it does not know are a complaint.
pub fn check_sources(log: &Value, source: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let mut complaints = Complaints::default();
    for (i, run) in log["runs"].as_array().into_iter().flatten().enumerate() {
        for (j, result) in run["results"].as_array().into_iter().flatten().enumerate() {
            result::check_sources(result, source, &format!("/runs/{i}/results/{j}"), &mut complaints);
        }
    }
    complaints.0
}

/// What the host tells uploads apart by.
fn category(run: &Value) -> Vec<String> {
    let driver = &run["tool"]["driver"];
    let id = run["automationDetails"]["id"].as_str().unwrap_or_default();
    let mut key = vec![id.rsplit_once('/').map_or("", |(category, _)| category).to_owned()];
    for part in ["name", "fullName", "version", "semanticVersion", "guid"] {
        key.push(driver[part].as_str().unwrap_or_default().to_owned());
    }
    key
}

fn check_run(run: &Value, at: &str, complaints: &mut Complaints) {
    let driver_at = format!("{at}/tool/driver");
    let driver = &run["tool"]["driver"];
    complaints.text(driver, "name", &driver_at, 255);
    complaints.demand(driver["rules"].is_array(), &driver_at, "`rules` is missing: a clean run says that none ran");
    complaints.array(&run["tool"], "extensions", at, 100);
    let rules = complaints.array(driver, "rules", &driver_at, 25_000);
    let mut places = BTreeMap::new();
    for (i, rule) in rules.iter().enumerate() {
        let at = format!("{driver_at}/rules/{i}");
        if places.insert(rule["id"].as_str().unwrap_or_default(), i).is_some() {
            complaints.add(&at, "a second rule with this id");
        }
        check_rule(rule, &at, complaints);
    }
    let id = run["automationDetails"]["id"].as_str().unwrap_or_default();
    complaints.demand(id.ends_with('/') && id.len() > 1, at, "`automationDetails.id` is not a category ending in `/`");
    check_invocations(run, at, complaints);
    complaints.demand(run["results"].is_array(), at, "`results` is missing: nothing was looked at");
    for (i, result) in complaints.array(run, "results", at, 25_000).iter().enumerate() {
        result::check(result, run, &places, &format!("{at}/results/{i}"), complaints);
    }
}

fn check_rule(rule: &Value, at: &str, complaints: &mut Complaints) {
    complaints.text(rule, "id", at, 255);
    complaints.text(rule, "name", at, 255);
    for (key, max) in [("shortDescription", 1024), ("fullDescription", 1024), ("help", 65_535)] {
        complaints.text(&rule[key], "text", &format!("{at}/{key}"), max);
    }
    check_level(&rule["defaultConfiguration"]["level"], &format!("{at}/defaultConfiguration"), complaints);
    let properties = &rule["properties"];
    for tag in complaints.array(properties, "tags", at, 20) {
        complaints.demand(tag.is_string(), at, "a tag is not a text");
    }
    match &properties["security-severity"] {
        Value::Null => {}
        Value::String(text) => {
            let in_range = text.parse().is_ok_and(|value: f64| (0.1..=10.0).contains(&value));
            complaints.demand(in_range, at, "`security-severity` is not between 0.1 and 10.0");
        }
        _ => complaints.add(at, "`security-severity` is not a text: the host ignores it"),
    }
    let precision = properties["precision"].as_str();
    let known = precision.is_none_or(|word| ["very-high", "high", "medium", "low"].contains(&word));
    complaints.demand(known, at, "`precision` is none of very-high, high, medium, low");
    if let Some(address) = rule.get("helpUri") {
        let absolute = address.as_str().is_some_and(|a| a.starts_with("https://") || a.starts_with("http://"));
        complaints.demand(absolute, at, "`helpUri` is not a web address");
    }
}

fn check_invocations(run: &Value, at: &str, complaints: &mut Complaints) {
    for (i, invocation) in complaints.array(run, "invocations", at, usize::MAX).iter().enumerate() {
        let at = format!("{at}/invocations/{i}");
        complaints.demand(invocation["executionSuccessful"].is_boolean(), &at, "`executionSuccessful` is missing");
        for notification in complaints.array(invocation, "toolExecutionNotifications", &at, usize::MAX) {
            complaints.text(&notification["message"], "text", &at, usize::MAX);
            check_level(&notification["level"], &at, complaints);
            for location in complaints.array(notification, "locations", &at, 1000) {
                result::check_location(location, run, &at, complaints);
            }
        }
    }
}

fn check_level(level: &Value, at: &str, complaints: &mut Complaints) {
    let known = level.is_null() || level.as_str().is_some_and(|l| ["none", "note", "warning", "error"].contains(&l));
    complaints.demand(known, at, "`level` is none of none, note, warning, error");
}
