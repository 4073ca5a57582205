//! Standard output: its width, its colours, its end.

use std::io::{ErrorKind, IsTerminal as _, Write as _};

use tollgate_render::TextStyle;

use crate::arguments::{Color, Common};

/// How text is laid out for whoever reads standard output.
pub(crate) fn style(common: &Common) -> TextStyle {
    TextStyle {
        color: color(common.color, std::io::stdout().is_terminal(), |name| std::env::var(name).ok()),
        width: width(),
        verbosity: i8::from(common.verbose) - i8::from(common.quiet),
    }
}

/// Whether to use colour. Sources: no-color.org (NO_COLOR set and not empty), bixense.com/clicolors (CLICOLOR,
/// CLICOLOR_FORCE).
fn color(wanted: Color, terminal: bool, variable: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    match wanted {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR").is_some() => false,
        Color::Auto if set("CLICOLOR_FORCE").is_some_and(|v| v != "0") => true,
        Color::Auto => terminal && set("CLICOLOR").is_none_or(|v| v != "0") && set("TERM").is_none_or(|v| v != "dumb"),
    }
}

#[cfg(unix)]
fn width() -> usize {
    let columns = rustix::termios::tcgetwinsize(std::io::stdout()).map_or(0, |size| size.ws_col);
    if columns == 0 { 80 } else { usize::from(columns).clamp(40, 100) }
}

#[cfg(not(unix))]
fn width() -> usize {
    80
}

/// Prints on standard output. A reader that has gone away is no error.
pub(crate) fn print(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

/// Prints on standard error, where nobody may be listening.
pub(crate) fn complain(text: &str) {
    for line in text.lines() {
        let _ = writeln!(std::io::stderr(), "{}", tollgate_render::escape::terminal(line));
    }
}

/// What is said on standard error in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// Something that stands in the way.
    Error,
    /// A plain fact.
    Note,
}

/// Says something on standard error under its word, which is coloured where `wanted`.
pub(crate) fn say(word: Word, text: &str, wanted: Color) {
    let color = color(wanted, std::io::stderr().is_terminal(), |name| std::env::var(name).ok());
    let mut lines = text.lines();
    let _ = writeln!(std::io::stderr(), "{}", said(word, lines.next().unwrap_or_default(), color));
    lines.for_each(complain);
}

/// The first line of what is said. Source of the codes: ECMA-48, SGR (1 bold, 31 red, 0 neither).
fn said(word: Word, line: &str, color: bool) -> String {
    let line = tollgate_render::escape::terminal(line);
    let (word, code) = match word {
        Word::Error => ("error", "1;31"),
        Word::Note => ("note", "1"),
    };
    if color { format!("\u{1b}[{code}m{word}:\u{1b}[0m {line}") } else { format!("{word}: {line}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_coloured_and_what_they_say_is_harmless() {
        assert_eq!(said(Word::Error, "a.txt: gone", false), "error: a.txt: gone");
        assert_eq!(said(Word::Note, "x", true), "\u{1b}[1mnote:\u{1b}[0m x");
        assert!(!said(Word::Error, "a\u{1b}[31m", false).contains('\u{1b}'));
    }

    #[test]
    fn colour_follows_the_conventions() {
        for (wanted, terminal, variables, expected) in [
            (Color::Auto, true, &[][..], true),
            (Color::Auto, false, &[], false),
            (Color::Auto, true, &[("NO_COLOR", "1")], false),
            (Color::Auto, true, &[("NO_COLOR", "")], true),
            (Color::Auto, false, &[("CLICOLOR_FORCE", "1")], true),
            (Color::Auto, false, &[("CLICOLOR_FORCE", "0")], false),
            (Color::Auto, false, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
            (Color::Auto, true, &[("CLICOLOR", "0")], false),
            (Color::Auto, true, &[("TERM", "dumb")], false),
            (Color::Always, false, &[("NO_COLOR", "1")], true),
            (Color::Never, true, &[("CLICOLOR_FORCE", "1")], false),
        ] {
            let variable =
                |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(color(wanted, terminal, variable), expected, "{wanted:?} {terminal} {variables:?}");
        }
    }
}
