//! What the command has to say, and how it is said.

use tollgate_render::escape;

/// Most errors, most warnings and most notices of a step that the host keeps.
pub(crate) const KEPT: usize = 10;

/// What is to be printed, as it is: lines of text for people are escaped already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// For standard output: commands to GitHub Actions.
    pub out: String,
    /// For standard error: sentences.
    pub words: String,
}

/// Says things: in a workflow as commands that GitHub shows beside the run, else as sentences.
pub(crate) struct Reporter<'o> {
    output: &'o mut Output,
    commands: bool,
    errors: usize,
    warnings: usize,
    notices: usize,
}

impl<'o> Reporter<'o> {
    pub(crate) fn new(output: &'o mut Output, commands: bool) -> Self {
        Self { output, commands, errors: 0, warnings: 0, notices: 0 }
    }

    /// What was done.
    pub(crate) fn done(&mut self, text: &str) {
        self.output.words.push_str(&format!("{}\n", escape::terminal(text)));
    }

    /// What was left out for a reason that is nobody's fault.
    pub(crate) fn notice(&mut self, text: &str) {
        self.notices += 1;
        self.say("notice", self.notices, text);
    }

    /// What should have been done and was not, and blocks nothing.
    pub(crate) fn warning(&mut self, text: &str) {
        self.warnings += 1;
        self.say("warning", self.warnings, text);
    }

    /// What makes the command fail.
    pub(crate) fn error(&mut self, text: &str) {
        self.errors += 1;
        self.say("error", self.errors, text);
    }

    /// How many errors and warnings the host would still keep.
    pub(crate) fn room(&self) -> (usize, usize) {
        (KEPT.saturating_sub(self.errors), KEPT.saturating_sub(self.warnings))
    }

    /// Commands that are written already.
    pub(crate) fn commands(&mut self, lines: &str) {
        self.output.out.push_str(lines);
    }

    fn say(&mut self, level: &str, count: usize, text: &str) {
        if self.commands && count <= KEPT {
            let line = format!("::{level} title=tollgate post::{}\n", escape::command_message(text));
            self.output.out.push_str(&line);
        } else {
            self.output.words.push_str(&format!("{level}: {}\n", escape::terminal(text)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_command() {
        let mut output = Output::default();
        let mut reporter = Reporter::new(&mut output, true);
        reporter.warning("a%\n::error::b\r\u{1b}[31m");
        reporter.done("x\n::error::y");
        assert_eq!(output.out, "::warning title=tollgate post::a%25%0A::error::b \\u{1b}[31m\n");
        assert_eq!(output.words, "x ::error::y\n");
    }

    #[test]
    fn what_the_host_would_drop_is_said_in_words() {
        let mut output = Output::default();
        let mut reporter = Reporter::new(&mut output, true);
        (0..12).for_each(|i| reporter.error(&i.to_string()));
        reporter.notice("n");
        assert_eq!(reporter.room(), (0, 10));
        assert_eq!(output.out.lines().count(), 11);
        assert_eq!(output.words, "error: 10\nerror: 11\n");
    }
}
