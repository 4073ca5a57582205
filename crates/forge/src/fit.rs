//! Markdown cut to a limit: at the end of a line, with everything closed that was open.

use std::borrow::Cow;

/// In what a limit is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Characters as the forge counts them at worst: UTF-16 code units.
    Characters,
    /// Bytes of UTF-8.
    Bytes,
}

impl Unit {
    fn of(self, text: &str) -> usize {
        match self {
            Self::Characters => text.encode_utf16().count(),
            Self::Bytes => text.len(),
        }
    }
}

/// `text` in at most `limit`. What is longer ends with a whole line, then what closes code and folded parts that were open
/// there, then the line `note`. Where not even one line fits, the note alone is left; it is never cut.
pub fn fit<'a>(text: &'a str, limit: usize, unit: Unit, note: &str) -> Cow<'a, str> {
    if unit.of(text) <= limit {
        return Cow::Borrowed(text);
    }
    let mut open = Open::default();
    let (mut used, mut at) = (0, 0);
    let mut kept = (0, format!("{note}\n"));
    for line in text.split_inclusive('\n') {
        used += unit.of(line);
        at += line.len();
        if used > limit {
            break;
        }
        open.read(line);
        let tail = format!("{}\n{note}\n", open.closed());
        if used + unit.of(&tail) <= limit {
            kept = (at, tail);
        }
    }
    let (end, tail) = kept;
    Cow::Owned(format!("{}{tail}", &text[..end]))
}

/// What is open at a point of the text, outermost first.
#[derive(Debug, Default)]
struct Open(Vec<Part>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Details,
    Pre,
    Fence(char, usize),
}

impl Open {
    fn read(&mut self, line: &str) {
        let mark = fence(line);
        match (self.0.last(), mark) {
            (Some(Part::Fence(c, count)), Some((mark, length, true))) if mark == *c && length >= *count => {
                self.0.pop();
            }
            (Some(Part::Fence(..)), _) => {}
            (Some(Part::Pre), _) | (_, None) => self.tags(line),
            (_, Some((mark, length, _))) => self.0.push(Part::Fence(mark, length)),
        }
    }

    fn tags(&mut self, line: &str) {
        let lower = line.to_ascii_lowercase();
        for (at, _) in lower.match_indices('<') {
            let rest = &lower[at + 1..];
            let closes = rest.starts_with('/');
            let name = rest.trim_start_matches('/');
            let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
            let part = match &name[..end] {
                "details" => Part::Details,
                "pre" => Part::Pre,
                _ => continue,
            };
            match closes {
                false => self.0.push(part),
                // What was opened within it ends with it.
                true => {
                    if let Some(at) = self.0.iter().rposition(|open| *open == part) {
                        self.0.truncate(at);
                    }
                }
            }
        }
    }

    /// The lines that close it, innermost first.
    fn closed(&self) -> String {
        let close = |part: &Part| match part {
            Part::Details => "\n</details>\n".to_owned(),
            Part::Pre => "</pre>\n".to_owned(),
            Part::Fence(mark, count) => format!("{}\n", mark.to_string().repeat(*count)),
        };
        self.0.iter().rev().map(close).collect()
    }
}

/// The mark of a line that begins or ends a block of code, how long it is, and whether nothing stands behind it.
fn fence(line: &str) -> Option<(char, usize, bool)> {
    let text = line.trim_start_matches(' ');
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let rest = text.trim_start_matches(mark);
    let length = text.len() - rest.len();
    let inline = mark == '`' && rest.contains('`');
    (length >= 3 && line.len() - text.len() <= 3 && !inline).then(|| (mark, length, rest.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOTE: &str = "(cut)";

    #[test]
    fn what_fits_is_left_alone() {
        assert_eq!(fit("a\nb\n", 4, Unit::Bytes, NOTE), "a\nb\n");
        assert_eq!(fit("ää", 2, Unit::Characters, NOTE), "ää");
        assert_eq!(fit("ää", 3, Unit::Bytes, NOTE), "(cut)\n");
    }

    #[test]
    fn lines_stay_whole_and_what_is_open_is_closed() {
        let text = format!("one\n<details><summary>x</summary>\n\n````rust\n```\n{}", "line\n".repeat(100));
        let cut = fit(&text, 90, Unit::Bytes, NOTE);
        let expected =
            "one\n<details><summary>x</summary>\n\n````rust\n```\nline\nline\nline\n````\n\n</details>\n\n(cut)\n";
        assert_eq!(cut, expected);
        let text = format!("<details>\n<PRE>\n```\n{}", "&lt;\n".repeat(100));
        assert!(fit(&text, 70, Unit::Bytes, NOTE).ends_with("&lt;\n</pre>\n\n</details>\n\n(cut)\n"));
        let text = format!("```\na\n```\n<details>b</details>\n{}", "c\n".repeat(100));
        assert!(fit(&text, 60, Unit::Bytes, NOTE).ends_with("c\n\n(cut)\n"));
    }

    #[test]
    fn characters_of_four_bytes_count_twice() {
        let text = "𝄞\n".repeat(40);
        let cut = fit(&text, 60, Unit::Characters, NOTE);
        assert_eq!(cut.encode_utf16().count(), 58);
    }

    proptest! {
        #[test]
        fn it_fits_says_so_and_is_closed(
            parts in proptest::collection::vec("(<details>|</details>|<pre>|</pre>|```|~~~~|text ö|)\n", 0..60),
            limit in 60usize..300,
        ) {
            let text = parts.concat();
            let cut = fit(&text, limit, Unit::Bytes, NOTE);
            prop_assert!(cut.len() <= limit);
            if cut != text {
                prop_assert!(cut.ends_with("(cut)\n"));
                let mut open = Open::default();
                cut.lines().for_each(|line| open.read(line));
                prop_assert!(open.0.is_empty(), "{cut}");
            }
        }
    }
}
