//! An expression cut into tokens.

use super::{ExprError, number};

/// A token and where it starts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'a> {
    /// The token.
    pub(super) kind: Kind<'a>,
    /// Where, in bytes of the expression.
    pub(super) start: usize,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind<'a> {
    /// A name or a keyword.
    Name(&'a str),
    /// A number.
    Number(f64),
    /// A string, its quotes resolved.
    String(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// Operators and brackets, the longer first.
const SIGNS: [&str; 16] = ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", ".", "*"];

/// Every token of an expression.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, ExprError> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        if first.is_whitespace() {
            start += first.len_utf8();
            continue;
        }
        let rest = &text[start..];
        let is_number = match first {
            '0'..='9' | '+' | '-' => true,
            // Where a value is expected, a point begins a number.
            '.' => match tokens.last().map(|token| &token.kind) {
                None => true,
                Some(Kind::Sign(sign)) => !matches!(*sign, ")" | "]" | "*" | "."),
                Some(_) => false,
            },
            _ => false,
        };
        let (kind, length) = if first == '\'' {
            string(rest).ok_or_else(|| ExprError::new(start, "the string is not closed: end it with `'`"))?
        } else if is_number {
            let word = word(rest, true);
            let number = number::read(word);
            if number.is_nan() {
                return Err(ExprError::new(start, format!("`{}` is not a number: {}", shown(word), hint(first))));
            }
            (Kind::Number(number), word.len())
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            (Kind::Sign(sign), sign.len())
        } else {
            let word = word(rest, false);
            if !is_name(word) {
                return Err(ExprError::new(start, unexpected(word)));
            }
            (Kind::Name(word), word.len())
        };
        tokens.push(Token { kind, start });
        start += length;
    }
    Ok(tokens)
}

/// A string literal at the start of a text, and its length.
fn string(text: &str) -> Option<(Kind<'_>, usize)> {
    let mut value = String::new();
    let mut at = 1;
    loop {
        let end = at + text[at..].find('\'')?;
        value.push_str(&text[at..end]);
        if !text[end + 1..].starts_with('\'') {
            return Some((Kind::String(value), end + 1));
        }
        value.push('\'');
        at = end + 2;
    }
}

/// What stands up to the next sign or space, at least a character; points belong to numbers.
fn word(text: &str, points: bool) -> &str {
    let ends = |character: char| match character {
        '.' => !points,
        _ => "()[],!<>=&|".contains(character) || character.is_whitespace(),
    };
    let end = text.char_indices().skip(1).find(|(_, character)| ends(*character)).map_or(text.len(), |(end, _)| end);
    &text[..end]
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn unexpected(word: &str) -> String {
    let word = shown(word);
    match word.chars().next() {
        Some('"') => format!("`{word}`: strings stand between single quotes, write `'…'`"),
        Some('=') => format!("`{word}` is not an operator: write `==`"),
        Some('&') => format!("`{word}` is not an operator: write `&&`"),
        Some('|') => format!("`{word}` is not an operator: write `||`"),
        Some('$') => format!("`{word}` inside an expression: remove `${{{{` and `}}}}`"),
        _ => format!("`{word}` is not a name: names consist of letters, digits, `-` and `_`"),
    }
}

fn hint(first: char) -> &'static str {
    match first {
        '+' | '-' => "expressions cannot add or subtract",
        _ => "write digits, or put a string between single quotes",
    }
}

/// As much of a word as a message shows.
fn shown(word: &str) -> &str {
    let end = word.char_indices().nth(40).map_or(word.len(), |(end, _)| end);
    &word[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_where_github_cuts() {
        let kinds = |text| tokens(text).map(|tokens| tokens.into_iter().map(|token| token.kind).collect::<Vec<_>>());
        let cases = [
            ("  ", vec![]),
            ("a.b-c", vec![Kind::Name("a"), Kind::Sign("."), Kind::Name("b-c")]),
            (".5", vec![Kind::Number(0.5)]),
            ("!.5", vec![Kind::Sign("!"), Kind::Number(0.5)]),
            ("1<=-2", vec![Kind::Number(1.0), Kind::Sign("<="), Kind::Number(-2.0)]),
            ("a[*]", vec![Kind::Name("a"), Kind::Sign("["), Kind::Sign("*"), Kind::Sign("]")]),
            ("'it''s'", vec![Kind::String("it's".to_owned())]),
            ("''''", vec![Kind::String("'".to_owned())]),
            ("'é}}'!='b'", vec![Kind::String("é}}".to_owned()), Kind::Sign("!="), Kind::String("b".to_owned())]),
            ("Infinity", vec![Kind::Name("Infinity")]),
            ("-Infinity", vec![Kind::Number(f64::NEG_INFINITY)]),
        ];
        for (text, expected) in cases {
            assert_eq!(kinds(text).as_ref(), Ok(&expected), "{text}");
        }
    }

    #[test]
    fn says_where_and_what_to_write() {
        let cases = [
            ("a == \"b\"", 5, "single quotes"),
            ("a = 'b'", 2, "write `==`"),
            ("a & b", 2, "write `&&`"),
            ("a | b", 2, "write `||`"),
            ("a == 'b", 5, "not closed"),
            ("1 - x", 2, "cannot add or subtract"),
            ("1.2.3", 0, "not a number"),
            ("0xfz", 0, "not a number"),
            ("a.ü", 2, "not a name"),
            ("${{ a }}", 0, "remove `${{`"),
            ("a/b", 0, "not a name"),
        ];
        for (text, offset, message) in cases {
            let error = tokens(text).expect_err(text);
            assert!(error.offset == offset && error.message.contains(message), "{text}: {error:?}");
        }
    }
}
