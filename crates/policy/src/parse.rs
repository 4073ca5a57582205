//! The condition language, read by hand so that every error points at its column.
//!
//! ```text
//! condition = subject op limit
//! subject   = name { "." name } [ "{" label "=" string { "," label "=" string } "}" ]
//! op        = ">=" | "<=" | "==" | "!=" | ">" | "<"
//! limit     = quantity | "base" [ ("+" | "-") quantity ] | "success"
//! ```

use tollgate_model::{Labels, Op, Unit};

use crate::condition::{Condition, Limit, OVERDUE, RELAXATIONS, Selector, Subject};
use crate::number::Number;
use crate::quantity::Quantity;

/// What is wrong with a condition, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {message}")]
pub struct ConditionError {
    /// Column within the condition, in characters, from 1.
    pub column: usize,
    /// What was found and what was expected.
    pub message: String,
}

const OPS: [(&str, Op); 6] =
    [(">=", Op::Ge), ("<=", Op::Le), ("==", Op::Eq), ("!=", Op::Ne), (">", Op::Gt), ("<", Op::Lt)];

/// Longest condition that is read, in bytes.
const LONGEST: usize = 4096;

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// The first thing that is not as the grammar above has it.
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        if text.len() > LONGEST {
            return Err(ConditionError { column: 1, message: format!("a condition is at most {LONGEST} bytes long") });
        }
        let mut cursor = Cursor { text, at: 0 };
        let start = cursor.skip_blanks();
        let metric = cursor.name()?;
        let labels = cursor.labels()?;
        let subject = subject(metric, labels).map_err(|message| cursor.error_at(start, message))?;
        let op = cursor.op()?;
        let limit_start = cursor.skip_blanks();
        let limit = cursor.limit()?;
        let fits = match (&subject, &limit) {
            (Subject::Metric(_), Limit::Success) => Err("only `steps.<id>` and `needs.<job>` end in success"),
            (Subject::Metric(_), _) => Ok(()),
            (Subject::Overdue(_), Limit::Quantity(limit)) if is_most(op, limit) => Ok(()),
            (Subject::Overdue(_), _) => {
                Err("findings that are overdue are compared by `== 0`, or by `<=` and a number")
            }
            (Subject::Relaxations, Limit::Quantity(limit)) if is_none(op, limit) => Ok(()),
            (Subject::Relaxations, _) => Err("what a change relaxes is compared by `== 0`"),
            (_, Limit::Success) if op == Op::Eq => Ok(()),
            _ => Err("an outcome can only be compared by `== success`"),
        };
        fits.map_err(|message| cursor.error_at(limit_start, message.to_owned()))?;
        Ok(Self { subject, op, limit })
    }
}

/// Whether a limit says that there must be none.
fn is_none(op: Op, limit: &Quantity) -> bool {
    op == Op::Eq && limit.unit == Unit::Count && limit.number == Number::new(0, 1)
}

/// Whether a limit says how many there may be at most.
fn is_most(op: Op, limit: &Quantity) -> bool {
    is_none(op, limit) || (op == Op::Le && limit.unit == Unit::Count)
}

