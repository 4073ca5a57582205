//! Reads one expression.

use super::Expression;

/// How long an expression may be; GitHub takes no longer ones.
const LONGEST: usize = 21_000;

/// How many brackets and signs may lie inside each other, and how many comparisons follow each other.
const DEEPEST: usize = 50;

/// The expression in `text`; none where it is not one.
pub(crate) fn parse(text: &str) -> Option<Expression> {
    if text.len() > LONGEST {
        return None;
    }
    let mut reader = Reader { text, at: 0, depth: 0 };
    let expression = reader.any()?;
    reader.blanks();
    (reader.at == text.len()).then_some(expression)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, sign: &str) -> bool {
        self.blanks();
        let there = self.rest().starts_with(sign);
        if there {
            self.at += sign.len();
        }
        there
    }

    /// Takes the longest beginning of which every character fits.
    fn take(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth += 1;
        let read = if self.depth > DEEPEST { None } else { read(self) };
        self.depth -= 1;
        read
    }

    fn any(&mut self) -> Option<Expression> {
        self.list("||", Self::all, Expression::Any)
    }

    fn all(&mut self) -> Option<Expression> {
        self.list("&&", Self::equal, Expression::All)
    }

    fn list(
        &mut self,
        sign: &str,
        part: impl Fn(&mut Self) -> Option<Expression>,
        whole: impl Fn(Vec<Expression>) -> Expression,
    ) -> Option<Expression> {
        let mut parts = vec![part(self)?];
        while self.eat(sign) {
            parts.push(part(self)?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(whole(parts)) }
    }

    fn equal(&mut self) -> Option<Expression> {
        let mut left = self.ordered()?;
        for _ in 0..DEEPEST {
            if self.eat("==") {
                left = Expression::Equal(left.into(), self.ordered()?.into());
            } else if self.eat("!=") {
                left = Expression::Unequal(left.into(), self.ordered()?.into());
            } else {
                return Some(left);
            }
        }
        None
    }

    fn ordered(&mut self) -> Option<Expression> {
        let mut left = self.sign()?;
        while ["<=", ">=", "<", ">"].iter().any(|sign| self.eat(sign)) {
            self.sign()?;
            left = Expression::Ordered;
        }
        Some(left)
    }

    fn sign(&mut self) -> Option<Expression> {
        self.blanks();
        let rest = self.rest();
        if rest.starts_with('!') && !rest.starts_with("!=") {
            self.at += 1;
            return self.deeper(|r| Some(Expression::Not(r.sign()?.into())));
        }
        self.operand()
    }

    fn operand(&mut self) -> Option<Expression> {
        self.blanks();
        let first = self.rest().chars().next()?;
        if first == '\'' {
            return self.quoted().map(Expression::Text);
        }
        if first.is_ascii_digit() || matches!(first, '-' | '+' | '.') {
            self.take(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'));
            return Some(Expression::Other);
        }
        if self.eat("(") {
            let inner = self.deeper(Self::any)?;
            return if self.eat(")") { self.parts(inner) } else { None };
        }
        let name = self.name()?;
        if self.eat("(") {
            let arguments = self.deeper(Self::arguments)?;
            return self.parts(Expression::Call(name, arguments));
        }
        match name.as_str() {
            "true" | "false" => Some(Expression::Bool(name == "true")),
            "null" | "nan" | "infinity" => Some(Expression::Other),
            _ => self.parts(Expression::Path(name)),
        }
    }

    fn arguments(&mut self) -> Option<Vec<Expression>> {
        let mut arguments = Vec::new();
        if self.eat(")") {
            return Some(arguments);
        }
        loop {
            arguments.push(self.any()?);
            if self.eat(")") {
                return Some(arguments);
            }
            if !self.eat(",") {
                return None;
            }
        }
    }

    /// What follows an operand: `.name`, `.*`, `['name']`, `[index]`.
    fn parts(&mut self, mut whole: Expression) -> Option<Expression> {
        loop {
            let part = if self.eat(".") {
                self.blanks();
                if self.eat("*") { "*".to_owned() } else { self.name()? }
            } else if self.eat("[") {
                self.deeper(Self::index)?
            } else {
                return Some(whole);
            };
            whole = match whole {
                Expression::Path(mut path) => {
                    path.push('.');
                    path.push_str(&part);
                    Expression::Path(path)
                }
                Expression::Part(_) => whole,
                other => Expression::Part(other.into()),
            };
        }
    }

    fn index(&mut self) -> Option<String> {
        if self.eat("*") {
            return self.eat("]").then(|| "*".to_owned());
        }
        let index = self.any()?;
        let name = if let Expression::Text(name) = index { name.to_lowercase() } else { "*".to_owned() };
        self.eat("]").then_some(name)
    }

    fn name(&mut self) -> Option<String> {
        let starts = |c: char| c.is_ascii_alphabetic() || c == '_';
        self.rest().starts_with(starts).then_some(())?;
        Some(self.take(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).to_lowercase())
    }

    /// `'…'`, in which two quotes are one.
    fn quoted(&mut self) -> Option<String> {
        self.at += 1;
        let mut text = String::new();
        loop {
            text.push_str(self.take(|c| c != '\''));
            let rest = self.rest();
            if rest.starts_with("''") {
                self.at += 2;
                text.push('\'');
            } else if rest.starts_with('\'') {
                self.at += 1;
                return Some(text);
            } else {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Expression {
        Expression::Path(text.to_owned())
    }

    #[test]
    fn paths_are_written_alike() {
        for (text, expected) in [
            (" github.event.issue.title ", "github.event.issue.title"),
            ("GitHub.Event['Issue'].title", "github.event.issue.title"),
            ("github['head_ref']", "github.head_ref"),
            ("github.event.commits[0].message", "github.event.commits.*.message"),
            ("github.event.commits.*.message", "github.event.commits.*.message"),
            ("github.event.commits[matrix.n].message", "github.event.commits.*.message"),
            ("steps.a-b.outputs.c_d", "steps.a-b.outputs.c_d"),
        ] {
            assert_eq!(parse(text), Some(path(expected)), "{text}");
        }
    }

    #[test]
    fn and_binds_closer_than_or_and_comparisons_closer_than_both() {
        let expected = Expression::Any(vec![
            Expression::All(vec![
                Expression::Equal(path("a").into(), Expression::Text("it's".to_owned()).into()),
                Expression::Not(path("b").into()),
            ]),
            Expression::Call("contains".to_owned(), vec![path("c"), Expression::Other]),
        ]);
        assert_eq!(parse("a == 'it''s' && !b || contains(c, -1.5e3)"), Some(expected));
        let unequal = Expression::Unequal(path("a").into(), Expression::Bool(true).into());
        assert_eq!(parse("(a != true)"), Some(unequal));
        assert_eq!(parse("fromJSON(a).b[0]"), Some(Expression::Part(parse("fromJSON(a)").unwrap().into())));
    }

    #[test]
    fn what_is_no_expression_is_none() {
        for text in ["", "a b", "a &&", "(a", "a)", "'a", "a.", "a[1", "f(a", "f(,)", "\"a\"", "é", "a = b", "a | b"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        for (open, close) in [("(", ")"), ("!", ""), ("a[", "]"), ("f(", ")"), ("a == ", "")] {
            assert!(parse(&format!("{}a{}", open.repeat(20), close.repeat(20))).is_some(), "{open}");
            assert_eq!(parse(&format!("{}a{}", open.repeat(2_000), close.repeat(2_000))), None, "{open}");
        }
        assert!(parse(&format!("a{}", " && a".repeat(4_000))).is_some());
        assert_eq!(parse(&" ".repeat(30_000)), None);
    }
}
