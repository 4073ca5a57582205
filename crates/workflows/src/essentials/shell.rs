//! A script of a step as simple commands: enough to see what is fetched, run and written, no shell.

mod words;

use std::ops::Range;

pub(crate) use words::{mentions, plain};

/// How many `$(…)` may lie inside each other.
const DEEPEST: usize = 5;

/// One simple command.
#[derive(Clone, Debug, Default)]
pub(crate) struct Command {
    /// Its words as they are written, quotes and placeholders included; keywords and assignments before it left out.
    pub(crate) words: Vec<Word>,
    /// The files that take its output: `> file`, `>> file`, `&> file`.
    pub(crate) outputs: Vec<Word>,
    /// The text it reads from a here-document, and whether variables in it are left alone.
    pub(crate) here: Option<(Range<usize>, bool)>,
    /// Its output goes to the next command.
    pub(crate) piped: bool,
}

/// A word and where it stands in the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// As it is written.
    pub(crate) raw: String,
    /// In bytes of the script.
    pub(crate) start: usize,
}

impl Command {
    /// The name without folders, quotes removed.
    pub(crate) fn name(&self) -> String {
        let name = self.words.first().map(|word| plain(&word.raw)).unwrap_or_default();
        name.rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// The words after the name, quotes removed.
    pub(crate) fn arguments(&self) -> Vec<String> {
        self.words.iter().skip(1).map(|word| plain(&word.raw)).collect()
    }

    /// From the first word to the end of the last.
    pub(crate) fn range(&self) -> Range<usize> {
        let end = self.words.last().map_or(0, |word| word.start + word.raw.len());
        self.words.first().map_or(end, |word| word.start)..end
    }
}

/// The commands of `script` in their order; those in `$(…)` stand before the one that takes their output.
pub(crate) fn commands(script: &str) -> Vec<Command> {
    let mut reader = Reader::new(script, 0..script.len(), 0);
    reader.read();
    reader.commands
}

/// Words that stand before a command and are none.
const BEFORE: &[&str] = &[
    "if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "fi", "done", "time", "sudo", "exec",
    "command", "nohup",
];

struct Reader<'a> {
    script: &'a str,
    at: usize,
    end: usize,
    depth: usize,
    commands: Vec<Command>,
    current: Command,
    /// Here-documents that begin at the next line: the command, the word that ends it, whether tabs are left out.
    waiting: Vec<Waiting>,
}

struct Waiting {
    command: usize,
    delimiter: String,
    tabs: bool,
    quoted: bool,
}

impl<'a> Reader<'a> {
    fn new(script: &'a str, part: Range<usize>, depth: usize) -> Self {
        let current = Command::default();
        Self { script, at: part.start, end: part.end, depth, commands: Vec::new(), current, waiting: Vec::new() }
    }

    fn rest(&self) -> &'a str {
        self.script.get(self.at..self.end).unwrap_or_default()
    }

    fn read(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            match c {
                '\n' => {
                    self.at += 1;
                    self.finish(false);
                    self.here_documents();
                }
                c if c.is_whitespace() => self.at += c.len_utf8(),
                '\\' if self.rest().starts_with("\\\n") => self.at += 2,
                '#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                '&' if self.rest().starts_with("&>") => self.redirect(),
                ';' | '&' | '(' | ')' => {
                    self.at += 1;
                    self.finish(false);
                }
                '|' => {
                    let or = self.rest().starts_with("||");
                    self.at += if or || self.rest().starts_with("|&") { 2 } else { 1 };
                    self.finish(!or);
                }
                '<' | '>' => self.redirect(),
                _ => self.word(),
            }
        }
        self.finish(false);
    }

    /// One word, which may be the number before a redirection.
    fn word(&mut self) {
        let word = self.take();
        if word.raw.is_empty() {
            // Never so, but reading must go on.
            self.at = self.end;
        }
        let number = word.raw.bytes().all(|b| b.is_ascii_digit());
        if number && self.rest().starts_with(['<', '>']) {
            let standard = word.raw == "1";
            let kept = self.current.outputs.len();
            self.redirect();
            if !standard {
                self.current.outputs.truncate(kept);
            }
        } else if !self.current.words.is_empty() || !(BEFORE.contains(&word.raw.as_str()) || is_assignment(&word.raw)) {
            self.current.words.push(word);
        }
    }

    fn redirect(&mut self) {
        let rest = self.rest();
        let signs = ["<<<", "<<-", "<<", "<(", ">(", "<&", ">&", "&>>", "&>", ">>", ">|", "<>", "<", ">"];
        let Some(sign) = signs.into_iter().find(|sign| rest.starts_with(sign)) else {
            self.at += 1;
            return;
        };
        self.at += sign.len();
        if sign.ends_with('(') {
            return;
        }
        let blanks = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        self.at += blanks;
        let word = self.take();
        match sign {
            "<<" | "<<-" => self.waiting.push(Waiting {
                command: self.commands.len(),
                delimiter: plain(&word.raw),
                tabs: sign == "<<-",
                quoted: word.raw.contains(['\'', '"', '\\']),
            }),
            ">" | ">>" | ">|" | "&>" | "&>>" if !word.raw.is_empty() => self.current.outputs.push(word),
            _ => {}
        }
    }

    fn finish(&mut self, piped: bool) {
        let mut command = std::mem::take(&mut self.current);
        command.piped = piped;
        let waits = self.waiting.iter().any(|here| here.command == self.commands.len());
        if !command.words.is_empty() || !command.outputs.is_empty() || waits {
            self.commands.push(command);
        }
    }

    fn here_documents(&mut self) {
        for here in std::mem::take(&mut self.waiting) {
            let start = self.at;
            let mut end = self.end;
            let mut at = start;
            while at < self.end {
                let rest = self.script.get(at..self.end).unwrap_or_default();
                let line = rest.split('\n').next().unwrap_or_default();
                let bare = if here.tabs { line.trim_start_matches('\t') } else { line };
                let next = (at + line.len() + 1).min(self.end);
                if bare.trim_end_matches('\r') == here.delimiter {
                    end = at;
                    at = next;
                    break;
                }
                at = next;
            }
            self.at = at;
            if let Some(command) = self.commands.get_mut(here.command) {
                command.here = Some((start..end, here.quoted));
            }
        }
    }

    /// The word that begins here, read to its end.
    fn take(&mut self) -> Word {
        let start = self.at;
        let length = words::length(self.rest(), |inner| {
            if self.depth < DEEPEST {
                let part = start + inner.start..start + inner.end;
                let mut reader = Reader::new(self.script, part, self.depth + 1);
                reader.read();
                // The command that is being read comes after those within it.
                let number = self.commands.len();
                self.commands.extend(reader.commands);
                for here in self.waiting.iter_mut().filter(|here| here.command == number) {
                    here.command = self.commands.len();
                }
            }
        });
        self.at += length;
        Word { raw: self.script.get(start..self.at).unwrap_or_default().to_owned(), start }
    }
}

fn is_assignment(word: &str) -> bool {
    let name = word.split('=').next().unwrap_or_default().trim_end_matches('+');
    let names = |c: char| c.is_ascii_alphanumeric() || c == '_';
    word.contains('=') && !name.is_empty() && name.chars().all(names) && !name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests;
