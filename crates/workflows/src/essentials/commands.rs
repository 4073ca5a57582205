//! A script as the simple commands in it, one after another: enough to see what is fetched, run and written, whatever
//! decides whether it is.

use std::ops::Range;

use crate::paths;
use crate::shell::ast::{Assignment, Block, Direction, Kind, Piece, Redirect, Statement, Word};
use crate::shell::{self, Parsed};

/// Programs that run the command behind them.
const WRAPPERS: &[&str] = &["command", "exec", "nohup", "sudo", "time"];

/// A script of a step.
pub(crate) struct Script<'a> {
    text: &'a str,
    parsed: Option<Parsed>,
}

/// One simple command.
pub(crate) struct Command<'a> {
    script: &'a Script<'a>,
    /// The program as it is named; empty where there are assignments or redirections alone.
    pub(crate) program: String,
    /// The words behind it.
    pub(crate) arguments: Vec<&'a Word>,
    /// Where its input comes from and its output goes.
    redirects: &'a [Redirect],
    /// From the program to the end of the last argument, in bytes of the script.
    pub(crate) at: Range<usize>,
    /// Its output goes to the next command.
    pub(crate) piped: bool,
}

impl<'a> Script<'a> {
    /// Reads `text`.
    pub(crate) fn of(text: &'a str) -> Self {
        Self { text, parsed: shell::parse(text) }
    }

    /// The commands in their order; those in `$(…)` stand before the one that takes their output.
    pub(crate) fn commands(&'a self) -> Vec<Command<'a>> {
        let mut walk = Walk::default();
        self.parsed.iter().for_each(|parsed| walk.block(&parsed.script.body, false));
        walk.simple.into_iter().map(|simple| self.command(simple)).collect()
    }

    fn command(&'a self, simple: Simple<'a>) -> Command<'a> {
        let Simple { declares, mut words, redirects, at, piped } = simple;
        let mut start = at.start;
        if declares.is_none() {
            let mut sudo = false;
            while let Some((word, rest)) = words.split_first().filter(|(_, rest)| !rest.is_empty()) {
                let text = self.plain(word);
                // Of `sudo -E A=1 make` it is `make`.
                if !WRAPPERS.contains(&text.as_str()) && !(sudo && (text.starts_with('-') || text.contains('='))) {
                    break;
                }
                (sudo, words) = (sudo || text == "sudo", rest);
            }
            start = words.first().map_or(start, |word| word.at.start);
        }
        let end = words.last().map_or(at.end, |word| word.at.end);
        let (program, arguments) = match (declares, words.split_first()) {
            (Some(name), _) => (name.to_owned(), words),
            (None, Some((name, arguments))) => (self.plain(name), arguments),
            (None, None) => (String::new(), words),
        };
        Command { script: self, program, arguments: arguments.iter().collect(), redirects, at: start..end, piped }
    }

    /// A word without its quotes and backslashes, its expansions left.
    fn plain(&self, word: &Word) -> String {
        let expressions = self.parsed.as_ref().map_or(&[][..], |parsed| &parsed.expressions);
        let mut text = String::new();
        for piece in &word.pieces {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Variable(name) => text.extend(["${", name, "}"]),
                Piece::Expression(index) => {
                    text.push_str(expressions.get(*index).map_or("", |at| self.source(at.clone())));
                }
                // What is not followed here, but is no plain text either.
                Piece::Expansion { .. } | Piece::Output(_) | Piece::Process(_) | Piece::Arithmetic(_) => {
                    text.push_str("$(…)");
                }
            }
        }
        text
    }

    fn source(&self, at: Range<usize>) -> &'a str {
        self.text.get(at).unwrap_or_default()
    }
}

impl<'a> Command<'a> {
    /// The program's name without folders.
    pub(crate) fn name(&self) -> &str {
        paths::base(&self.program)
    }

    /// A word of it without its quotes and backslashes, its expansions left.
    pub(crate) fn plain(&self, word: &Word) -> String {
        self.script.plain(word)
    }

    /// The arguments without quotes and backslashes.
    pub(crate) fn words(&self) -> Vec<String> {
        self.arguments.iter().map(|word| self.plain(word)).collect()
    }

