//! The language of queries, and of schemas: words, types, values, selections.

use std::fmt;

use serde_json::{Value, json};

use super::Wrong;

/// How deep selections and values may be nested.
const DEPTH: usize = 32;

/// A place in a query, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Position {
    pub(super) fn shown(self) -> Value {
        json!({ "line": self.line, "column": self.column })
    }
}

pub(super) struct Document {
    pub(super) operations: Vec<Operation>,
}

pub(super) struct Operation {
    pub(super) name: Option<String>,
    pub(super) variables: Vec<Variable>,
    pub(super) selection: Vec<Selection>,
}

/// A variable as an operation declares it.
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) kind: Type,
    pub(super) usual: Option<Literal>,
    pub(super) at: Position,
}

pub(super) enum Selection {
    Field(Field),
    /// `... on Type { }`
    Inline {
        on: String,
        selection: Vec<Self>,
        at: Position,
    },
}

pub(super) struct Field {
    pub(super) alias: Option<String>,
    pub(super) name: String,
    pub(super) arguments: Vec<(String, Literal)>,
    /// `None` where there are no braces.
    pub(super) selection: Option<Vec<Selection>>,
    pub(super) at: Position,
}

impl Field {
    /// The name by which it is answered.
    pub(super) fn key(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

/// A value in a query.
#[derive(Debug, Clone)]
pub(super) enum Literal {
    Variable(String),
    /// A number, a text, a flag, null.
    Plain(Value),
    Word(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

/// A type as it is written: `[String!]!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Type {
    Named(String),
    List(Box<Self>),
    Required(Box<Self>),
}

impl Type {
    /// The type without the demand that it is not null, and whether there was one.
    pub(super) fn bare(&self) -> (&Self, bool) {
        if let Self::Required(inner) = self { (inner, true) } else { (self, false) }
    }

    /// The name inside lists and demands.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::List(inner) | Self::Required(inner) => inner.name(),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::List(inner) => write!(f, "[{inner}]"),
            Self::Required(inner) => write!(f, "{inner}!"),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    /// A number or a text.
    Value(Value),
    /// One of `{}()[]:$!=|@&`, or `…` for three dots.
    Sign(char),
    End,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "IDENTIFIER (\"{name}\")"),
            Self::Value(value) => write!(f, "{value}"),
            Self::Sign(sign) => write!(f, "\"{sign}\""),
            Self::End => f.write_str("the end"),
        }
    }
}

/// Reads tokens one after the other.
pub(super) struct Reader {
    tokens: Vec<(Token, Position)>,
    next: usize,
    depth: usize,
}

/// A query.
pub(super) fn document(text: &str) -> Result<Document, Wrong> {
    let mut reader = Reader::new(text)?;
    let mut operations = Vec::new();
    while *reader.peek() != Token::End {
        operations.push(reader.operation()?);
    }
    if operations.is_empty() { Err(reader.unexpected("a query")) } else { Ok(Document { operations }) }
}

impl Reader {
    pub(super) fn new(text: &str) -> Result<Self, Wrong> {
        Ok(Self { tokens: super::lex::tokens(text)?, next: 0, depth: 0 })
    }

    pub(super) fn peek(&self) -> &Token {
        self.tokens.get(self.next).map_or(&Token::End, |(token, _)| token)
    }

    fn at(&self) -> Position {
        self.tokens.get(self.next).or(self.tokens.last()).map_or(Position { line: 1, column: 1 }, |(_, at)| *at)
    }

    pub(super) fn unexpected(&self, wanted: &str) -> Wrong {
        let message = format!("Parse error: expected {wanted}, actual: {}", self.peek());
        Wrong::new("parse", message, self.at())
    }

    /// Takes a sign if it is next.
    pub(super) fn takes(&mut self, sign: char) -> bool {
        let found = *self.peek() == Token::Sign(sign);
        self.next += usize::from(found);
        found
    }

    pub(super) fn sign(&mut self, sign: char) -> Result<(), Wrong> {
        if self.takes(sign) { Ok(()) } else { Err(self.unexpected(&format!("\"{sign}\""))) }
    }

    pub(super) fn name(&mut self) -> Result<String, Wrong> {
        let Token::Name(name) = self.peek() else { return Err(self.unexpected("a name")) };
        let name = name.clone();
        self.next += 1;
        Ok(name)
    }

