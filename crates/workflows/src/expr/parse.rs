//! Tokens to a tree.

use std::collections::VecDeque;

use super::lex::{Kind, Token, tokens};
use super::tree::{Expr, Operator, Segment};
use super::value::Value;
use super::{ExprError, MAX_DEPTH, MAX_LENGTH};

/// Reads an expression, the inside of `${{ }}`.
pub(crate) fn parse(expression: &str) -> Result<Expr, ExprError> {
    if expression.len() > MAX_LENGTH {
        let message = format!("the expression has more than {MAX_LENGTH} bytes: shorten it");
        return Err(ExprError::new(0, message));
    }
    let mut parser = Parser { tokens: tokens(expression)?.into(), end: expression.len(), nesting: 0 };
    if parser.tokens.is_empty() {
        return Err(ExprError::new(0, "the expression is empty: write one"));
    }
    let node = parser.any()?;
    match parser.tokens.front() {
        None => Ok(node.expr),
        Some(_) => Err(parser.unexpected("an operator or the end")),
    }
}

/// A tree and how deep it is.
struct Node {
    expr: Expr,
    depth: usize,
}

impl Node {
    fn leaf(expr: Expr) -> Self {
        Self { expr, depth: 1 }
    }
}

struct Parser<'a> {
    tokens: VecDeque<Token<'a>>,
    end: usize,
    nesting: usize,
}

impl<'a> Parser<'a> {
    /// An expression of any kind. Whatever nests comes through here or through [`Self::not`].
    fn any(&mut self) -> Result<Node, ExprError> {
        self.nested(Self::or)
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Node, ExprError>) -> Result<Node, ExprError> {
        self.nesting += 1;
        if self.nesting > MAX_DEPTH {
            return Err(self.too_deep());
        }
        let node = read(self);
        self.nesting -= 1;
        node
    }

    fn or(&mut self) -> Result<Node, ExprError> {
        self.chain("||", Self::and, Expr::Or)
    }

    fn and(&mut self) -> Result<Node, ExprError> {
        self.chain("&&", Self::equality, Expr::And)
    }

    fn equality(&mut self) -> Result<Node, ExprError> {
        self.comparisons(&[("==", Operator::Equal), ("!=", Operator::NotEqual)], Self::relation)
    }

    fn relation(&mut self) -> Result<Node, ExprError> {
        let operators = [
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
            ("<", Operator::Less),
            (">", Operator::Greater),
        ];
        self.comparisons(&operators, Self::not)
    }

    /// Operands of one operator, side by side rather than nested, however many there are.
    fn chain(
        &mut self,
        sign: &'static str,
        operand: fn(&mut Self) -> Result<Node, ExprError>,
        join: fn(Vec<Expr>) -> Expr,
    ) -> Result<Node, ExprError> {
        let first = operand(self)?;
        if !self.is(sign) {
            return Ok(first);
        }
        let mut depth = first.depth;
        let mut operands = vec![first.expr];
        while self.take(sign) {
            let next = operand(self)?;
            depth = depth.max(next.depth);
            operands.push(next.expr);
        }
        self.node(join(operands), depth)
    }

