//! The one place where foreign text becomes safe to show.
//!
//! Everything that came from a file, a tool or a configuration goes through one of these before it is printed. Each
//! makes one line of its input.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Characters that a terminal, an editor or a web page obeys instead of showing: control characters (C0, DEL, C1), line
/// and paragraph separators, directional marks and overrides, invisible spaces and tags.
fn obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// For a terminal: line ends and tabs become blanks, other characters that would be obeyed are spelt out (`\u{1b}`).
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !text.contains(obeyed) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\t' => shown.push(' '),
            c if obeyed(c) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// For Markdown prose and table cells: shows exactly the text, in one line, with no markup, link, mention or reference
/// of the host coming alive.
///
/// Characters with a meaning become numeric entities. A mention (`@name`), a reference (`#12`, `GH-12`) and a bare web
/// address are recognised by the host after entities are decoded; they are broken by a zero-width space.
pub fn markdown(text: &str) -> String {
    entities(text, true)
}

/// For code in Markdown: `<code>…</code>`. Entities only, so that what people copy is exactly the text; the host looks
/// for no mention or reference inside.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", entities(text, false))
}

/// For Markdown prose that may name commands: like [`markdown`], but what stands between two backticks becomes
/// [`code`].
pub fn sentence(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) || parts.iter().skip(1).step_by(2).any(|part| part.trim().is_empty()) {
        return markdown(text);
    }
    let mut shown = String::new();
    for (i, part) in parts.iter().enumerate() {
        let blank = |edge: Option<char>| if edge.is_some_and(char::is_whitespace) { " " } else { "" };
        match i % 2 {
            1 => shown.push_str(&code(part)),
            _ if part.trim().is_empty() => shown.push_str(blank(part.chars().next())),
            _ => {
                let (before, after) = (blank(part.chars().next()), blank(part.chars().next_back()));
                shown.push_str(&format!("{before}{}{after}", markdown(part)));
            }
        }
    }
    shown.trim().to_owned()
}

/// For the inside of an HTML `<pre>` block.
pub(crate) fn preformatted(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    for c in terminal(line).chars() {
        match c {
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            c => shown.push(c),
        }
    }
    shown
}

/// A zero-width space.
const BREAK: char = '\u{200b}';

fn entities(text: &str, prose: bool) -> String {
    let text = terminal(text);
    let text = text.trim();
    let mut shown = String::with_capacity(text.len() + text.len() / 8);
    let mut before = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let digit_next = next.is_some_and(|next| next.is_ascii_digit());
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '_' if word(before) && word(next) => shown.push('_'),
            '|' | '`' | '*' | '_' | '~' | '[' | ']' | '\\' | '$' | '#' | '@' => entity(c, &mut shown),
            // Would begin a list or underline a heading.
            '-' | '+' | '=' if at == 0 && !word(next) => entity(c, &mut shown),
            '.' | ')' if !word(next) && text[..at].bytes().all(|b| b.is_ascii_digit()) => entity(c, &mut shown),
            ':' if next == Some('/') => entity(c, &mut shown),
            '.' if ends_with(&text[..at], b"www") => {
                entity(c, &mut shown);
            }
            c => shown.push(c),
        }
        let alive = matches!(c, '@' | '#')
            || (c == ':' && next == Some('/'))
            || (c == '-' && digit_next && ends_with(&text[..at], b"gh"));
        if prose && alive {
            shown.push(BREAK);
        }
        before = Some(c);
    }
    shown
}

/// Whether `text` ends with `letters`, whatever their case.
fn ends_with(text: &str, letters: &[u8]) -> bool {
    text.as_bytes()[text.len().saturating_sub(letters.len())..].eq_ignore_ascii_case(letters)
}

fn entity(c: char, out: &mut String) {
    let _ = write!(out, "&#{};", u32::from(c));
}

