//! Texts of reports, made fit for a line of a message.

use tollgate_input::one_line;

/// The longest text that is kept, characters.
const MOST: usize = 300;

/// The first line of `text` that is not blank.
pub(crate) fn line(text: &str) -> String {
    text.lines().map(clean).find(|line| !line.is_empty()).unwrap_or_default()
}

/// All of `text` as one line.
pub(crate) fn name(text: &str) -> String {
    clean(text)
}

fn clean(text: &str) -> String {
    one_line(text, MOST, false).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_one_clean_line() {
        let cases = [
            ("\n \t\n  first  one \r\nsecond", "first one"),
            ("\u{1B}[31mred\u{1B}[0m; plain", "red; plain"),
            ("a\u{7}b\u{202E}c\0d\u{9B}e", "abcde"),
            ("\u{1B}", ""),
            ("\u{1B}[", ""),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(line(text), expected, "{text:?}");
        }
        assert_eq!(name("a\nb"), "a b");
        assert_eq!(name(&"é".repeat(400)).chars().count(), MOST + 1);
    }
}
