//! Texts of reports, made fit for a line of a message.

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

/// Without escape sequences of terminals, control characters and marks that turn the direction of writing; white space
/// becomes single blanks.
fn clean(text: &str) -> String {
    let mut kept = String::new();
    let mut count = 0;
    let mut chars = text.chars();
    let mut blank = false;
    while let Some(c) = chars.next() {
        match c {
            // What a terminal takes for a command ends with a letter.
            '\u{1B}' => {
                _ = chars.by_ref().skip_while(|c| *c == '[').find(|c| !matches!(c, '0'..='9' | ';' | '?' | ':'))
            }
            c if c.is_whitespace() => blank = true,
            c if c.is_control()
                || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}') =>
                {}
            _ if count >= MOST => {
                kept.push('…');
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
    kept
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
