//! The smallest pieces of XML: classes of bytes, names, and what to say of anything else.

/// Why a piece was not read.
#[derive(Debug)]
pub(super) enum Stop {
    /// It goes on behind the bytes that are there.
    More,
    /// It is not what it should be. In a box, so that a result is small.
    Bad(Box<Wrong>),
}

/// What is wrong, and where, from the beginning of the bytes that were read.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) ahead: usize,
    pub(super) message: String,
}

/// The complaint that says `message` of the byte at `at`.
#[cold]
pub(super) fn bad<T>(at: usize, message: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Bad(Box::new(Wrong { ahead: at, message: message.into() })))
}

const NAME: u8 = 1;
const NAME_START: u8 = 2;
const SPACE: u8 = 4;
/// May end the value of an attribute, or is more than itself there.
pub(super) const VALUE_STOP: u8 = 8;

/// What each byte may be. Bytes from 0x80 are taken as parts of names whatever the encoding.
const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        class[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b':' | 0x80.. => NAME | NAME_START,
            b'0'..=b'9' | b'-' | b'.' => NAME,
            b' ' | b'\t' | b'\n' | b'\r' => SPACE,
            b'"' | b'\'' | b'<' | b'&' => VALUE_STOP,
            _ => 0,
        };
        byte += 1;
    }
    class
};

#[inline]
pub(super) fn is(byte: u8, class: u8) -> bool {
    CLASS[usize::from(byte)] & class != 0
}

/// Where the white space that stands at `at` ends.
#[inline]
pub(super) fn space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|&byte| is(byte, SPACE)) {
        at += 1;
    }
    at
}

/// A name: where its local part begins, and where it ends. Half the width of `usize`, since a tag is short.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Name {
    local: u32,
    end: u32,
}

impl Name {
    /// Where it ends.
    #[inline]
    pub(super) fn end(self) -> usize {
        self.end as usize
    }

    /// The part behind its prefix.
    #[inline]
    pub(super) fn local(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.local as usize..self.end as usize).unwrap_or_default()
    }
}

/// The name at `from`.
#[inline(always)]
pub(super) fn name(bytes: &[u8], from: usize) -> Result<Name, Stop> {
    let (mut local, mut end) = (from, from);
    loop {
        let Some(&byte) = bytes.get(end) else { return Err(Stop::More) };
        if !is(byte, NAME) {
            break;
        }
        end += 1;
        if byte == b':' {
            local = end;
        }
    }
    match bytes.get(from) {
        Some(&first) if end > from && is(first, NAME_START) => Ok(Name { local: local as u32, end: end as u32 }),
        Some(&first) => bad(from, format!("expected a name, found {}", shown(first))),
        None => Err(Stop::More),
    }
}

/// A byte for a message.
pub(super) fn shown(byte: u8) -> String {
    match byte {
        b'\n' | b'\r' => "the end of a line".to_owned(),
        0x20..=0x7E => format!("`{}`", char::from(byte)),
        _ => format!("the byte 0x{byte:02X}"),
    }
}

/// A name for a message: short, and without control characters.
pub(super) fn quoted(name: &[u8]) -> String {
    let short: String = String::from_utf8_lossy(name)
        .chars()
        .take(80)
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    format!("`{short}`")
}
