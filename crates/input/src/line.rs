//! Texts of foreign files, made fit for a line of a message.

/// All of `text` as one line: without escape sequences of terminals, control characters and marks that turn the
/// direction of writing, white space as single blanks. What is longer than `most` characters, or of which `longer` says
/// that more followed, ends in an ellipsis; and whether that is so.
pub fn one_line(text: &str, most: usize, longer: bool) -> (String, bool) {
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
            c if is_hidden(c) => {}
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
pub fn is_hidden(c: char) -> bool {
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
            assert_eq!(one_line(text, 12, false), (expected.to_owned(), cut), "{text:?}");
        }
        assert_eq!(one_line("abc", 12, true), ("abc…".to_owned(), true));
    }
}