    /// All of it as it is written.
    pub(crate) fn written(&self) -> &'a str {
        self.script.source(self.at.clone())
    }

    /// A word of it as it is written.
    pub(crate) fn source(&self, word: &Word) -> &'a str {
        self.script.source(word.at.clone())
    }

    /// The files that take its output.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = &'a Word> {
        let takes = |redirect: &&Redirect| {
            matches!(redirect.operator, Direction::Out | Direction::Append | Direction::Both)
                && matches!(redirect.descriptor, None | Some(1))
        };
        self.redirects.iter().filter(takes).map(|redirect| &redirect.target)
    }

    /// The texts that it reads from the script itself.
    pub(crate) fn given(&self) -> impl Iterator<Item = &'a Word> {
        use Direction::{HereDocument, HereString, QuotedHereDocument};
        let given = |redirect: &&Redirect| matches!(redirect.operator, HereDocument | HereString | QuotedHereDocument);
        self.redirects.iter().filter(given).map(|redirect| &redirect.target)
    }

    /// Where it reads a here-document in which the shell replaces nothing.
    pub(crate) fn quoted(&self) -> impl Iterator<Item = Range<usize>> {
        let quoted = |redirect: &&Redirect| redirect.operator == Direction::QuotedHereDocument;
        self.redirects.iter().filter(quoted).map(|redirect| redirect.target.at.clone())
    }
}

/// Whether the shell puts the variable `name` into `word`, or into a command whose output is in it.
pub(crate) fn mentions(word: &Word, name: &str) -> bool {
    let mut walk = Walk::default();
    walk.word(word);
    walk.words.iter().flat_map(|word| &word.pieces).any(|piece| match piece {
        Piece::Variable(variable) | Piece::Expansion { name: variable, .. } => variable == name,
        _ => false,
    })
}

/// A simple command as it is parsed.
struct Simple<'a> {
    declares: Option<&'a str>,
    words: &'a [Word],
    redirects: &'a [Redirect],
    at: Range<usize>,
    piped: bool,
}

/// What has been come by.
#[derive(Default)]
struct Walk<'a> {
    simple: Vec<Simple<'a>>,
    words: Vec<&'a Word>,
}

impl<'a> Walk<'a> {
    fn block(&mut self, block: &'a Block, piped: bool) {
        for (index, statement) in block.iter().enumerate() {
            self.statement(statement, piped && index + 1 == block.len());
        }
    }

    fn statement(&mut self, statement: &'a Statement, piped: bool) {
        match &statement.kind {
            Kind::Command(command) => {
                command.assignments.iter().for_each(|Assignment { value, .. }| self.word(value));
                command.words.iter().for_each(|word| self.word(word));
                let simple = Simple {
                    declares: command.declares.as_deref(),
                    words: &command.words,
                    redirects: &command.redirects,
                    at: statement.at.clone(),
                    piped,
                };
                self.led(simple);
            }
            Kind::Pipeline(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    self.statement(part, piped || index + 1 < parts.len());
                }
            }
            Kind::And(first, second) | Kind::Or(first, second) => {
                self.statement(first, false);
                self.statement(second, piped);
            }
            Kind::Not(inner) | Kind::Background(inner) => self.statement(inner, piped),
            Kind::Group(block) | Kind::Subshell(block) | Kind::Function { body: block, .. } => self.block(block, piped),
            Kind::If { arms, otherwise } => {
                for (condition, then) in arms {
                    self.block(condition, false);
                    self.block(then, false);
                }
                otherwise.iter().for_each(|block| self.block(block, piped));
            }
            Kind::Loop { condition, body, .. } => {
                self.block(condition, false);
                self.block(body, piped);
            }
            Kind::For { words, body, .. } => {
                words.iter().flatten().for_each(|word| self.word(word));
                self.block(body, piped);
            }
            Kind::Case { subject, arms } => {
                self.word(subject);
                for (patterns, body) in arms {
                    patterns.iter().for_each(|word| self.word(word));
                    self.block(body, false);
                }
            }
            Kind::Test { words, .. } => words.iter().for_each(|word| self.word(word)),
            Kind::Arithmetic(word) => self.word(word),
            Kind::Redirected(inner, redirects) => {
                self.led(Simple { declares: None, words: &[], redirects, at: statement.at.clone(), piped: false });
                self.statement(inner, piped);
            }
            Kind::Broken => {}
        }
    }

    /// A command, after what stands within its redirections.
    fn led(&mut self, simple: Simple<'a>) {
        simple.redirects.iter().for_each(|redirect| self.word(&redirect.target));
        if !simple.words.is_empty() || !simple.redirects.is_empty() || simple.declares.is_some() {
            self.simple.push(simple);
        }
    }

    fn word(&mut self, word: &'a Word) {
        self.words.push(word);
        for piece in &word.pieces {
            match piece {
                Piece::Expansion { word, .. } | Piece::Arithmetic(word) => self.word(word),
                Piece::Output(block) | Piece::Process(block) => self.block(block, false),
                Piece::Text(_) | Piece::Variable(_) | Piece::Expression(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests;
