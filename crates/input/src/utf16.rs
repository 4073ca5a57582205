//! UTF-16 that passes through a window, as UTF-8.

use crate::{InputError, Source};

/// How many bytes are read at once.
const ROOM: usize = 1 << 16;

/// Makes UTF-8 of UTF-16. A lone half of a pair, and a lone last byte, become U+FFFD.
#[derive(Debug)]
pub(crate) struct Utf16 {
    big_endian: bool,
    /// What was read and not recoded is `raw[at..]`.
    raw: Vec<u8>,
    at: usize,
}

impl Utf16 {
    /// What recodes an input that begins with `head`, of which `head` was read; none where it is not UTF-16.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        let (big_endian, at) = match head {
            [0xFF, 0xFE, ..] => (false, 2),
            [0xFE, 0xFF, ..] => (true, 2),
            [0, second, ..] if *second != 0 => (true, 0),
            [first, 0, ..] if *first != 0 => (false, 0),
            _ => return None,
        };
        Some(Self { big_endian, raw: head.to_vec(), at })
    }

    /// Fills `room`, of at least 4 bytes, as far as whole characters fit; 0 only at the end of `source`.
    pub(crate) fn fill(&mut self, source: &mut Source, room: &mut [u8]) -> Result<usize, InputError> {
        let mut filled = 0;
        while room.len() - filled >= 4 {
            let Some((unit, length)) = self.unit(source)? else { break };
            self.at += length;
            let c = match unit {
                0xD800..=0xDBFF => self.low_half(source)?.and_then(|low| {
                    char::from_u32(0x10000 + ((u32::from(unit) - 0xD800) << 10) + u32::from(low) - 0xDC00)
                }),
                unit => char::from_u32(u32::from(unit)),
            };
            filled += c.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut room[filled..]).len();
        }
        Ok(filled)
    }

    /// The unit that comes next, if it is the second half of a pair; then it is passed over.
    fn low_half(&mut self, source: &mut Source) -> Result<Option<u16>, InputError> {
        match self.unit(source)? {
            Some((unit @ 0xDC00..=0xDFFF, length)) => {
                self.at += length;
                Ok(Some(unit))
            }
            _ => Ok(None),
        }
    }

    /// The unit that comes next and how many bytes it has; none at the end.
    fn unit(&mut self, source: &mut Source) -> Result<Option<(u16, usize)>, InputError> {
        if self.raw.len() - self.at < 2 {
            self.raw.drain(..self.at);
            self.at = 0;
            let held = self.raw.len();
            self.raw.resize(held + ROOM, 0);
            let read = source.fill(&mut self.raw[held..])?;
            self.raw.truncate(held + read);
        }
        Ok(match self.raw.get(self.at..).unwrap_or_default() {
            [a, b, ..] if self.big_endian => Some((u16::from_be_bytes([*a, *b]), 2)),
            [a, b, ..] => Some((u16::from_le_bytes([*a, *b]), 2)),
            [_] => Some((0xFFFD, 1)),
            [] => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use crate::{Digest, Source, Window, utf8};

    fn recoded(bytes: &[u8], room: usize) -> (String, Window) {
        let source = Source::new("r", Box::new(Cursor::new(bytes.to_vec())), u64::MAX);
        let mut window = Window::with_room(source, 1 << 20, room).unwrap().recoded().unwrap();
        while window.more().unwrap() {}
        (String::from_utf8(window.bytes().to_vec()).unwrap(), window)
    }

    #[test]
    fn both_orders_become_utf8_however_the_window_moves() {
        let text = "{\"a\": \"é\u{20AC}\u{1F600}\u{1F601}\n\"}".repeat(20_000);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = [b"\xFF\xFE".as_slice(), &little].concat();
        for bytes in [little, big.clone(), marked, [b"\xFE\xFF".as_slice(), &big].concat()] {
            for room in [3, 64, 1 << 17] {
                let (read, window) = recoded(&bytes, room);
                assert!(read == text, "{room}");
                assert_eq!(window.digest(), Digest::of(&bytes));
                assert_eq!(window.line(usize::MAX), 20_001);
            }
        }
    }

    #[test]
    fn halves_are_replaced_and_utf8_is_left() {
        for bytes in [
            b"\xFF\xFES\0F".as_slice(),
            b"\xFF\xFE\x3D\xD8a\0",
            b"\xFF\xFE\x00\xDEa\0",
            b"\xFF\xFE\x3D\xD8",
            b"\xFE\xFF\xD8\x3D\xDE\0",
            b"\xFF\xFE",
            b"{}",
            b"{",
            b"",
            b"\xEF\xBB\xBF{}",
        ] {
            assert_eq!(recoded(bytes, 4).0, utf8(bytes), "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn a_piece_that_is_too_long_is_refused() {
        let bytes: Vec<u8> = "x".repeat(5_000).encode_utf16().flat_map(u16::to_le_bytes).collect();
        let source = Source::new("r", Box::new(Cursor::new(bytes)), u64::MAX);
        let mut window = Window::with_room(source, 1_000, 16).unwrap().recoded().unwrap();
        let error = loop {
            match window.more() {
                Ok(more) => assert!(more),
                Err(error) => break error,
            }
        };
        assert!(error.to_string().contains("longer than 1,000 bytes"), "{error}");
    }
}
