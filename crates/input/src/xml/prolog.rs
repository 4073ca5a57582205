//! What comes before the root: the XML declaration and the DOCTYPE.

use memchr::{memchr, memmem};
use tollgate_model::format::count;

use super::syntax::{Stop, bad, quoted, shown, space};
use super::tag::push_attribute;
use super::value::Encoding;

/// The longest DOCTYPE, bytes.
const MOST_DOCTYPE: usize = 64 << 10;

/// The XML declaration at the beginning of `bytes`, which is `<?xml`: its length and its encoding, if it says one.
pub(super) fn declaration(bytes: &[u8]) -> Result<(usize, Option<Encoding>), Stop> {
    let mut attributes = Vec::new();
    let mut at = b"<?xml".len();
    loop {
        let from = at;
        at = space(bytes, at);
        match bytes.get(at..) {
            Some([b'?', b'>', ..]) => break,
            None | Some([] | [b'?']) => return Err(Stop::More),
            Some([other, ..]) if at == from || attributes.len() == 3 => {
                return bad(at, format!("expected `?>` at the end of the XML declaration, found {}", shown(*other)));
            }
            Some(_) => at = push_attribute(bytes, at, &mut attributes)?,
        }
    }
    let encoding = match attributes.iter().find(|attribute| attribute.name.local(bytes) == b"encoding") {
        Some(written) => match Encoding::named(written.value(bytes)) {
            Some(encoding) => Some(encoding),
            None => {
                let name = quoted(written.value(bytes));
                return bad(0, format!("the encoding {name} is not read; have the file written as UTF-8"));
            }
        },
        None => None,
    };
    Ok((at + 2, encoding))
}

/// The length of the DOCTYPE at the beginning of `bytes`, which is `<!DOCTYPE`. Nothing that it names is fetched, and
/// nothing that it declares is kept.
pub(super) fn doctype(bytes: &[u8]) -> Result<usize, Stop> {
    let bounded = bytes.get(..MOST_DOCTYPE);
    match within_doctype(bounded.unwrap_or(bytes)) {
        Err(Stop::More) if bounded.is_some() => {
            bad(0, format!("a DOCTYPE is longer than {} bytes", count(MOST_DOCTYPE as u64)))
        }
        length => length,
    }
}

fn within_doctype(bytes: &[u8]) -> Result<usize, Stop> {
    let mut at = b"<!DOCTYPE".len();
    let mut subset = false;
    let mut declaration = false;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        at += match rest {
            [] => return Err(Stop::More),
            [b'<', ..] if !subset || declaration => return bad(at, "`<` within a DOCTYPE, where nothing may begin"),
            [b'<', b'!', b'-', b'-', ..] => passed(rest, 4, b"-->")?,
            [b'<', b'?', ..] => passed(rest, 2, b"?>")?,
            // The next bytes tell a comment from a declaration.
            [b'<'] | [b'<', b'!'] | [b'<', b'!', b'-'] => return Err(Stop::More),
            [b'<', b'!', ..] => {
                declaration = true;
                2
            }
            [b'<', other, ..] => return bad(at, format!("expected a declaration, found `<` and {}", shown(*other))),
            [quote @ (b'"' | b'\''), tail @ ..] => memchr(*quote, tail).ok_or(Stop::More)? + 2,
            [b'[', ..] if !subset => {
                subset = true;
                1
            }
            [b']', ..] if subset && !declaration => {
                subset = false;
                1
            }
            [b'>', ..] if declaration => {
                declaration = false;
                1
            }
            [b'>', ..] if !subset => return Ok(at + 1),
            _ => 1,
        };
    }
}

/// How far `end` reaches in `rest`, looked for behind `from` bytes.
fn passed(rest: &[u8], from: usize, end: &[u8]) -> Result<usize, Stop> {
    let found = memmem::find(rest.get(from..).unwrap_or_default(), end).ok_or(Stop::More)?;
    Ok(from + found + end.len())
}
