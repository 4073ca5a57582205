//! The expressions that our action and workflows use, evaluated as the host does. A form that is not known here fails the
//! test that meets it.

use serde_json::Value;

/// What names mean, and how the steps or jobs before ended.
pub(super) struct Scope<'a> {
    /// `github`, `inputs`, `steps`, `needs`, `matrix`, `runner`.
    pub(super) contexts: &'a Value,
    /// Whether something before has failed, or was cancelled.
    pub(super) status: Status,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Success,
    Failure,
    Cancelled,
}

/// Contexts whose names are all declared: one that is not there is a slip of the pen, while an event's payload may lack any.
const DECLARED: [&str; 3] = ["inputs", "matrix", "steps"];

/// The text with every `${{ … }}` in it evaluated.
pub(super) fn interpolate(text: &str, scope: &Scope<'_>) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${{") {
        let end = rest[at..].find("}}").unwrap_or_else(|| panic!("an expression without end: {text}")) + at;
        shown.push_str(&rest[..at]);
        shown.push_str(&text_of(&evaluate(&rest[at + 3..end], scope)));
        rest = &rest[end + 2..];
    }
    shown + rest
}

/// The value of an expression, or of a text that is wholly one.
pub(super) fn value(text: &str, scope: &Scope<'_>) -> Value {
    let inner = text.trim().strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
    match inner {
        Some(inner) if !inner.contains("}}") => evaluate(inner, scope),
        _ => Value::String(interpolate(text, scope)),
    }
}

/// Whether an `if:` lets its step or job run. Without a function of the status in it, `success()` is implied.
pub(super) fn condition(text: Option<&str>, scope: &Scope<'_>) -> bool {
    let Some(text) = text else { return scope.status == Status::Success };
    let says = ["always()", "success()", "failure()", "cancelled()"].iter().any(|function| text.contains(function));
    (says || scope.status == Status::Success) && truthy(&evaluate(text, scope))
}

fn evaluate(text: &str, scope: &Scope<'_>) -> Value {
    let mut parser = Parser { rest: text.trim(), whole: text, scope };
    let value = parser.or();
    assert!(parser.rest.is_empty(), "an unknown form: {:?} in `{text}`", parser.rest);
    value
}

/// As it is spliced into a text.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        other => panic!("a list or mapping in a text: {other}"),
    }
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

fn equal(left: &Value, right: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Null => 0.0,
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN),
        Value::String(text) if text.is_empty() => 0.0,
        Value::String(text) => text.parse().unwrap_or(f64::NAN),
        other => panic!("a list or mapping is compared: {other}"),
    };
    match (left, right) {
        (Value::String(left), Value::String(right)) => left.eq_ignore_ascii_case(right),
        _ => number(left) == number(right),
    }
}

struct Parser<'a> {
    rest: &'a str,
    whole: &'a str,
    scope: &'a Scope<'a>,
}

impl<'a> Parser<'a> {
    fn take(&mut self, word: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(word) else { return false };
        self.rest = rest.trim_start();
        true
    }

    fn or(&mut self) -> Value {
        let mut value = self.and();
        while self.take("||") {
            let right = self.and();
            value = if truthy(&value) { value } else { right };
        }
        value
    }

    fn and(&mut self) -> Value {
        let mut value = self.comparison();
        while self.take("&&") {
            let right = self.comparison();
            value = if truthy(&value) { right } else { value };
        }
        value
    }

    fn comparison(&mut self) -> Value {
        let left = self.primary();
        if self.take("==") {
            return Value::Bool(equal(&left, &self.primary()));
        }
        if self.take("!=") {
            return Value::Bool(!equal(&left, &self.primary()));
        }
        left
    }

