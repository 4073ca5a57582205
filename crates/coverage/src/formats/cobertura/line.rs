//! One `line` element.

use tollgate_input::xml::Element;

use crate::numbers::{hits, leading_hit, leading_line, line_number, number};
use crate::oddities::Oddities;

/// What a `line` element says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) line: u32,
    pub(super) hit: bool,
    pub(super) branches: Branches,
}

/// The branches of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Branches {
    None,
    /// It has some, and only a share or nothing is told of them.
    Untold,
    /// How many were taken, and how many there are.
    Told(u64, u64),
}

const NUMBERS: &str = "a line needs a number and a count, as in <line number=\"12\" hits=\"1\"/>";
const CONDITIONS: &str = "the condition-coverage of a line has to be like \"50% (1/2)\"";

impl Record {
    /// Reads `element`; none when a number in it is odd in a way that is passed over.
    pub(super) fn read(element: &Element<'_>, oddities: &mut Oddities) -> Result<Option<Self>, &'static str> {
        let (mut at, mut count, mut branch, mut conditions) = (None, None, None, None);
        for (name, value) in element.attributes() {
            match name {
                b"number" => at = Some(value.raw()),
                b"hits" => count = Some(value.raw()),
                b"branch" => branch = Some(value.raw()),
                b"condition-coverage" => conditions = Some(value.raw()),
                _ => {}
            }
        }
        let (at, count) = (at.ok_or(NUMBERS)?, count.ok_or(NUMBERS)?);
        let (line, hit) = match plain(at, count) {
            Some(both) => both,
            None => {
                let (line, hit) = (line_number(at).ok_or(NUMBERS)?, hits(count).ok_or(NUMBERS)?);
                let Some(line) = oddities.line(line) else { return Ok(None) };
                (line, oddities.hit(hit))
            }
        };
        let branches = match conditions {
            Some(conditions) => taken(conditions, oddities)?,
            None if branch.is_some_and(|branch| branch.eq_ignore_ascii_case(b"true")) => Branches::Untold,
            None => Branches::None,
        };
        Ok(Some(Self { line, hit, branches }))
    }
}

/// A `line` as most tools write it, without branches, and the white space before it: the line, whether it was hit, how many bytes.
#[inline]
pub(super) fn plain_line(text: &[u8]) -> Option<((u32, bool), usize)> {
    let start = text.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))?;
    let (line, rest) = leading_line(text[start..].strip_prefix(b"<line number=\"")?)?;
    let (hit, rest) = leading_hit(rest.strip_prefix(b"\" hits=\"")?)?;
    let ends: [&[u8]; 3] = [b"\"/>", b"\" branch=\"false\"/>", b"\" branch=\"False\"/>"];
    let rest = ends.iter().find_map(|end| rest.strip_prefix(*end))?;
    Some(((line, hit), text.len() - rest.len()))
}

/// The line and whether it was hit, where nothing is unusual.
#[inline]
fn plain(at: &[u8], count: &[u8]) -> Option<(u32, bool)> {
    let ((line, behind), (hit, rest)) = (leading_line(at)?, leading_hit(count)?);
    (behind.is_empty() && rest.is_empty()).then_some((line, hit))
}

/// Reads `50% (1/2)`: the numbers count, and the share before them, however it is rounded, does not.
fn taken(text: &[u8], oddities: &mut Oddities) -> Result<Branches, &'static str> {
    let text = text.trim_ascii();
    let Some(open) = memchr::memchr(b'(', text) else {
        let share = text.strip_suffix(b"%").unwrap_or(text);
        return if share.is_empty() || hits(share).is_some() { Ok(Branches::Untold) } else { Err(CONDITIONS) };
    };
    let inner = text.get(open + 1..).unwrap_or_default();
    let inner = inner.strip_suffix(b")").ok_or(CONDITIONS)?;
    let slash = memchr::memchr(b'/', inner).ok_or(CONDITIONS)?;
    let (hit, all) = (inner.get(..slash).unwrap_or_default(), inner.get(slash + 1..).unwrap_or_default());
    match (number(hit), number(all)) {
        (Some(_), Some(0)) => Ok(Branches::None),
        (Some(hit), Some(all)) => Ok(Branches::Told(hit, all)),
        _ if hits(hit).is_none() || hits(all).is_none() => Err(CONDITIONS),
        // What is a count and no number is undefined, or below 0, or has a fraction.
        _ => {
            oddities.undefined += 1;
            Ok(Branches::Untold)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_are_known_by_how_they_are_written() {
        for (text, expected) in [
            ("<line number=\"1\" hits=\"0\"/>", Some((1, false))),
            ("\r\n\t <line number=\"999999999\" hits=\"00012345678901234567890\"/>", Some((999_999_999, true))),
            ("<line number=\"7\" hits=\"3\" branch=\"false\"/>", Some((7, true))),
            ("<line number=\"7\" hits=\"3\" branch=\"False\"/>", Some((7, true))),
            ("<line number=\"7\" hits=\"3\" branch=\"true\"/>", None),
            ("<line number=\"0\" hits=\"3\"/>", None),
            ("<line number=\"\" hits=\"3\"/>", None),
            ("<line number=\"1234567890\" hits=\"3\"/>", None),
            ("<line number=\"7\" hits=\"\"/>", None),
            ("<line number=\"7\" hits=\"-3\"/>", None),
            ("<line number=\"7\" hits=\"3\" />", None),
            ("<line number=\"7\" hits=\"3\">", None),
            ("<line hits=\"3\" number=\"7\"/>", None),
            ("<line number=\"7\" hits=\"3\"", None),
            ("<lines number=\"7\" hits=\"3\"/>", None),
            ("  ", None),
            ("x<line number=\"7\" hits=\"3\"/>", None),
        ] {
            let behind = format!("{text}<line");
            for (text, length) in [(text, text.len()), (behind.as_str(), text.len())] {
                assert_eq!(plain_line(text.as_bytes()), expected.map(|line| (line, length)), "{text}");
            }
        }
    }
}