fn subject(metric: String, labels: Labels) -> Result<Subject, String> {
    let outcome = |rest: &str| match labels.is_empty() {
        true => Ok(rest.to_owned()),
        false => Err("an outcome has no labels".to_owned()),
    };
    match metric.split_once('.') {
        _ if metric == OVERDUE => Ok(Subject::Overdue(Selector { metric, labels })),
        _ if metric == RELAXATIONS => match labels.is_empty() {
            true => Ok(Subject::Relaxations),
            false => Err(format!("{RELAXATIONS} has no labels")),
        },
        Some(("steps", id)) => Ok(Subject::Step(outcome(id)?)),
        Some(("needs", job)) => Ok(Subject::Need(outcome(job)?)),
        Some(_) => Ok(Subject::Metric(Selector { metric, labels })),
        None => Err(format!("`{metric}` is not a metric; one is written <checker>.<name>, such as coverage.lines")),
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn error_at(&self, at: usize, message: String) -> ConditionError {
        ConditionError { column: self.text[..at].chars().count() + 1, message }
    }

    fn expected<T>(&self, what: &str) -> Result<T, ConditionError> {
        let found = match self.rest().chars().next() {
            Some(c) => format!("`{}`", c.escape_debug()),
            None => "the end".to_owned(),
        };
        Err(self.error_at(self.at, format!("expected {what}, found {found}")))
    }

    /// Returns where it stops.
    fn skip_blanks(&mut self) -> usize {
        self.at = self.text.len() - self.rest().trim_start().len();
        self.at
    }

    fn eat(&mut self, token: &str) -> bool {
        self.skip_blanks();
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn name(&mut self) -> Result<String, ConditionError> {
        let start = self.at;
        let name = self.take(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
        if name.is_empty() {
            return self.expected("a metric such as coverage.lines");
        }
        if name.split('.').any(str::is_empty) {
            return Err(self.error_at(start, format!("`{name}` has an empty part between its dots")));
        }
        Ok(name.to_owned())
    }

    fn labels(&mut self) -> Result<Labels, ConditionError> {
        let mut labels = Labels::new();
        if !self.eat("{") {
            return Ok(labels);
        }
        loop {
            let start = self.skip_blanks();
            let label = self.take(|c| c.is_ascii_alphanumeric() || c == '_');
            if label.is_empty() {
                return self.expected("a label name");
            }
            if !self.eat("=") {
                return self.expected("`=` and a value in double quotes");
            }
            let value = self.string()?;
            if labels.insert(label.to_owned(), value).is_some() {
                return Err(self.error_at(start, format!("the label `{label}` is given twice")));
            }
            if self.eat("}") {
                return Ok(labels);
            }
            if !self.eat(",") {
                return self.expected("`,` or `}`");
            }
        }
    }

    fn string(&mut self) -> Result<String, ConditionError> {
        let start = self.skip_blanks();
        if !self.eat("\"") {
            return self.expected("a value in double quotes");
        }
        let mut value = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((offset, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += offset + 1;
                    return Ok(value);
                }
                '\\' => match chars.next() {
                    Some((_, c @ ('"' | '\\'))) => value.push(c),
                    _ => {
                        let message = "a backslash stands only before `\"` or `\\`".to_owned();
                        return Err(self.error_at(self.at + offset, message));
                    }
                },
                c => value.push(c),
            }
        }
        Err(self.error_at(start, "this value has no closing quote".to_owned()))
    }

    fn op(&mut self) -> Result<Op, ConditionError> {
        self.skip_blanks();
        match OPS.iter().find(|(sign, _)| self.rest().starts_with(sign)) {
            Some((sign, op)) => {
                self.at += sign.len();
                Ok(*op)
            }
            None => self.expected("a comparison (>=, <=, ==, !=, >, <)"),
        }
    }

    fn limit(&mut self) -> Result<Limit, ConditionError> {
        let start = self.skip_blanks();
        let rest = self.rest().trim_end();
        if rest.is_empty() {
            return self.expected("a limit such as 80%, 600 KB or base");
        }
        if rest == "success" {
            return Ok(Limit::Success);
        }
        let after_base = rest.strip_prefix("base").filter(|r| !r.starts_with(|c: char| c.is_alphanumeric()));
        let Some(offset) = after_base else {
            return Ok(Limit::Quantity(self.quantity(start, rest)?));
        };
        let sign = offset.trim_start();
        let (added, by) = match (sign.strip_prefix('+'), sign.strip_prefix('-')) {
            _ if sign.is_empty() => return Ok(Limit::Base { offset: None }),
            (Some(by), _) => (true, by),
            (_, Some(by)) => (false, by),
            _ => {
                let message = "after `base` comes nothing, or + or - and a number".to_owned();
                return Err(self.error_at(start + rest.len() - sign.len(), message));
            }
        };
        let by_start = start + rest.len() - by.trim_start().len();
        Ok(Limit::Base { offset: Some((added, self.quantity(by_start, by)?)) })
    }

    fn quantity(&self, at: usize, text: &str) -> Result<Quantity, ConditionError> {
        Quantity::parse(text).map_err(|message| self.error_at(at, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_read_back_as_they_print() {
        for text in [
            "coverage.lines >= 80%",
            "coverage.lines >= base",
            "coverage.lines >= base - 0.5%",
            "bundle.route{route=\"/\"} <= base + 2 KB",
            "bundle.size{type=\"js\"} <= 500 KB",
            "owasp.items{edition=\"2019\",verdict=\"fail\"} == 0",
            "steps.test == success",
            "needs.unit-tests == success",
            "x.y{path=\"a \\\"b\\\" \\\\ c\"} != 3",
            "latency.p95 < 500 ms",
            "findings.overdue == 0",
            "findings.overdue{class=\"P0\"} <= 3",
            "policy.relaxations == 0",
        ] {
            assert_eq!(Condition::parse(text).unwrap().to_string(), text);
        }
        let tight = Condition::parse("  bundle.size{ type = \"js\" }<=500KB ").unwrap();
        assert_eq!(tight.to_string(), "bundle.size{type=\"js\"} <= 500KB");
    }

    #[test]
    fn errors_point_at_their_column() {
        for (text, column, word) in [
            ("", 1, "expected a metric"),
            ("coverage >= 80%", 1, "not a metric"),
            ("coverage..lines >= 80%", 1, "empty part"),
            ("coverage.lines 80%", 16, "expected a comparison"),
            ("coverage.lines >= ", 19, "expected a limit"),
            ("coverage.lines >= eighty", 19, "not a number"),
            ("coverage.lines >= 80 pct", 19, "unknown unit `pct`"),
            ("coverage.lines >= base * 2", 24, "after `base`"),
            ("coverage.lines >= base - x", 26, "not a number"),
            ("bundle.size{type=js} <= 1 KB", 18, "double quotes"),
            ("bundle.size{type=\"js} <= 1 KB", 18, "no closing quote"),
            ("bundle.size{type=\"a\",type=\"b\"} <= 1 KB", 22, "twice"),
            ("bundle.size{type=\"a\" <= 1 KB", 22, "`,` or `}`"),
            ("bundle.size{} <= 1 KB", 13, "label name"),
            ("steps.test >= 3", 15, "== success"),
            ("coverage.lines == success", 19, "only `steps"),
            ("coverage.größe >= 1", 12, "comparison"),
            ("findings.overdue >= 1", 21, "== 0"),
            ("findings.overdue == 2", 21, "== 0"),
            ("findings.overdue <= 2%", 21, "== 0"),
            ("findings.overdue <= base", 21, "== 0"),
            ("policy.relaxations <= 1", 23, "== 0"),
            ("policy.relaxations == success", 23, "== 0"),
            ("policy.relaxations{gate=\"Tests\"} == 0", 1, "no labels"),
        ] {
            let error = Condition::parse(text).unwrap_err();
            assert!(error.column == column && error.message.contains(word), "{text}: {error}");
        }
    }

    #[test]
    fn a_condition_has_a_bounded_length() {
        assert!(Condition::parse(&"a".repeat(LONGEST + 1)).is_err());
    }
}
