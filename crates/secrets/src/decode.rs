//! Text that is written in another text: base64, hexadecimal digits, percent signs, escapes.

pub(crate) mod base64;
mod runs;

use std::borrow::Cow;
use std::ops::Range;

/// Longest piece that is decoded, in bytes.
const LONGEST: usize = 1 << 20;

/// One piece of a text and what it says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// Where it stands.
    pub(crate) span: Range<usize>,
    pub(crate) bytes: Vec<u8>,
}

/// Everything in `text[range]` that is readable text once decoded. A piece that only reaches into the range counts.
pub(crate) fn decoded(text: &[u8], range: Range<usize>, found: &mut dyn FnMut(Decoded)) {
    runs::digits(text, range.clone(), &mut |span| {
        if let Some(bytes) = digits(&text[span.clone()]) {
            found(Decoded { span, bytes });
        }
    });
    runs::escapes(text, range, &mut |span| {
        let bytes = unescaped(&text[span.clone()]);
        found(Decoded { span, bytes });
    });
}

/// What a run of base64 or hexadecimal digits says, where that is text.
fn digits(run: &[u8]) -> Option<Vec<u8>> {
    let run = &run[..run.len().min(LONGEST)];
    let hex = run.len() >= 32 && run.len().is_multiple_of(2) && run.iter().all(u8::is_ascii_hexdigit);
    let plain = hex.then(|| hexed(&run[..32])).flatten().filter(|start| is_text(start)).and_then(|_| hexed(run));
    plain
        .or_else(|| {
            let start = base64::decode(&run[..run.len().min(24) / 4 * 4])?;
            if !is_text(&start) {
                return None;
            }
            base64::decode(run)
        })
        .filter(|bytes| is_text(&bytes[..bytes.len().min(64)]))
}

fn hexed(run: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    run.chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// Whether bytes read like text: printable ASCII and white space, with at most a few others.
fn is_text(bytes: &[u8]) -> bool {
    let printable = |byte: &&u8| matches!(byte, 0x20..=0x7E | b'\n' | b'\r' | b'\t');
    let plain = bytes.iter().filter(printable).count();
    bytes.len() >= 9 && plain * 20 >= bytes.len() * 19
}

/// A word with its `%41`, `\x41` and `\u0041` read.
fn unescaped(word: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(word.len());
    let mut at = 0;
    while at < word.len() {
        let coded = match &word[at..] {
            [b'%', high, low, ..] => hexed(&[*high, *low]).map(|byte| (byte, 3)),
            [b'\\', b'x', high, low, ..] => hexed(&[*high, *low]).map(|byte| (byte, 4)),
            [b'\\', b'u', b'0', b'0', high, low, ..] => hexed(&[*high, *low]).map(|byte| (byte, 6)),
            _ => None,
        };
        match coded {
            Some((bytes, length)) => {
                out.extend(bytes);
                at += length;
            }
            None => {
                out.push(word[at]);
                at += 1;
            }
        }
    }
    out
}

/// The text as UTF-8, where it is UTF-16: by its first two bytes, or by every second byte of its beginning being zero.
pub(crate) fn utf8(text: &[u8]) -> Cow<'_, [u8]> {
    let wide = |start: usize, little: bool| {
        let unit = |pair: &[u8]| {
            if little { u16::from_le_bytes([pair[0], pair[1]]) } else { u16::from_be_bytes([pair[0], pair[1]]) }
        };
        let units = text[start..].chunks_exact(2).map(unit);
        Cow::Owned(
            char::decode_utf16(units)
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect::<String>()
                .into_bytes(),
        )
    };
    match text {
        [0xFF, 0xFE, ..] => wide(2, true),
        [0xFE, 0xFF, ..] => wide(2, false),
        [a, 0, b, 0, c, 0, ..] if [a, b, c].iter().all(|byte| (0x09..0x7F).contains(*byte)) => wide(0, true),
        [0, a, 0, b, 0, c, ..] if [a, b, c].iter().all(|byte| (0x09..0x7F).contains(*byte)) => wide(0, false),
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        decoded(text.as_bytes(), 0..text.len(), &mut |piece| {
            found.push(String::from_utf8_lossy(&piece.bytes).into_owned())
        });
        found
    }

    #[test]
    fn text_in_text_is_read() {
        assert_eq!(all("x: cGFzc3dvcmQ9aHVudGVyMjI= y"), ["password=hunter22"]);
        assert_eq!(all("\"70617373776f72643d68756e746572323232\""), ["password=hunter222"]);
        assert_eq!(all("a=%67%68%70_1&b"), ["a=ghp_1&b"]);
        assert_eq!(all(r#"k = "\x67\u0068\x70""#), ["\"ghp\""]);
        assert_eq!(
            all("sha512-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
            Vec::<String>::new()
        );
        assert_eq!(all("100% of 50%"), Vec::<String>::new());
    }

    #[test]
    fn wide_text_is_narrowed() {
        let wide: Vec<u8> = "key = 1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(utf8(&wide).as_ref(), b"key = 1");
        let marked: Vec<u8> = [0xFE, 0xFF].into_iter().chain("key".encode_utf16().flat_map(u16::to_be_bytes)).collect();
        assert_eq!(utf8(&marked).as_ref(), b"key");
        assert_eq!(utf8(b"plain").as_ref(), b"plain");
    }
}