/// For the message of a workflow command: lines stay lines.
pub fn command_message(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| terminal(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// For a property of a workflow command.
pub fn command_property(text: &str) -> String {
    terminal(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_terminal_obeys_nothing() {
        for (text, shown) in [
            ("plain ü 漢", "plain ü 漢"),
            ("\u{1b}[31mred\u{1b}[0m", r"\u{1b}[31mred\u{1b}[0m"),
            ("a\r\nb\tc\rd", "a b c d"),
            ("\u{9b}2J\u{7f}\0", r"\u{9b}2J\u{7f}\u{0}"),
            ("user\u{202e}gpj.exe", r"user\u{202e}gpj.exe"),
            ("a\u{200b}b\u{feff}\u{2028}", r"a\u{200b}b\u{feff}\u{2028}"),
        ] {
            assert_eq!(terminal(text), shown);
        }
    }

    #[test]
    fn markdown_shows_what_is_written() {
        for (text, shown) in [
            ("a|b", "a&#124;b"),
            ("`x` **y** ~z~", "&#96;x&#96; &#42;&#42;y&#42;&#42; &#126;z&#126;"),
            ("<!-- c --><script>", "&lt;!-- c --&gt;&lt;script&gt;"),
            ("[a](javascript:x) ![b](c)", "&#91;a&#93;(javascript:x) !&#91;b&#93;(c)"),
            ("@ann fixes #12", "&#64;\u{200b}ann fixes &#35;\u{200b}12"),
            ("gh-12 GH-12", "gh-\u{200b}12 GH-\u{200b}12"),
            ("see https://x.y", "see https&#58;\u{200b}//x.y"),
            ("www.x.y", "www&#46;x.y"),
            ("snake_case _em_", "snake_case &#95;em&#95;"),
            ("- item", "&#45; item"),
            ("12. item", "12&#46; item"),
            ("a\nb", "a b"),
            ("&lt;", "&amp;lt;"),
        ] {
            assert_eq!(markdown(text), shown);
        }
        assert_eq!(sentence("run `tollgate check` now"), "run <code>tollgate check</code> now");
        assert_eq!(sentence("`a|b`, `c`"), "<code>a&#124;b</code>, <code>c</code>");
        assert_eq!(sentence("one ` only"), "one &#96; only");
        assert_eq!(code("a|`b`@c#1"), "<code>a&#124;&#96;b&#96;&#64;c&#35;1</code>");
    }

    #[test]
    fn workflow_commands_cannot_be_forged() {
        assert_eq!(command_message("50 %\r\n::error::x\nlast"), "50 %25%0A::error::x%0Alast");
        assert_eq!(command_property("a,b:c%\n"), "a%2Cb%3Ac%25 ");
    }

    /// What a browser shows: entities decoded, zero-width spaces gone.
    fn decoded(html: &str) -> String {
        let mut text = String::new();
        let mut rest = html;
        while let Some(at) = rest.find('&') {
            text.push_str(&rest[..at]);
            let end = rest[at..].find(';').unwrap() + at;
            match &rest[at + 1..end] {
                "amp" => text.push('&'),
                "lt" => text.push('<'),
                "gt" => text.push('>'),
                number => text.push(char::from_u32(number[1..].parse().unwrap()).unwrap()),
            }
            rest = &rest[end + 1..];
        }
        text.push_str(rest);
        text.replace(BREAK, "")
    }

    fn hostile() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), r"[@#<>&|`*_~\[\]()!:/\\wGgHh0-9. \n\r\x1b\u{202e}-]{0,40}"]
    }

    proptest! {
        #[test]
        fn nothing_obeyed_gets_through(text in hostile()) {
            for shown in [terminal(&text).into_owned(), preformatted(&text), command_message(&text), command_property(&text)] {
                prop_assert!(!shown.contains(obeyed));
            }
            prop_assert!(!markdown(&text).replace(BREAK, "").contains(obeyed));
        }

        #[test]
        fn markdown_is_inert_and_complete(text in hostile()) {
            let shown = markdown(&text);
            prop_assert!(!shown.contains(['<', '>', '|', '`', '*', '~', '[', ']', '\\', '@', '$']));
            prop_assert!(!shown.contains("://") && !shown.to_lowercase().contains("www."));
            let visible = terminal(&text);
            prop_assert_eq!(decoded(&shown), visible.trim());
            let plain = sentence(&text).replace("<code>", "").replace("</code>", "");
            prop_assert!(!plain.contains(['<', '>', '|', '`', '[', ']', '\\']));
            let code = code(&text);
            let inner = code.strip_prefix("<code>").and_then(|c| c.strip_suffix("</code>")).unwrap();
            prop_assert!(!inner.contains(['<', '>', '|', '`', BREAK]));
            prop_assert_eq!(decoded(inner), visible.trim());
        }

        #[test]
        fn commands_stay_in_their_line(text in hostile()) {
            prop_assert!(!command_message(&text).contains(['\n', '\r']));
            prop_assert!(!command_property(&text).contains([':', ',', '\n', '\r']));
        }
    }
}
