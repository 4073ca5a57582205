//! Values that stand as they are in a configuration written in JavaScript or TypeScript: nothing is run.
//!
//! Of `coverageThreshold: { global: { lines: 80 } }` the value of `coverageThreshold` is found wherever it stands; what is worked
//! out (a call, a variable) is [`Literal::Other`].

/// A value as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    Number(f64),
    Bool(bool),
    List(Vec<Self>),
    Table(Vec<(String, Self)>),
    Other,
}

/// How deep lists and tables may be nested.
const DEEPEST: usize = 32;

impl Literal {
    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Table(pairs) = self else { return None };
        pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The texts of a list: each item, or the first of each item that is a list itself.
    pub(crate) fn texts(&self) -> Vec<&str> {
        let Self::List(items) = self else { return self.text().into_iter().collect() };
        items
            .iter()
            .filter_map(|item| if let Self::List(inner) = item { inner.first()?.text() } else { item.text() })
            .collect()
    }
}

/// The first value that `text` gives the key `key`.
pub(crate) fn value_of(text: &str, key: &str) -> Option<Literal> {
    let tokens = tokens(text);
    let named = |token: &Token| matches!(token, Token::Word(word) | Token::Text(word) if word == key);
    let at = tokens.windows(2).position(|pair| named(&pair[0]) && pair[1] == Token::Sign(':'))?;
    let mut reader = Reader { tokens: &tokens, at: at + 2 };
    Some(reader.value(0))
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Number(f64),
    Sign(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = &text.as_bytes()[at..];
        match byte {
            b'/' if rest.starts_with(b"//") => at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with(b"/*") => {
                at += rest.windows(2).skip(2).position(|two| two == b"*/").map_or(rest.len(), |end| end + 4);
            }
            b'"' | b'\'' | b'`' => {
                let (value, length) = string(&text[at + 1..], char::from(*byte));
                tokens.push(if *byte == b'`' && value.contains("${") { Token::Sign('`') } else { Token::Text(value) });
                at += 1 + length;
            }
            b'0'..=b'9' | b'-' => {
                let length =
                    1 + rest[1..].iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b'_')).count();
                let digits = text[at..at + length].replace('_', "");
                tokens.push(digits.parse().map_or(Token::Sign('-'), Token::Number));
                at += length;
            }
            b if b.is_ascii_alphabetic() || matches!(b, b'_' | b'$') => {
                let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$');
                let length = rest.iter().take_while(|b| word(b)).count();
                tokens.push(Token::Word(text[at..at + length].to_owned()));
                at += length;
            }
            b if b.is_ascii_whitespace() => at += 1,
            b if b.is_ascii() => {
                tokens.push(Token::Sign(char::from(*b)));
                at += 1;
            }
            // A character of several bytes outside a string means nothing here.
            _ => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    tokens
}

