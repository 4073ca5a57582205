//! Where a scanner for secrets shows the value itself, and what stands in its place.
//!
//! Only of a value that is known exactly a digest means anything. A property may be the value, and a snippet where it is
//! known which part of it is; what else a scanner shows is text around a value.

use std::borrow::Cow;

/// Longest value that is looked at, bytes: room for a key in armour.
pub(crate) const LONGEST: usize = 1 << 14;

/// What stands for a text that may show a secret.
const REDACTED: &str = "redacted";

/// Whether a property of this name is the value and nothing beside it.
pub(crate) fn is_named(property: &str) -> bool {
    property.eq_ignore_ascii_case("secret") || property.eq_ignore_ascii_case("raw")
}

/// Lines and columns of a region (§3.30), each from 1.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Span {
    pub(crate) start_line: Option<u32>,
    pub(crate) end_line: Option<u32>,
    pub(crate) start_column: Option<u32>,
    pub(crate) end_column: Option<u32>,
}

impl Span {
    /// The part of `snippet` that is the value: all of it where the scanner `quotes` the value as its snippet; else what is
    /// between the columns, of a whole line or of nothing more than that.
    pub(crate) fn value<'s>(&self, snippet: &'s str, quotes: bool) -> Option<&'s str> {
        if is_redacted(snippet) {
            return None;
        }
        if quotes {
            return Some(snippet);
        }
        let line = snippet.strip_suffix('\n').unwrap_or(snippet);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let (start, end) = (self.start_column?, self.end_column?);
        let one_line = self.end_line.is_none() || self.end_line == self.start_line;
        // What a column counts beyond ASCII, tools do not agree on.
        if !one_line || !line.is_ascii() || line.contains(['\n', '\r']) {
            return None;
        }
        let (start, end) = (usize::try_from(start).ok()?.checked_sub(1)?, usize::try_from(end).ok()?.checked_sub(1)?);
        let range = if line.len() == end.checked_sub(start)? { 0..line.len() } else { start..end };
        let value = line.get(range.clone())?;
        let joins = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let before = range.start.checked_sub(1).and_then(|at| line.as_bytes().get(at));
        let whole = !joins(before) && !joins(line.as_bytes().get(range.end));
        let bare = !value.is_empty() && !value.contains([' ', '\t', '"', '\'', '`']);
        (whole && bare).then_some(value)
    }
}

/// What stands for `text`, whose value has this `digest` where it has one. What was redacted before stays as it is.
pub(crate) fn redacted(text: &str, digest: Option<String>) -> Cow<'_, str> {
    match digest {
        _ if is_redacted(text) => Cow::Borrowed(text),
        Some(digest) => Cow::Owned(format!("{REDACTED} ({digest})")),
        None => Cow::Borrowed(REDACTED),
    }
}

/// Whether `text` stands for one that was redacted.
fn is_redacted(text: &str) -> bool {
    let hex = |rest: &str| rest.len() == 32 && rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let digest = text.strip_prefix(REDACTED).and_then(|rest| rest.strip_prefix(" (s1:")?.strip_suffix(')'));
    text == REDACTED || digest.is_some_and(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_between_its_columns_or_unknown() {
        let line = "key: \"abc-1/2=\" # x";
        for (snippet, columns, quotes, expected) in [
            (line, Some((7, 15)), false, Some("abc-1/2=")),
            ("key: abc123\n", Some((6, 12)), false, Some("abc123")),
            ("abc123", Some((6, 12)), false, Some("abc123")),
            ("abc123\r\n", Some((1, 7)), false, Some("abc123")),
            // An end that is the last column, a start that is the column before.
            ("key: abc123", Some((6, 11)), false, None),
            ("key:_abc123", Some((6, 12)), false, None),
            (line, Some((6, 16)), false, None),
            (line, Some((1, 15)), false, None),
            (line, Some((7, 40)), false, None),
            (line, Some((15, 7)), false, None),
            (line, Some((7, 7)), false, None),
            (line, None, false, None),
            ("kéy: abc123", Some((6, 12)), false, None),
            ("redacted (s1:0123456789abcdef0123456789abcdef)", Some((11, 46)), false, None),
            ("redacted", None, true, None),
            ("a\nabc123", Some((1, 7)), false, None),
            ("----\nabc", None, true, Some("----\nabc")),
        ] {
            let span = Span {
                start_line: Some(3),
                end_line: None,
                start_column: columns.map(|(start, _)| start),
                end_column: columns.map(|(_, end)| end),
            };
            assert_eq!(span.value(snippet, quotes), expected, "{snippet:?} {columns:?}");
            let same_line = Span { end_line: Some(3), ..span };
            assert_eq!(same_line.value(snippet, quotes), expected, "{snippet:?} {columns:?}");
            let more_lines = Span { end_line: Some(4), ..span };
            assert_eq!(more_lines.value(snippet, quotes), expected.filter(|_| quotes), "{snippet:?} {columns:?}");
        }
    }

    #[test]
    fn what_was_redacted_stays() {
        let digest = || Some("s1:0123456789abcdef0123456789abcdef".to_owned());
        let named = "redacted (s1:0123456789abcdef0123456789abcdef)";
        for (text, digest, expected) in [
            ("abc", None, REDACTED),
            ("abc", digest(), named),
            (REDACTED, digest(), REDACTED),
            (named, None, named),
            ("redacted (s1:hunter22)", None, REDACTED),
            ("redacted (s1:0123456789abcdef0123456789abcdef) x", None, REDACTED),
        ] {
            assert_eq!(redacted(text, digest), expected, "{text}");
        }
        assert!(is_named("Secret") && is_named("raw") && !is_named("rawV2") && !is_named("Match"));
    }
}