    fn comparisons(
        &mut self,
        operators: &[(&'static str, Operator)],
        operand: fn(&mut Self) -> Result<Node, ExprError>,
    ) -> Result<Node, ExprError> {
        let mut left = operand(self)?;
        while let Some((_, operator)) = operators.iter().find(|(sign, _)| self.take(sign)) {
            let right = operand(self)?;
            let depth = left.depth.max(right.depth);
            left = self.node(Expr::Compare(*operator, Box::new(left.expr), Box::new(right.expr)), depth)?;
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Node, ExprError> {
        if !self.take("!") {
            return self.indexed();
        }
        let operand = self.nested(Self::not)?;
        self.node(Expr::Not(Box::new(operand.expr)), operand.depth)
    }

    /// A value and what is taken from it.
    fn indexed(&mut self) -> Result<Node, ExprError> {
        let base = self.value()?;
        if matches!(base.expr, Expr::Literal(_)) {
            return Ok(base);
        }
        let mut depth = base.depth;
        let mut path = Vec::new();
        loop {
            let segment = if self.take(".") {
                match self.next() {
                    Some(Token { kind: Kind::Name(name), .. }) => Segment::Name(name.to_owned()),
                    Some(Token { kind: Kind::Sign("*"), .. }) => Segment::Every,
                    other => return Err(self.unexpected_token(other, "a name or `*` after `.`")),
                }
            } else if self.take("[") {
                let segment = if self.take("*") {
                    Segment::Every
                } else {
                    let index = self.any()?;
                    depth = depth.max(index.depth);
                    match index.expr {
                        Expr::Literal(Value::String(name)) => Segment::Name(name.to_string()),
                        Expr::Literal(Value::Number(number)) => Segment::Name(super::number::write(number)),
                        other => Segment::Computed(other),
                    }
                };
                self.expect("]")?;
                segment
            } else {
                break;
            };
            path.push(segment);
            depth += 1;
            if depth > MAX_DEPTH {
                return Err(self.too_deep());
            }
        }
        let expr = match base.expr {
            base if path.is_empty() => base,
            Expr::Context(mut context) => {
                context.append(&mut path);
                Expr::Context(context)
            }
            Expr::Index(base, mut before) => {
                before.append(&mut path);
                Expr::Index(base, before)
            }
            base => Expr::Index(Box::new(base), path),
        };
        Ok(Node { expr, depth })
    }

    /// A literal, a context, a call or a group.
    fn value(&mut self) -> Result<Node, ExprError> {
        let token = self.next();
        let literal = match &token {
            Some(Token { kind: Kind::Number(number), .. }) => Value::Number(*number),
            Some(Token { kind: Kind::String(text), .. }) => Value::text(text),
            Some(Token { kind: Kind::Sign("("), .. }) => {
                let inner = self.any()?;
                self.expect(")")?;
                // A literal in brackets can be indexed, where a bare one cannot.
                return Ok(match inner.expr {
                    Expr::Literal(_) if self.is(".") || self.is("[") => {
                        Node { expr: Expr::Index(Box::new(inner.expr), Vec::new()), depth: inner.depth }
                    }
                    _ => inner,
                });
            }
            Some(Token { kind: Kind::Name(name), start }) => match *name {
                "null" => Value::Null,
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "NaN" => Value::Number(f64::NAN),
                "Infinity" => Value::Number(f64::INFINITY),
                name if self.is("(") => return self.call(name, *start),
                name => return Ok(Node::leaf(Expr::Context(vec![Segment::Name(name.to_owned())]))),
            },
            _ => return Err(self.unexpected_token(token, "a value")),
        };
        Ok(Node::leaf(Expr::Literal(literal)))
    }

    fn call(&mut self, name: &str, start: usize) -> Result<Node, ExprError> {
        self.expect("(")?;
        let mut depth = 0;
        let mut arguments = Vec::new();
        if !self.take(")") {
            loop {
                let argument = self.any()?;
                depth = depth.max(argument.depth);
                arguments.push(argument.expr);
                if !self.take(",") {
                    break;
                }
            }
            self.expect(")")?;
        }
        if let Some(message) = wrong_count(name, arguments.len()) {
            return Err(ExprError::new(start, message));
        }
        self.node(Expr::Call { name: name.to_owned(), arguments }, depth)
    }

    fn node(&self, expr: Expr, depth: usize) -> Result<Node, ExprError> {
        if depth + 1 > MAX_DEPTH { Err(self.too_deep()) } else { Ok(Node { expr, depth: depth + 1 }) }
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.tokens.front(), Some(Token { kind: Kind::Sign(found), .. }) if *found == sign)
    }

    fn take(&mut self, sign: &str) -> bool {
        let is = self.is(sign);
        if is {
            self.tokens.pop_front();
        }
        is
    }

    fn expect(&mut self, sign: &str) -> Result<(), ExprError> {
        if self.take(sign) { Ok(()) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    fn next(&mut self) -> Option<Token<'a>> {
        self.tokens.pop_front()
    }

    fn offset(&self) -> usize {
        self.tokens.front().map_or(self.end, |token| token.start)
    }

    fn too_deep(&self) -> ExprError {
        let message = format!("the expression nests deeper than {MAX_DEPTH}: split it into several");
        ExprError::new(self.offset(), message)
    }

    fn unexpected(&mut self, wanted: &str) -> ExprError {
        let token = self.tokens.pop_front();
        self.unexpected_token(token, wanted)
    }

    fn unexpected_token(&self, token: Option<Token<'_>>, wanted: &str) -> ExprError {
        let Some(token) = token else {
            return ExprError::new(self.end, format!("the expression ends where {wanted} is expected"));
        };
        let found = match token.kind {
            Kind::Name(name) => name.chars().take(40).collect(),
            Kind::Number(number) => super::number::write(number),
            Kind::String(_) => "'…'".to_owned(),
            Kind::Sign(sign) => sign.to_owned(),
        };
        ExprError::new(token.start, format!("`{found}` stands where {wanted} is expected"))
    }
}

/// What is wrong with the number of arguments of a function that GitHub knows.
fn wrong_count(name: &str, count: usize) -> Option<String> {
    let (least, most) = match name.to_ascii_lowercase().as_str() {
        "contains" | "startswith" | "endswith" => (2, 2),
        "join" => (1, 2),
        "tojson" | "fromjson" => (1, 1),
        "format" | "hashfiles" => (1, 255),
        "case" => (3, 255),
        // A job may ask `success` and `failure` for jobs it names.
        "always" | "cancelled" => (0, 0),
        _ => return None,
    };
    let range = if least == most { least.to_string() } else { format!("{least} to {most}") };
    if count < least || count > most {
        return Some(format!("`{name}` takes {range} arguments, and is given {count}"));
    }
    let even = name.eq_ignore_ascii_case("case") && count.is_multiple_of(2);
    even.then(|| format!("`{name}` takes pairs of a condition and a value, then a default: add the default"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence_is_githubs() {
        let cases = [
            ("a || b && c", "a || (b && c)"),
            ("a && b == c", "a && (b == c)"),
            ("a == b < c", "a == (b < c)"),
            ("!a < b", "(!a) < b"),
            ("!a.b", "!(a.b)"),
            ("a < b < c", "(a < b) < c"),
            ("a == b != c", "(a == b) != c"),
            ("a.b[c.d]", "(a.b)[(c.d)]"),
            ("contains (a , b)", "contains(a,b)"),
        ];
        for (text, same) in cases {
            assert_eq!(parse(text), parse(same), "{text}");
        }
        assert_ne!(parse("(a || b) && c"), parse("a || b && c"));
    }

    #[test]
    fn what_github_refuses_is_an_error() {
        let cases = [
            ("", 0, "empty"),
            ("1 <", 3, "ends where a value"),
            ("1 < )", 4, "`)` stands where a value"),
            ("> 1", 0, "a value"),
            ("1 2", 2, "`2` stands where an operator"),
            ("(1,", 2, "`,` stands where `)`"),
            ("github.()", 7, "after `.`"),
            ("github.", 7, "after `.`"),
            ("'a'.b", 3, "an operator"),
            ("null[0]", 4, "an operator"),
            ("a[]", 2, "a value"),
            ("a[b", 3, "ends where `]`"),
            ("f(a,)", 4, "a value"),
            ("a ! b", 2, "an operator"),
            ("*", 0, "a value"),
            ("a b", 2, "`b` stands where"),
            ("a 'b'", 2, "`'…'` stands where"),
            ("true()", 4, "`(` stands where"),
            ("contains(a)", 0, "takes 2 arguments, and is given 1"),
            ("x && JOIN()", 5, "takes 1 to 2 arguments"),
            ("always(1)", 0, "takes 0 arguments"),
            ("case(true, 1, false, 2)", 0, "add the default"),
        ];
        for (text, offset, message) in cases {
            let error = parse(text).expect_err(text);
            assert!(error.offset == offset && error.message.contains(message), "{text}: {error:?}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded_where_github_bounds_them() {
        let deep = |depth: usize| {
            [
                format!("{}x", "!".repeat(depth - 1)),
                format!("x{}", ".y".repeat(depth - 1)),
                format!("x{}", "[*]".repeat(depth - 1)),
                format!("{}x{}", "toJSON(".repeat(depth - 1), ")".repeat(depth - 1)),
                format!("{}x{}", "x[".repeat(depth - 1), "]".repeat(depth - 1)),
                format!("1{}", " == 1".repeat(depth - 1)),
                format!("{}x{}", "(".repeat(depth - 1), ")".repeat(depth - 1)),
            ]
        };
        for text in deep(MAX_DEPTH) {
            assert!(parse(&text).is_ok(), "{text}");
        }
        for text in deep(MAX_DEPTH + 1).into_iter().chain(deep(5_000)) {
            let error = parse(&text).expect_err(&text);
            assert!(error.message.contains("nests deeper than 50"), "{error}");
        }
        assert!(parse(&format!("x{}", " && x".repeat(5_000))).is_ok());
        assert!(parse(&format!("'{}'", "x".repeat(MAX_LENGTH - 2))).is_ok());
        assert!(parse(&format!("'{}'", "x".repeat(MAX_LENGTH - 1))).is_err());
    }
}
