//! Byte offsets to lines and columns.

use tollgate_model::Region;

/// After how many bytes the UTF-16 code units are counted anew, so that a long line costs no more than a short one.
const STEP: usize = 1024;

/// Where the lines of a text begin. Lines end with `\n` or `\r\n`; a lone `\r` ends none.
#[derive(Clone, Debug)]
pub struct LineIndex<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// How many UTF-16 code units come before the bytes 0, 1024, 2048, …
    units: Vec<usize>,
}

impl<'a> LineIndex<'a> {
    /// The index of `text`.
    pub fn new(text: &'a str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        let mut units = vec![0];
        let mut sum = 0;
        for chunk in text.as_bytes().chunks_exact(STEP) {
            sum += utf16_units(chunk);
            units.push(sum);
        }
        Self { text, starts: std::iter::once(0).chain(ends).collect(), units }
    }

    /// How many UTF-16 code units come before the byte at `offset`.
    fn units_before(&self, offset: usize) -> usize {
        let chunk = offset / STEP;
        self.units[chunk] + utf16_units(&self.text.as_bytes()[chunk * STEP..offset])
    }

    /// Line and column of the byte at `offset`, both from 1; columns count UTF-16 code units. An offset past the end
    /// is the end; one inside a character is that character's.
    pub fn position(&self, offset: usize) -> (u32, u32) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let column = self.units_before(offset) - self.units_before(self.starts[line]);
        (line as u32 + 1, column as u32 + 1)
    }

    /// The region of the bytes `start..end`.
    pub fn region(&self, start: usize, end: usize) -> Region {
        let (start_line, start_column) = self.position(start);
        let (end_line, end_column) = self.position(end.max(start));
        Region { start_line, end_line, start_column: Some(start_column), end_column: Some(end_column) }
    }

    /// How many lines there are; a last line without `\n` counts, an empty rest does not.
    pub fn len(&self) -> usize {
        self.starts.len() - usize::from(self.text.is_empty() || self.text.ends_with('\n'))
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Line `number` (from 1) without its end; none past the last.
    pub fn line(&self, number: u32) -> Option<&'a str> {
        let index = (number as usize).checked_sub(1).filter(|i| *i < self.len())?;
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        let line = &self.text[self.starts[index]..end];
        Some(line.strip_suffix('\n').map(|l| l.strip_suffix('\r').unwrap_or(l)).unwrap_or(line))
    }
}

/// How many UTF-16 code units these bytes of UTF-8 are: one for each character, two for one of four bytes. A character
/// counts where it begins.
fn utf16_units(bytes: &[u8]) -> usize {
    bytes.iter().map(|byte| usize::from(byte & 0xC0 != 0x80) + usize::from(*byte >= 0xF0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_counted_like_a_short_one() {
        for part in ["a", "é", "\u{1F600}", "aé\u{1F600}\r\n", "0123456\n"] {
            let text = part.repeat(2 * STEP);
            let index = LineIndex::new(&text);
            for (at, _) in text.char_indices().chain([(text.len(), 'x')]).step_by(7) {
                let begin = text[..at].rfind('\n').map_or(0, |end| end + 1);
                let expected = (text[..begin].matches('\n').count() + 1, text[begin..at].encode_utf16().count() + 1);
                assert_eq!(index.position(at), (expected.0 as u32, expected.1 as u32), "{part:?} at {at}");
            }
            assert_eq!(index.position(text.len()), index.position(text.len() + 1));
        }
        let index = LineIndex::new("x");
        assert_eq!([index.position(0), index.position(1)], [(1, 1), (1, 2)]);
        assert_eq!(LineIndex::new("").position(0), (1, 1));
    }

    #[test]
    fn columns_count_utf16_units() {
        let index = LineIndex::new("a\n\u{1F600}b\r\nlast");
        assert_eq!(index.position(0), (1, 1));
        assert_eq!(index.position(2), (2, 1));
        assert_eq!(index.position(4), (2, 1));
        assert_eq!(index.position(6), (2, 3));
        assert_eq!(index.position(999), (3, 5));
    }

    #[test]
    fn lines_are_counted_as_editors_do() {
        assert_eq!(LineIndex::new("").len(), 0);
        assert_eq!(LineIndex::new("a").len(), 1);
        assert_eq!(LineIndex::new("a\n").len(), 1);
        let index = LineIndex::new("a\r\nb\n\nc");
        assert_eq!(index.len(), 4);
        assert_eq!([1, 2, 3, 4, 5].map(|n| index.line(n)), [Some("a"), Some("b"), Some(""), Some("c"), None]);
        assert_eq!(index.line(0), None);
    }
}
