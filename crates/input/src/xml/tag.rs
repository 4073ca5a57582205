//! Start tags and their attributes.

use super::syntax::{Name, Stop, VALUE_STOP, bad, is, name, quoted, shown, space};
use super::text::reference;

/// How many attributes one element may have.
const MOST_ATTRIBUTES: usize = 1_000;
/// Up to this many attributes, each name is compared with those before it; of more, they are sorted.
const FEW_ATTRIBUTES: usize = 16;
/// The longest tag, bytes: an offset within it has 32 bits.
const MOST_LENGTH: usize = u32::MAX as usize;

/// An attribute as offsets into the tag it stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute {
    pub(super) name: Name,
    from: u32,
    value: u32,
    end: u32,
    /// Length, first, middle and last byte of the name: different for different names, mostly.
    key: u32,
}

impl Attribute {
    /// The value as written, without its quotes.
    #[inline]
    pub(super) fn value<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.value as usize..self.end as usize).unwrap_or_default()
    }

    /// The name as written, with its prefix.
    fn full<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.from as usize..self.name.end()).unwrap_or_default()
    }
}

#[inline]
fn key(name: &[u8]) -> u32 {
    match name {
        [] => 0,
        [first, rest @ ..] => {
            let byte = |at: usize| u32::from(rest.get(at).copied().unwrap_or_default());
            let length = rest.len();
            (length as u32) << 24 | u32::from(*first) << 16 | byte(length / 2) << 8 | byte(length.saturating_sub(1))
        }
    }
}

/// A start tag, or one of an empty element, as offsets from its `<`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tag {
    pub(super) name: Name,
    pub(super) length: usize,
    /// It ends with `/>`.
    pub(super) empty: bool,
}

/// The start tag at the beginning of `bytes` becomes `tag`, and its attributes `attributes`.
#[inline]
pub(super) fn start_tag(bytes: &[u8], tag: &mut Tag, attributes: &mut Vec<Attribute>) -> Result<(), Stop> {
    attributes.clear();
    let bytes = bytes.get(..MOST_LENGTH).unwrap_or(bytes);
    tag.name = name(bytes, 1)?;
    let mut at = tag.name.end();
    loop {
        let from = at;
        at = space(bytes, at);
        match bytes.get(at..) {
            Some([b'>', ..]) => {
                tag.empty = false;
                tag.length = at + 1;
                return no_duplicate(bytes, attributes);
            }
            Some([b'/', b'>', ..]) => {
                tag.empty = true;
                tag.length = at + 2;
                return no_duplicate(bytes, attributes);
            }
            None | Some([] | [b'/']) => return Err(Stop::More),
            Some([b'<', ..]) => return bad(at, "a tag that is not ended; expected `>` before the next `<`"),
            Some([other, ..]) if at == from => {
                return bad(at, format!("expected white space, `>` or `/>`, found {}", shown(*other)));
            }
            Some(_) if attributes.len() == MOST_ATTRIBUTES => {
                return bad(at, format!("an element has more than {MOST_ATTRIBUTES} attributes"));
            }
            Some(_) => at = push_attribute(bytes, at, attributes)?,
        }
    }
}

/// Reads the attribute at `from` and says where it ends.
pub(super) fn push_attribute(bytes: &[u8], from: usize, attributes: &mut Vec<Attribute>) -> Result<usize, Stop> {
    let name = name(bytes, from)?;
    let mut at = space(bytes, name.end());
    match bytes.get(at) {
        Some(b'=') => at += 1,
        Some(&other) => {
            return bad(at, format!("expected `=` behind the name of an attribute, found {}", shown(other)));
        }
        None => return Err(Stop::More),
    }
    at = space(bytes, at);
    let quote = match bytes.get(at) {
        Some(&quote @ (b'"' | b'\'')) => quote,
        Some(&other) => {
            return bad(at, format!("expected the value of an attribute in quotes, found {}", shown(other)));
        }
        None => return Err(Stop::More),
    };
    at += 1;
    let value = at;
    loop {
        let Some(&byte) = bytes.get(at) else { return Err(Stop::More) };
        if !is(byte, VALUE_STOP) {
            at += 1;
        } else if byte == quote {
            break;
        } else if byte == b'&' {
            at += reference(bytes, at)?.0;
        } else if byte == b'<' {
            return bad(at, "`<` in the value of an attribute; expected `&lt;`, or the quote that ends it");
        } else {
            at += 1;
        }
    }
    let written = bytes.get(from..name.end()).unwrap_or_default();
    let key = key(written);
    if attributes.len() < FEW_ATTRIBUTES {
        for twin in attributes.iter() {
            if twin.key == key && twin.full(bytes) == written {
                return twice(bytes, twin);
            }
        }
    }
    // Made where it is pushed: to copy it right after its fields were written would stall the processor, and double the
    // time of a scan.
    attributes.push(Attribute { name, from: from as u32, value: value as u32, end: at as u32, key });
    Ok(at + 1)
}

/// Sees to names that were not compared when they came.
#[inline]
fn no_duplicate(bytes: &[u8], attributes: &[Attribute]) -> Result<(), Stop> {
    if attributes.len() <= FEW_ATTRIBUTES { Ok(()) } else { no_duplicate_of_many(bytes, attributes) }
}

fn no_duplicate_of_many(bytes: &[u8], attributes: &[Attribute]) -> Result<(), Stop> {
    let mut sorted: Vec<&Attribute> = attributes.iter().collect();
    sorted.sort_by_key(|a| a.full(bytes));
    match sorted.array_windows().find(|[a, b]| a.full(bytes) == b.full(bytes)) {
        Some([first, _]) => twice(bytes, first),
        None => Ok(()),
    }
}

fn twice<T>(bytes: &[u8], attribute: &Attribute) -> Result<T, Stop> {
    bad(attribute.from as usize, format!("the attribute {} stands twice in one element", quoted(attribute.full(bytes))))
}
