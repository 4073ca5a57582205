//! `$(( … ))`: whole numbers, names as variables.

use super::Machine;
use super::state::State;
use super::value::Value;
use crate::expr::Taint;
use crate::shell::ast::Word;

/// Deeper than this nothing is computed.
const DEEPEST: usize = 30;

/// An expression being read.
struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    depth: usize,
    taint: Taint,
}

/// A number, or any.
type Number = Option<i64>;

/// Operators of two operands, the loosest first.
const LEVELS: [&[&str]; 6] = [&["||"], &["&&"], &["==", "!="], &["<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

impl Machine<'_> {
    /// The value of `word` as arithmetic.
    pub(super) fn arithmetic(&mut self, word: &Word, state: &mut State) -> Value {
        let value = self.word(word, state).0;
        let Some(text) = value.text() else { return Value::unknown(value.taint) };
        let text = text.to_owned();
        self.compute(&text, value.taint, state)
    }

    /// The value of `text` as arithmetic.
    pub(super) fn compute(&mut self, text: &str, taint: Taint, state: &mut State) -> Value {
        let mut reader = Reader { text: text.as_bytes(), at: 0, depth: 0, taint };
        let number = self.assignment(&mut reader, state);
        reader.blanks();
        match number {
            Some(number) if reader.at == reader.text.len() => Value::known(&number.to_string()).tainted(reader.taint),
            _ => Value::unknown(reader.taint),
        }
    }

    fn assignment(&mut self, reader: &mut Reader<'_>, state: &mut State) -> Number {
        let from = reader.at;
        if let Some(name) = reader.name() {
            for operator in ["+=", "-=", "*=", "/=", "%=", "="] {
                if reader.peek(operator) && !(operator == "=" && reader.peek("==")) {
                    reader.take(operator);
                    let old = self.number(&name, reader, state);
                    let right = self.assignment(reader, state);
                    let result = if operator == "=" { right } else { apply(&operator[..1], old, right) };
                    self.keep(&name, result, reader.taint, state);
                    return result;
                }
            }
            for (operator, step) in [("++", 1), ("--", -1)] {
                if reader.take(operator) {
                    let old = self.number(&name, reader, state);
                    self.keep(&name, old.and_then(|old| old.checked_add(step)), reader.taint, state);
                    return old;
                }
            }
            reader.at = from;
        }
        self.choice(reader, state)
    }

    fn keep(&mut self, name: &str, number: Number, taint: Taint, state: &mut State) {
        let value = number.map_or(Value::unknown(taint), |number| Value::known(&number.to_string()).tainted(taint));
        state.assign(name, value);
    }

    fn choice(&mut self, reader: &mut Reader<'_>, state: &mut State) -> Number {
        let condition = self.level(0, reader, state);
        if !reader.take("?") {
            return condition;
        }
        let yes = self.level(0, reader, state);
        if !reader.take(":") {
            return None;
        }
        let no = self.level(0, reader, state);
        match condition {
            Some(0) => no,
            Some(_) => yes,
            None if yes == no => yes,
            None => None,
        }
    }

    fn level(&mut self, level: usize, reader: &mut Reader<'_>, state: &mut State) -> Number {
        let Some(operators) = LEVELS.get(level) else { return self.factor(reader, state) };
        let mut left = self.level(level + 1, reader, state);
        while let Some(operator) = operators.iter().find(|operator| reader.operator(operator)) {
            let right = self.level(level + 1, reader, state);
            left = apply(operator, left, right);
        }
        left
    }

    fn factor(&mut self, reader: &mut Reader<'_>, state: &mut State) -> Number {
        reader.depth += 1;
        if reader.depth > DEEPEST {
            return None;
        }
        let result = if reader.take("(") {
            let inner = self.assignment(reader, state);
            if reader.take(")") { inner } else { None }
        } else if !reader.peek("!=") && reader.take("!") {
            self.factor(reader, state).map(|number| i64::from(number == 0))
        } else if reader.take("++") || reader.take("--") {
            let step = if reader.text[reader.at - 1] == b'+' { 1 } else { -1 };
            match reader.name() {
                Some(name) => {
                    let new = self.number(&name, reader, state).and_then(|old| old.checked_add(step));
                    self.keep(&name, new, reader.taint, state);
                    new
                }
                None => None,
            }
        } else if reader.take("-") {
            self.factor(reader, state).and_then(i64::checked_neg)
        } else if reader.take("+") {
            self.factor(reader, state)
        } else if let Some(number) = reader.digits() {
            number
        } else if let Some(name) = reader.name() {
            self.number(&name, reader, state)
        } else {
            None
        };
        reader.depth -= 1;
        result
    }

    fn number(&mut self, name: &str, reader: &mut Reader<'_>, state: &State) -> Number {
        let value = self.variable(name, state);
        reader.taint = reader.taint.union(value.taint);
        match value.text().map(str::trim) {
            Some("") => Some(0),
            Some(text) => text.parse().ok(),
            None => None,
        }
    }
}

impl Reader<'_> {
    fn blanks(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn peek(&mut self, operator: &str) -> bool {
        self.blanks();
        self.text[self.at..].starts_with(operator.as_bytes())
    }

    fn take(&mut self, operator: &str) -> bool {
        let there = self.peek(operator);
        if there {
            self.at += operator.len();
        }
        there
    }

    /// An operator that is not the beginning of a longer one.
    fn operator(&mut self, operator: &str) -> bool {
        let assigns = self.peek(&format!("{operator}=")) && matches!(operator, "+" | "-" | "*" | "/" | "%");
        let longer = self.peek(&format!("{operator}=")) && matches!(operator, "<" | ">");
        !assigns && !longer && self.take(operator)
    }

    fn digits(&mut self) -> Option<Number> {
        self.blanks();
        let end =
            self.text[self.at..].iter().position(|b| !b.is_ascii_digit()).map_or(self.text.len(), |n| self.at + n);
        let digits = std::str::from_utf8(&self.text[self.at..end]).ok().filter(|digits| !digits.is_empty())?;
        self.at = end;
        Some(digits.parse().ok())
    }

    fn name(&mut self) -> Option<String> {
        self.blanks();
        let is = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        self.text.get(self.at).filter(|b| is(b) && !b.is_ascii_digit())?;
        let end = self.text[self.at..].iter().position(|b| !is(b)).map_or(self.text.len(), |n| self.at + n);
        let name = String::from_utf8_lossy(&self.text[self.at..end]).into_owned();
        self.at = end;
        Some(name)
    }
}

fn apply(operator: &str, left: Number, right: Number) -> Number {
    match (operator, left, right) {
        ("||", Some(a), _) if a != 0 => return Some(1),
        ("||", _, Some(b)) if b != 0 => return Some(1),
        ("&&", Some(0), _) | ("&&", _, Some(0)) => return Some(0),
        ("*", Some(0), _) | ("*", _, Some(0)) => return Some(0),
        _ => {}
    }
    let (a, b) = (left?, right?);
    match operator {
        "||" => Some(i64::from(a != 0 || b != 0)),
        "&&" => Some(i64::from(a != 0 && b != 0)),
        "==" => Some(i64::from(a == b)),
        "!=" => Some(i64::from(a != b)),
        "<=" => Some(i64::from(a <= b)),
        ">=" => Some(i64::from(a >= b)),
        "<" => Some(i64::from(a < b)),
        ">" => Some(i64::from(a > b)),
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" => a.checked_div(b),
        "%" => a.checked_rem(b),
        _ => None,
    }
}