/// The string that `text` begins with, up to `quote`, and how many bytes it takes with its quote.
fn string(text: &str, quote: char) -> (String, usize) {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            letter if letter == quote => return (value, at + letter.len_utf8()),
            letter => value.push(letter),
        }
    }
    (value, text.len())
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn is(&self, sign: char) -> bool {
        self.peek() == Some(&Token::Sign(sign))
    }

    fn value(&mut self, depth: usize) -> Literal {
        let value = match self.peek().cloned() {
            Some(Token::Text(text)) => Literal::Text(text),
            Some(Token::Number(number)) => Literal::Number(number),
            Some(Token::Word(word)) if word == "true" || word == "false" => Literal::Bool(word == "true"),
            Some(Token::Sign('[')) if depth < DEEPEST => return self.list(depth),
            Some(Token::Sign('{')) if depth < DEEPEST => return self.table(depth),
            _ => return self.other(),
        };
        self.at += 1;
        // `'a' + b`, `80 * n`: worked out.
        if self.ends() { value } else { self.other() }
    }

    /// Whether what was read ends here.
    fn ends(&self) -> bool {
        match self.peek() {
            None | Some(Token::Sign(',' | ']' | '}' | ')' | ';')) => true,
            Some(Token::Word(word)) => word == "as" || word == "satisfies",
            Some(_) => false,
        }
    }

    /// Passes over what is no literal, up to the sign that ends it.
    fn other(&mut self) -> Literal {
        let mut open = 0_usize;
        while let Some(token) = self.peek() {
            match token {
                Token::Sign('(' | '[' | '{') => open += 1,
                Token::Sign(')' | ']' | '}') if open == 0 => break,
                Token::Sign(')' | ']' | '}') => open -= 1,
                Token::Sign(',' | ';') if open == 0 => break,
                _ => {}
            }
            self.at += 1;
        }
        Literal::Other
    }

    fn list(&mut self, depth: usize) -> Literal {
        self.at += 1;
        let mut items = Vec::new();
        while self.peek().is_some() && !self.is(']') {
            items.push(self.value(depth + 1));
            if !self.is(',') {
                self.other();
            }
            self.at += usize::from(!self.is(']'));
        }
        self.at += 1;
        Literal::List(items)
    }

    fn table(&mut self, depth: usize) -> Literal {
        self.at += 1;
        let mut pairs = Vec::new();
        while self.peek().is_some() && !self.is('}') {
            let key = match self.peek() {
                Some(Token::Word(word) | Token::Text(word)) => Some(word.clone()),
                Some(Token::Number(number)) => Some(number.to_string()),
                _ => None,
            };
            match (key, self.tokens.get(self.at + 1)) {
                (Some(key), Some(Token::Sign(':'))) => {
                    self.at += 2;
                    pairs.push((key, self.value(depth + 1)));
                    if !self.is(',') {
                        self.other();
                    }
                }
                _ => _ = self.other(),
            }
            self.at += usize::from(!self.is('}'));
        }
        self.at += 1;
        Literal::Table(pairs)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const JEST: &str = r#"
        // coverageDirectory: 'commented-out',
        /* coverageDirectory: 'too' */
        const custom = {
          testMatch: ['**/__tests__/**/*.(js|ts)', '!**/*.d.ts'],
          coverageDirectory: 'out/coverage', // here
          coverageReporters: ['text', ['lcov', { projectRoot: '..' }], "json"],
          coverageThreshold: { global: { lines: 70, branches: -3, functions: 6_5.5, statements: limit }, './a/': { lines: 1 } },
          dir: path.join(__dirname, 'x'),
          sum: 80 + extra,
          flag: true as const,
          pick(a, b) { return { lines: 2 }; },
          last: 1
        }
        export default create(custom)"#;

    #[test]
    fn literals_are_read_where_they_stand() {
        assert_eq!(value_of(JEST, "coverageDirectory").unwrap().text(), Some("out/coverage"));
        assert_eq!(value_of(JEST, "coverageReporters").unwrap().texts(), ["text", "lcov", "json"]);
        let global = value_of(JEST, "coverageThreshold").unwrap().get("global").cloned().unwrap();
        let number = |key: &str| global.get(key).and_then(Literal::number);
        assert_eq!(
            [number("lines"), number("branches"), number("functions"), number("statements")],
            [Some(70.0), Some(-3.0), Some(65.5), None]
        );
        assert_eq!(value_of(JEST, "dir"), Some(Literal::Other));
        assert_eq!(value_of(JEST, "sum"), Some(Literal::Other));
        assert_eq!(value_of(JEST, "flag"), Some(Literal::Bool(true)));
        assert_eq!(value_of(JEST, "last").unwrap().number(), Some(1.0));
        assert_eq!(value_of(JEST, "projectRoot").unwrap().text(), Some(".."));
        assert_eq!(value_of(JEST, "gone"), None);
    }

    #[test]
    fn deep_nesting_ends() {
        let deep = format!("key: {}1", "[".repeat(100_000));
        assert!(matches!(value_of(&deep, "key"), Some(Literal::List(_))));
    }

    proptest! {
        #[test]
        fn any_text_comes_to_an_end(text in r#"(key|[:,{}\[\]()'"`/*\\ \n0-9a-zé.$-]){0,80}"#) {
            let _ = value_of(&text, "key");
        }
    }
}
