//! Lines that fit: widths, wrapping, shortening.
//!
//! Width is counted in characters. Wide and combining characters are not told apart: what people meet here are paths,
//! numbers and English sentences, and a line that is too long by a column is no harm.

use tollgate_model::format;

use crate::escape;

/// How many columns `text` takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().count()
}

/// `text` broken at blanks into lines of at most `columns`. The first begins with `first`, the others with as many
/// blanks as `hang`. A word that is too long for a line has one to itself. A number keeps its unit.
pub(crate) fn wrap(text: &str, columns: usize, first: &str, hang: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut used = width(first);
    let mut empty = true;
    for word in words(text) {
        let wide = width(&word);
        if !empty && used + 1 + wide > columns {
            lines.push(std::mem::replace(&mut line, " ".repeat(hang)));
            used = hang;
            empty = true;
        }
        if !empty {
            line.push(' ');
            used += 1;
        }
        line.push_str(&word);
        used += wide;
        empty = false;
    }
    lines.push(line);
    lines
}

/// Words of `text`, a unit glued to the number before it.
fn words(text: &str) -> Vec<String> {
    const UNITS: [&str; 10] = ["%", "B", "KB", "MB", "GB", "us", "ms", "s", "min", "h"];
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let bare = word.trim_end_matches([':', ',', '.', ')', ';']);
        match words.last_mut() {
            Some(number) if UNITS.contains(&bare) && number.ends_with(|c: char| c.is_ascii_digit()) => {
                number.push(' ');
                number.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// A cell in at most `columns`: a list ends after a whole item (`4, 8, …`), anything else is shortened in the middle.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    if width(text) > columns && text.contains(", ") {
        let fits = text.match_indices(", ").map(|(at, _)| &text[..at + 2]).take_while(|head| width(head) < columns);
        return fits.last().map_or_else(|| clip(text, columns), |head| format!("{head}…"));
    }
    shorten(text, columns)
}

/// `text` in at most `columns`, the middle replaced by an ellipsis. The end, which names the file, keeps more.
pub(crate) fn shorten(text: &str, columns: usize) -> String {
    let wide = width(text);
    if wide <= columns {
        return text.to_owned();
    }
    let Some(kept) = columns.checked_sub(1) else { return String::new() };
    let head = kept / 3;
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(wide - (kept - head)).collect();
    format!("{start}…{end}")
}

/// `text` in at most `max` characters, the end replaced by an ellipsis.
pub(crate) fn clip(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some(_) => text.chars().take(max.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// The same of a text made safe for terminals first, because spelling out what would be obeyed makes it longer.
pub(crate) fn safe(text: &str, max: usize) -> String {
    // At most a line end of two characters becomes one: what lies further behind need not be looked at.
    let near = text.char_indices().nth(max.saturating_mul(2).saturating_add(1)).map_or(text, |(end, _)| &text[..end]);
    clip(&escape::terminal(near), max)
}

/// `names` joined by commas in at most `columns`; those that do not fit are counted: `Tests, Security and 3 more`.
/// They are made safe for terminals first, because that changes their width.
pub(crate) fn names(names: &[&str], columns: usize) -> String {
    let names: Vec<_> = names.iter().map(|name| safe(name, columns.saturating_add(2).max(400))).collect();
    let all = names.join(", ");
    if width(&all) <= columns {
        return all;
    }
    for kept in (1..names.len()).rev() {
        let text = format!("{} and {} more", names[..kept].join(", "), names.len() - kept);
        if width(&text) <= columns {
            return text;
        }
    }
    let more = match names.len() {
        0 | 1 => String::new(),
        count => format!(" and {} more", format::count(count as u64 - 1)),
    };
    let first = names.first().map(|name| shorten(name, columns.saturating_sub(width(&more)).max(8)));
    format!("{}{more}", first.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_keep_their_units() {
        assert_eq!(wrap("coverage is 79.97 %: short", 18, "", 2), ["coverage is", "  79.97 %: short"]);
        assert_eq!(wrap("a b", 20, "- ", 2), ["- a b"]);
        assert_eq!(wrap("", 20, "- ", 2), ["- "]);
    }

    #[test]
    fn long_texts_are_shortened_where_it_hurts_least() {
        assert_eq!(shorten("src/components/tank/gauge.ts", 16), "src/c…k/gauge.ts");
        assert_eq!(fit("4, 8, 12, 16, 20-27", 12), "4, 8, 12, …");
        assert_eq!(fit("one-long-item, two", 6), "one-l…");
        assert_eq!(shorten("short", 16), "short");
        assert_eq!(clip("abcdef", 4), "abc…");
        assert_eq!(names(&["Tests", "Security", "Quality"], 80), "Tests, Security, Quality");
        assert_eq!(names(&["Tests", "Security", "Quality"], 20), "Tests and 2 more");
        assert_eq!(names(&["a-gate-of-a-long-name"], 12), "a-g…ong-name");
    }

    proptest! {
        #[test]
        fn lines_fit_unless_a_word_cannot(text in "[a-z0-9% KB]{0,200}", columns in 12usize..60) {
            let longest = words(&text).iter().map(|w| w.len()).max().unwrap_or(0);
            for line in wrap(&text, columns, "* ", 4) {
                prop_assert!(line.chars().count() <= columns.max(longest + 4), "{line:?}");
            }
            let joined = wrap(&text, columns, "", 0).join(" ");
            prop_assert_eq!(joined.split_whitespace().collect::<Vec<_>>(), text.split_whitespace().collect::<Vec<_>>());
        }

        #[test]
        fn shortened_texts_fit(text in any::<String>(), columns in 1usize..40) {
            prop_assert!(shorten(&text, columns).chars().count() <= columns);
            prop_assert!(clip(&text, columns).chars().count() <= columns);
        }
    }
}
