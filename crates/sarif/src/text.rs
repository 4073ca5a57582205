//! Texts as a SARIF reader can take them.

use std::borrow::Cow;

/// `text` without control characters (line feed and tab stay), in at most `max` UTF-16 code units. What is longer is
/// cut at a character boundary and ends in an ellipsis.
pub(crate) fn bounded(text: &str, max: usize) -> Cow<'_, str> {
    let hostile = |c: char| c.is_control() && c != '\n' && c != '\t';
    let text = match text.contains(hostile) {
        true => Cow::Owned(text.replace("\r\n", "\n").replace(hostile, "\u{fffd}")),
        false => Cow::Borrowed(text),
    };
    if text.len() <= max || text.encode_utf16().count() <= max {
        return text;
    }
    let mut kept = String::new();
    let mut units = 1;
    for c in text.chars() {
        units += c.len_utf16();
        if units > max {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    Cow::Owned(kept)
}

/// `text` with `{0}`, `{1}`, … replaced by `arguments`, and `{{` and `}}` by single braces (§3.11.5); it ends early once it has
/// more than `most` bytes. A number without an argument stays.
pub(crate) fn filled(text: &str, arguments: &[String], most: usize) -> String {
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
        if made.len() > most {
            return made;
        }
    }
    made.push_str(rest);
    made
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
    fn texts_are_cut_between_characters() {
        assert_eq!(bounded("abcd", 4), "abcd");
        assert_eq!(bounded("abcde", 4), "abc…");
        assert_eq!(bounded("a\u{1F600}\u{1F600}", 4), "a\u{1F600}…");
        assert_eq!(bounded("ääää", 4), "ääää");
    }

    #[test]
    fn control_characters_do_not_get_through() {
        assert_eq!(bounded("a\u{0}b\u{1b}[0m\r\nc\td\u{9b}", 99), "a\u{fffd}b\u{fffd}[0m\nc\td\u{fffd}");
    }
}