    fn primary(&mut self) -> Value {
        if self.take("!") {
            return Value::Bool(!truthy(&self.primary()));
        }
        if self.take("(") {
            let value = self.or();
            assert!(self.take(")"), "no closing bracket in `{}`", self.whole);
            return value;
        }
        if let Some(rest) = self.rest.strip_prefix('\'') {
            let end = rest.find('\'').unwrap_or_else(|| panic!("a text without end in `{}`", self.whole));
            self.rest = rest[end + 1..].trim_start();
            return Value::String(rest[..end].to_owned());
        }
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-')));
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest.trim_start();
        if !self.take("(") {
            return self.look_up(name);
        }
        let argument = (!self.take(")")).then(|| {
            let value = self.or();
            assert!(self.take(")"), "one argument at most is known: `{}`", self.whole);
            value
        });
        self.call(name, argument)
    }

    fn call(&self, name: &str, argument: Option<Value>) -> Value {
        match (name, argument) {
            ("always", None) => Value::Bool(true),
            ("success", None) => Value::Bool(self.scope.status == Status::Success),
            ("failure", None) => Value::Bool(self.scope.status == Status::Failure),
            ("cancelled", None) => Value::Bool(self.scope.status == Status::Cancelled),
            ("toJSON", Some(value)) => {
                Value::String(serde_json::to_string_pretty(&value).expect("a value becomes JSON"))
            }
            ("fromJSON", Some(Value::String(text))) => {
                serde_json::from_str(&text).unwrap_or_else(|e| panic!("fromJSON({text}): {e}"))
            }
            _ => panic!("an unknown form: `{name}(…)` in `{}`", self.whole),
        }
    }

    fn look_up(&self, path: &str) -> Value {
        match path {
            "true" => return Value::Bool(true),
            "false" => return Value::Bool(false),
            _ => {}
        }
        let (root, rest) = path.split_once('.').unwrap_or((path, ""));
        let mut at = self.scope.contexts.get(root).unwrap_or_else(|| panic!("an unknown form: `{path}`"));
        for (depth, name) in rest.split('.').filter(|name| !name.is_empty()).enumerate() {
            match at.get(name) {
                Some(value) => at = value,
                None if depth == 0 && DECLARED.contains(&root) => panic!("`{path}` is declared nowhere"),
                None => return Value::Null,
            }
        }
        at.clone()
    }
}

pub(super) fn expressions_mean_what_the_host_means() {
    let contexts = serde_json::json!({
        "inputs": {"a": "x", "empty": "", "yes": true},
        "github": {"event_name": "push", "event": {"number": 7}},
        "steps": {"run": {"outputs": {}}},
    });
    let scope = |status| Scope { contexts: &contexts, status };
    let well = scope(Status::Success);
    for (text, shown) in [
        ("a ${{ inputs.a }} b", "a x b"),
        ("${{ steps.run.outputs.verdict || 'unknown' }}", "unknown"),
        ("${{ github.event.number }}", "7"),
        ("${{ github.event.pull_request.number }}", ""),
        ("${{ inputs.a == 'X' && inputs.empty == '' }}", "true"),
        ("${{ github.event.none.x != github.event_name }}", "true"),
        ("${{ (inputs.yes || inputs.empty) && !inputs.empty }}", "true"),
    ] {
        assert_eq!(interpolate(text, &well), shown, "{text}");
    }
    for (text, status, runs) in [
        (None, Status::Success, true),
        (None, Status::Failure, false),
        (Some("always()"), Status::Cancelled, true),
        (Some("inputs.a != ''"), Status::Failure, false),
        (Some("always() && inputs.empty"), Status::Success, false),
        (Some("github.event_name == 'push'"), Status::Success, true),
    ] {
        assert_eq!(condition(text, &scope(status)), runs, "{text:?}");
    }
    for text in ["${{ hashFiles('x') }}", "${{ inputs.typo }}", "${{ secrets.x }}", "${{ inputs.a inputs.a }}"] {
        let outcome = std::panic::catch_unwind(|| interpolate(text, &scope(Status::Success)));
        assert!(outcome.is_err(), "{text}");
    }
}
