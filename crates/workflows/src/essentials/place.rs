//! From a part of a text to its place in the file.

use tollgate_input::{BlockInfo, LineIndex, Span};

use crate::model::Text;

/// Where the `len` bytes at `offset` of `text` stand in `source`, the file that `lines` index. The place of the whole
/// text where the part cannot be found again, as in a folded scalar that breaks it.
pub(crate) fn span_in(text: &Text, source: &str, lines: &LineIndex<'_>, offset: usize, len: usize) -> Span {
    let end = offset.saturating_add(len).min(text.text.len());
    let exact = match text.block {
        Some(block) => in_block(text, block, source, lines, offset)
            .zip(in_block(text, block, source, lines, end))
            .map(|(start, end)| Span { start, end }),
        None => in_line(text, source, offset, end),
    };
    exact.filter(|span| span.start <= span.end).unwrap_or(text.span)
}

/// Of a literal block scalar, whose lines are those of the file without the indentation.
fn in_block(text: &Text, block: BlockInfo, source: &str, lines: &LineIndex<'_>, offset: usize) -> Option<usize> {
    let before = text.text.get(..offset)?;
    let column = before.len() - before.rfind('\n').map_or(0, |end| end + 1);
    let line = block.first_line as usize + before.bytes().filter(|byte| *byte == b'\n').count();
    let (header, _) = lines.position(text.span.start);
    let rest = source.get(text.span.start..)?;
    let newlines = line.checked_sub(header as usize)?;
    let start = match newlines.checked_sub(1) {
        Some(nth) => text.span.start + rest.match_indices('\n').nth(nth)?.0 + 1,
        None => return None,
    };
    let length = source.get(start..)?.find('\n').unwrap_or(source.len() - start);
    Some(start + (block.indent as usize + column).min(length))
}

/// Of any other scalar: the same bytes, counted among their like.
fn in_line(text: &Text, source: &str, offset: usize, end: usize) -> Option<Span> {
    let written = source.get(text.span.start..text.span.end)?;
    let part = text.text.get(offset..end).filter(|part| !part.is_empty())?;
    if written.matches(part).count() != text.text.matches(part).count() {
        return None;
    }
    let before = text.text.get(..offset)?.matches(part).count();
    let start = text.span.start + written.match_indices(part).nth(before)?.0;
    Some(Span { start, end: start + part.len() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tollgate_input::{Limits, yaml};

    /// The source at the place of the `nth` `part` of the value of `run`.
    fn found(source: &str, part: &str, nth: usize) -> String {
        let root = yaml::parse("x", source, Limits::default()).unwrap();
        let node = root.get("run").unwrap();
        let text = Text { text: node.as_str().unwrap().to_owned(), span: node.span, block: node.block };
        let offset = text.text.match_indices(part).nth(nth).unwrap().0;
        let span = span_in(&text, source, &LineIndex::new(source), offset, part.len());
        source[span.start..span.end].to_owned()
    }

    #[test]
    fn a_part_is_found_where_it_is_written() {
        for (source, part, nth) in [
            ("run: echo a b a\n", "a", 1),
            ("run: 'it''s a'\n", "a", 0),
            ("run: \"é a b\"\n", "b", 0),
            ("run: |\n  echo a\n\n    é=b\n  c\n", "b", 0),
            ("run: |\n  echo a\n\n    é=b\n  c\n", "a\n", 0),
            ("run: |2-\n    a\n  b\n", "b", 0),
            ("run: >\n  echo a\n  and b\n", "b", 0),
        ] {
            assert_eq!(found(source, part, nth).trim_end(), part.trim_end(), "{source:?}");
        }
        assert_eq!(found("x: 1\r\nrun: |\r\n  a\r\n  b c\r\n", "c", 0), "c");
    }

    #[test]
    fn a_part_over_two_lines_reaches_over_them() {
        assert_eq!(found("run: |\n  a (b\n  c) d\n", "(b\nc)", 0), "(b\n  c)");
    }

    #[test]
    fn what_is_not_found_again_is_the_whole() {
        assert_eq!(found("run: >\n  echo a\n  and b\n", "a and", 0), ">\n  echo a\n  and b\n".trim_end());
        assert_eq!(found("run: \"a\\u0062\"\n", "ab", 0), "\"a\\u0062\"");
    }

    #[test]
    fn offsets_past_the_end_do_no_harm() {
        let source = "run: |\n  a\n";
        let text = Text {
            text: "a\n".to_owned(),
            span: Span { start: 5, end: 10 },
            block: Some(BlockInfo { first_line: 7, indent: 2 }),
        };
        let lines = LineIndex::new(source);
        assert_eq!(span_in(&text, source, &lines, 50, usize::MAX), text.span);
        assert_eq!(span_in(&text, source, &lines, 0, 1), text.span);
    }
}
