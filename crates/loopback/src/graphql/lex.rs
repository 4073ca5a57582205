//! The words of a query.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::Value;

use super::Wrong;
use super::parse::{Position, Token};

/// Letters that are left, and where they are.
struct Letters<'a> {
    rest: Peekable<Chars<'a>>,
    at: Position,
}

impl Letters<'_> {
    fn next(&mut self) -> Option<char> {
        let letter = self.rest.next()?;
        match letter {
            '\n' => self.at = Position { line: self.at.line + 1, column: 1 },
            _ => self.at.column += 1,
        }
        Some(letter)
    }

    fn word(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let mut word = String::new();
        while let Some(letter) = self.rest.peek().copied().filter(|letter| belongs(*letter)) {
            word.push(letter);
            self.next();
        }
        word
    }
}

/// The tokens of `text`, each with its place.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Position)>, Wrong> {
    let mut letters = Letters { rest: text.chars().peekable(), at: Position { line: 1, column: 1 } };
    let mut tokens = Vec::new();
    while let Some(letter) = letters.rest.peek().copied() {
        let at = letters.at;
        let wrong = |message: String| Wrong::new("parse", message, at);
        let token = match letter {
            ' ' | '\t' | '\r' | '\n' | ',' | '\u{feff}' => {
                letters.next();
                continue;
            }
            '#' => {
                letters.word(|letter| letter != '\n');
                continue;
            }
            '{' | '}' | '(' | ')' | '[' | ']' | ':' | '$' | '!' | '=' => {
                letters.next();
                Token::Sign(letter)
            }
            '.' => match letters.word(|letter| letter == '.').as_str() {
                "..." => Token::Sign('…'),
                dots => return Err(wrong(format!("Parse error on \"{dots}\""))),
            },
            '"' => Token::Value(Value::String(string(&mut letters).ok_or_else(|| wrong(UNCLOSED.to_owned()))?)),
            '-' | '0'..='9' => {
                let word = letters.word(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
                Token::Value(serde_json::from_str(&word).map_err(|_| wrong(format!("Parse error on \"{word}\"")))?)
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                Token::Name(letters.word(|letter| letter.is_ascii_alphanumeric() || letter == '_'))
            }
            _ => return Err(wrong(format!("Parse error on {letter:?}"))),
        };
        tokens.push((token, at));
    }
    Ok(tokens)
}

const UNCLOSED: &str = "Parse error: a string has no end, or an escape in it is none";

/// A string between two quotes on one line, written as JSON writes it.
fn string(letters: &mut Letters<'_>) -> Option<String> {
    let mut written = String::new();
    loop {
        let letter = letters.next().filter(|letter| *letter != '\n')?;
        written.push(letter);
        match letter {
            '\\' => written.push(letters.next()?),
            '"' if written.len() > 1 => return serde_json::from_str(&written).ok(),
            _ => {}
        }
    }
}
