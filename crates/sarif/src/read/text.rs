//! Texts of a foreign file, made fit for a line of a message.

/// All of `text` as one line: without escape sequences of terminals, control characters and marks that turn the
/// direction of writing, white space as single blanks. What is longer than `most` characters, or of which `longer` says
/// that more followed, ends in an ellipsis; and whether that is so.
pub(super) fn line(text: &str, most: usize, longer: bool) -> (String, bool) {
    if !longer && text.len() <= most && is_plain(text.as_bytes()) {
        return (text.to_owned(), false);
    }
    let mut kept = String::with_capacity(text.len().min(most.saturating_mul(4)));
    let (mut count, mut blank, mut cut) = (0, false, longer);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            // What a terminal takes for a command ends with a letter.
            '\u{1B}' => {
                _ = chars.by_ref().skip_while(|c| *c == '[').find(|c| !matches!(c, '0'..='9' | ';' | '?' | ':'))
            }
            c if c.is_whitespace() => blank = true,
            c if hidden(c) => {}
            _ if count + usize::from(blank && !kept.is_empty()) >= most => {
                cut = true;
                break;
            }
            c => {
                if blank && !kept.is_empty() {
                    kept.push(' ');
                    count += 1;
                }
                blank = false;
                kept.push(c);
                count += 1;
            }
        }
    }
    if cut {
        kept.push('…');
    }
    (kept, cut)
}

/// Whether a character is not to be passed on: it does something, or hides something, instead of being read.
pub(super) fn hidden(c: char) -> bool {
    let turns = matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    c.is_control() || turns
}

/// Whether these are nothing but visible characters of ASCII with single blanks between them.
fn is_plain(bytes: &[u8]) -> bool {
    let mut before = b' ';
    for byte in bytes {
        if !matches!(byte, b'!'..=b'~') && (*byte != b' ' || before == b' ') {
            return false;
        }
        before = *byte;
    }
    before != b' '
}

/// `text` with `{0}`, `{1}`, … replaced by `arguments`, and `{{` and `}}` by single braces (§3.11.5), in at most `most`
/// characters. A number without an argument stays.
pub(super) fn substitute(text: &str, arguments: &[String], most: usize) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        made.push_str(before);
        rest = from.get(1..).unwrap_or_default();
        if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
            made.push_str(&from[..1]);
            rest = after;
        } else if let Some((argument, after)) = placeholder(from, arguments) {
            made.push_str(argument);
            rest = after;
        } else {
            made.push_str(&from[..1]);
        }
        if made.len() > most.saturating_mul(4) {
            break;
        }
    }
    if made.len() <= most.saturating_mul(4) {
        made.push_str(rest);
    }
    line(&made, most, false).0
}

/// The argument that `{n}` at the beginning of `text` stands for, and what follows.
fn placeholder<'a>(text: &'a str, arguments: &'a [String]) -> Option<(&'a str, &'a str)> {
    let (number, after) = text.strip_prefix('{')?.split_once('}')?;
    let argument = arguments.get(number.parse::<usize>().ok()?)?;
    Some((argument, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_one_clean_line() {
        for (text, expected, cut) in [
            ("plain text.", "plain text.", false),
            ("a  b", "a b", false),
            (" a ", "a", false),
            ("\n \t\n  first \r\nsecond", "first second", false),
            ("\u{1B}[31mred\u{1B}[0m", "red", false),
            ("a\u{7}b\u{202E}c\0d\u{9B}e", "abcde", false),
            ("ääääääääääääääääää", "ääääääääääää…", true),
            ("abcdefghijklmnop", "abcdefghijkl…", true),
            ("abcdefghijk lmn", "abcdefghijk…", true),
            ("", "", false),
        ] {
            assert_eq!(line(text, 12, false), (expected.to_owned(), cut), "{text:?}");
        }
        assert_eq!(line("abc", 12, true), ("abc…".to_owned(), true));
    }

    #[test]
    fn arguments_are_put_in() {
        let arguments = ["x".to_owned(), "{0}".to_owned()];
        for (text, expected) in [
            ("'{0}' is {1}", "'x' is {0}"),
            ("{{0}} {2} {-1} {} {a {0", "{0} {2} {-1} {} {a {0"),
            ("}}{", "}{"),
            ("{00}", "x"),
        ] {
            assert_eq!(substitute(text, &arguments, 100), expected, "{text}");
        }
        let long = ["y".repeat(1_000)];
        assert_eq!(substitute(&"{0}".repeat(1_000), &long, 50).chars().count(), 51);
    }
}
