//! From text to a filter.

use serde_json::Value as Json;

use super::Filter;

/// Deeper than this nothing is read.
const DEEPEST: usize = 40;

/// A filter being read.
pub(super) struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    /// At the beginning of `filter`.
    pub(super) fn new(filter: &'t str) -> Self {
        Self { text: filter.as_bytes(), at: 0, depth: 0 }
    }

    /// All of it; none where it is not understood.
    pub(super) fn whole(mut self) -> Option<Filter> {
        let filter = self.pipe()?;
        self.blanks();
        (self.at == self.text.len()).then_some(filter)
    }

    fn blanks(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn take(&mut self, token: &str) -> bool {
        self.blanks();
        let there = self.text[self.at..].starts_with(token.as_bytes());
        if there {
            self.at += token.len();
        }
        there
    }

    fn word(&mut self) -> Option<String> {
        self.blanks();
        let is = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let rest = &self.text[self.at..];
        rest.first().filter(|b| b.is_ascii_alphabetic() || **b == b'_')?;
        let end = rest.iter().position(|b| !is(b)).unwrap_or(rest.len());
        let word = String::from_utf8_lossy(&rest[..end]).into_owned();
        self.at += end;
        Some(word)
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        let from = self.at;
        if self.word().as_deref() == Some(keyword) {
            return true;
        }
        self.at = from;
        false
    }

    fn pipe(&mut self) -> Option<Filter> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut left = self.comma()?;
        while !self.ahead("|=") && self.take("|") {
            left = Filter::Pipe(Box::new(left), Box::new(self.comma()?));
        }
        self.depth -= 1;
        Some(left)
    }

    fn ahead(&mut self, token: &str) -> bool {
        self.blanks();
        self.text[self.at..].starts_with(token.as_bytes())
    }

    fn comma(&mut self) -> Option<Filter> {
        let mut left = self.alternative()?;
        while self.take(",") {
            left = Filter::Comma(Box::new(left), Box::new(self.alternative()?));
        }
        Some(left)
    }

    fn alternative(&mut self) -> Option<Filter> {
        let left = self.or()?;
        if self.take("//") {
            return Some(Filter::Alternative(Box::new(left), Box::new(self.alternative()?)));
        }
        Some(left)
    }

    fn or(&mut self) -> Option<Filter> {
        let mut left = self.and()?;
        while self.keyword("or") {
            left = Filter::Both(true, Box::new(left), Box::new(self.and()?));
        }
        Some(left)
    }

    fn and(&mut self) -> Option<Filter> {
        let mut left = self.comparison()?;
        while self.keyword("and") {
            left = Filter::Both(false, Box::new(left), Box::new(self.comparison()?));
        }
        Some(left)
    }

    fn comparison(&mut self) -> Option<Filter> {
        let left = self.postfix()?;
        for operator in ["==", "!=", "<=", ">=", "<", ">"] {
            if self.take(operator) {
                return Some(Filter::Compare(operator.to_owned(), Box::new(left), Box::new(self.postfix()?)));
            }
        }
        Some(left)
    }

    fn postfix(&mut self) -> Option<Filter> {
        let mut filter = self.primary()?;
        loop {
            if self.text.get(self.at) == Some(&b'?') {
                self.at += 1;
                filter = Filter::Try(Box::new(filter));
            } else if self.text.get(self.at) == Some(&b'[') {
                self.at += 1;
                filter = self.bracket(filter)?;
            } else if self.text.get(self.at) == Some(&b'.') {
                self.at += 1;
                if self.text.get(self.at) == Some(&b'[') {
                    continue;
                }
                filter = Filter::Field(Box::new(filter), self.field()?);
            } else {
                return Some(filter);
            }
        }
    }

    fn bracket(&mut self, of: Filter) -> Option<Filter> {
        let filter = if self.take("]") {
            return Some(Filter::Each(Box::new(of)));
        } else if self.ahead("\"") {
            Filter::Field(Box::new(of), self.string()?)
        } else {
            let number = self.number()?;
            Filter::Index(Box::new(of), number as i64)
        };
        self.take("]").then_some(filter)
    }

    fn field(&mut self) -> Option<String> {
        if self.text.get(self.at) == Some(&b'"') { self.string() } else { self.word() }
    }

    fn primary(&mut self) -> Option<Filter> {
        self.blanks();
        match self.text.get(self.at)? {
            b'.' => {
                self.at += 1;
                match self.text.get(self.at) {
                    Some(b) if b.is_ascii_alphabetic() || *b == b'_' || *b == b'"' => {
                        Some(Filter::Field(Box::new(Filter::Identity), self.field()?))
                    }
                    Some(b'.') => None,
                    _ => Some(Filter::Identity),
                }
            }
            b'(' => {
                self.at += 1;
                let inner = self.pipe()?;
                self.take(")").then_some(inner)
            }
            b'[' => {
                self.at += 1;
                if self.take("]") {
                    return Some(Filter::Collect(None));
                }
                let inner = self.pipe()?;
                self.take("]").then(|| Filter::Collect(Some(Box::new(inner))))
            }
            b'"' => Some(Filter::Literal(Json::String(self.string()?))),
            b'0'..=b'9' | b'-' => {
                let number = self.number()?;
                let whole = number.fract() == 0.0;
                Some(Filter::Literal(if whole { Json::from(number as i64) } else { Json::from(number) }))
            }
            _ => {
                let name = self.word()?;
                match name.as_str() {
                    "null" => return Some(Filter::Literal(Json::Null)),
                    "true" => return Some(Filter::Literal(Json::Bool(true))),
                    "false" => return Some(Filter::Literal(Json::Bool(false))),
                    "if" | "def" | "reduce" | "foreach" | "try" | "label" | "import" => return None,
                    _ => {}
                }
                if self.take("(") {
                    let inner = self.pipe()?;
                    return self.take(")").then(|| Filter::Call(name, Some(Box::new(inner))));
                }
                Some(Filter::Call(name, None))
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let from = self.at + 1;
        let end = self.text[from..].iter().position(|b| *b == b'"' || *b == b'\\')? + from;
        if self.text[end] == b'\\' {
            return None;
        }
        self.at = end + 1;
        Some(String::from_utf8_lossy(&self.text[from..end]).into_owned())
    }

    fn number(&mut self) -> Option<f64> {
        self.blanks();
        let rest = &self.text[self.at..];
        let end = rest.iter().position(|b| !b.is_ascii_digit() && *b != b'.' && *b != b'-').unwrap_or(rest.len());
        let number = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
        self.at += end;
        Some(number)
    }
}