    /// What `read` reads, one level deeper.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Wrong>) -> Result<T, Wrong> {
        if self.depth == DEPTH {
            return Err(Wrong::new("depth", format!("Query is nested deeper than {DEPTH} levels"), self.at()));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// Everything that `read` reads up to `end`, once at least.
    pub(super) fn many<T>(
        &mut self,
        end: char,
        mut read: impl FnMut(&mut Self) -> Result<T, Wrong>,
    ) -> Result<Vec<T>, Wrong> {
        let mut all = vec![read(self)?];
        while !self.takes(end) {
            all.push(read(self)?);
        }
        Ok(all)
    }

    fn operation(&mut self) -> Result<Operation, Wrong> {
        if *self.peek() == Token::Sign('{') {
            return Ok(Operation { name: None, variables: Vec::new(), selection: self.selection()? });
        }
        let at = self.at();
        match self.name()?.as_str() {
            "query" => {}
            word => return Err(Wrong::new("parse", format!("this server answers queries alone, no `{word}`"), at)),
        }
        let name = if matches!(self.peek(), Token::Name(_)) { Some(self.name()?) } else { None };
        let variables = if self.takes('(') { self.many(')', Self::variable)? } else { Vec::new() };
        Ok(Operation { name, variables, selection: self.selection()? })
    }

    fn variable(&mut self) -> Result<Variable, Wrong> {
        let at = self.at();
        self.sign('$')?;
        let name = self.name()?;
        self.sign(':')?;
        let kind = self.kind()?;
        let usual = if self.takes('=') { Some(self.literal()?) } else { None };
        Ok(Variable { name, kind, usual, at })
    }

    pub(super) fn kind(&mut self) -> Result<Type, Wrong> {
        let kind = if self.takes('[') {
            let inner = self.deeper(Self::kind)?;
            self.sign(']')?;
            Type::List(Box::new(inner))
        } else {
            Type::Named(self.name()?)
        };
        Ok(if self.takes('!') { Type::Required(Box::new(kind)) } else { kind })
    }

    fn selection(&mut self) -> Result<Vec<Selection>, Wrong> {
        self.sign('{')?;
        self.deeper(|reader| reader.many('}', Self::selected))
    }

    fn selected(&mut self) -> Result<Selection, Wrong> {
        let at = self.at();
        if self.takes('…') {
            return match self.name()?.as_str() {
                "on" => Ok(Selection::Inline { on: self.name()?, selection: self.selection()?, at }),
                name => Err(Wrong::new("parse", format!("this server knows no named fragments, no `...{name}`"), at)),
            };
        }
        let first = self.name()?;
        let (alias, name) = if self.takes(':') { (Some(first), self.name()?) } else { (None, first) };
        let arguments = if self.takes('(') { self.many(')', Self::argument)? } else { Vec::new() };
        let selection = if *self.peek() == Token::Sign('{') { Some(self.selection()?) } else { None };
        Ok(Selection::Field(Field { alias, name, arguments, selection, at }))
    }

    fn argument(&mut self) -> Result<(String, Literal), Wrong> {
        let name = self.name()?;
        self.sign(':')?;
        Ok((name, self.literal()?))
    }

    fn literal(&mut self) -> Result<Literal, Wrong> {
        if self.takes('$') {
            return Ok(Literal::Variable(self.name()?));
        }
        if self.takes('[') {
            let empty = self.takes(']');
            return Ok(Literal::List(if empty { Vec::new() } else { self.deeper(|r| r.many(']', Self::literal))? }));
        }
        if self.takes('{') {
            let empty = self.takes('}');
            return Ok(Literal::Object(if empty { Vec::new() } else { self.deeper(|r| r.many('}', Self::argument))? }));
        }
        let literal = match self.peek() {
            Token::Value(value) => Literal::Plain(value.clone()),
            Token::Name(name) => match name.as_str() {
                "true" => Literal::Plain(Value::Bool(true)),
                "false" => Literal::Plain(Value::Bool(false)),
                "null" => Literal::Plain(Value::Null),
                _ => Literal::Word(name.clone()),
            },
            _ => return Err(self.unexpected("a value")),
        };
        self.next += 1;
        Ok(literal)
    }
}
