//! Where in the repository a foreign artifact is.

use std::collections::BTreeMap;

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use crate::merge::log::{members, text};
use crate::uri;

/// Longest address that is read, UTF-16 code units.
const ADDRESS: usize = 4_096;
/// How many bases may stand upon each other.
const BASES: usize = 16;

/// An artifact location (§3.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) uri: Option<String>,
    base: Option<String>,
    index: Option<u64>,
}

impl Address {
    /// Takes an artifact location; another kind of value says nothing.
    pub(super) fn read(reader: &mut Reader) -> Result<Self, InputError> {
        let mut address = Self::default();
        members(reader, |reader, key| {
            match key {
                "uri" => address.uri = text(reader, ADDRESS)?,
                "uriBaseId" => address.base = text(reader, ADDRESS)?,
                "index" => address.index = whole(reader)?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(address)
    }
}

/// Takes a whole number from 0; another kind of value is passed over.
pub(super) fn whole(reader: &mut Reader) -> Result<Option<u64>, InputError> {
    if reader.kind()? == Kind::Number {
        return Ok(reader.number()?.as_u64());
    }
    reader.skip()?;
    Ok(None)
}

/// What a run says of where things are.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// `artifacts` (§3.14.15), by place.
    pub(super) artifacts: Vec<Address>,
    /// `originalUriBaseIds` (§3.14.14).
    pub(super) bases: BTreeMap<String, Address>,
    /// `workingDirectory` of its invocations (§3.20.19).
    pub(super) folders: Vec<Address>,
}

impl Places {
    /// The address relative to the repository's top, percent-encoded; none where it is not known to lie in the
    /// repository.
    pub(super) fn relative(&self, address: &Address) -> Option<String> {
        let path = match self.path(address, BASES)? {
            path if is_absolute(&path) => self.inside(&path)?,
            path => path,
        };
        uri::relative("", &path)
    }

    /// What to call the address where it is not in the repository.
    pub(super) fn shown<'a>(&'a self, address: &'a Address) -> Option<&'a str> {
        self.at(address).uri.as_deref()
    }

    /// The artifact at the index, for an address that has no text.
    fn at<'a>(&'a self, address: &'a Address) -> &'a Address {
        let index = address.index.filter(|_| address.uri.is_none());
        let artifact = index.and_then(|index| self.artifacts.get(usize::try_from(index).ok()?));
        artifact.unwrap_or(address)
    }

    /// The decoded path, with what it is relative to as far as that is said; none for an address that is no file's.
    fn path(&self, address: &Address, depth: usize) -> Option<String> {
        let address = self.at(address);
        let path = file_path(address.uri.as_deref()?)?;
        if is_absolute(&path) {
            return Some(path);
        }
        let base = address.base.as_ref().and_then(|name| self.bases.get(name));
        let Some(base) = base.filter(|base| base.uri.is_some() && depth > 0) else { return Some(path) };
        let folder = self.path(base, depth - 1)?;
        Some(format!("{}/{path}", folder.trim_end_matches('/')))
    }

    /// `path` without the top of the repository: a base called like a source root, the shortest other one, or the
    /// folder in which the tool ran.
    fn inside(&self, path: &str) -> Option<String> {
        let absolute = |address: &Address| file_path(address.uri.as_deref()?).filter(|path| is_absolute(path));
        let named = |wanted: bool| {
            let bases = self.bases.iter().filter(move |(name, _)| name.to_uppercase().contains("SRCROOT") == wanted);
            let mut folders: Vec<String> = bases.filter_map(|(_, base)| absolute(base)).collect();
            folders.sort_by_key(String::len);
            folders
        };
        let ran = self.folders.iter().filter_map(absolute);
        named(true).into_iter().chain(named(false)).chain(ran).find_map(|folder| {
            let folder = folder.trim_end_matches('/');
            let rest = path.strip_prefix(folder)?.strip_prefix('/')?;
            (!folder.is_empty()).then(|| rest.to_owned())
        })
    }
}

/// The path of an address (RFC 3986, RFC 8089) or a path that was written in its stead; none for another scheme.
fn file_path(uri: &str) -> Option<String> {
    let (scheme, rest) = match uri.split_once(':') {
        Some((scheme, rest))
            if scheme.len() > 1 && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) =>
        {
            (Some(scheme), rest)
        }
        _ => (None, uri),
    };
    match scheme {
        None => {}
        Some(scheme) if scheme.eq_ignore_ascii_case("file") => {}
        Some(_) => return None,
    }
    let rest = match rest.strip_prefix("//") {
        // The host, nearly always empty.
        Some(rest) if scheme.is_some() => rest.find('/').map_or("", |at| &rest[at..]),
        _ => rest,
    };
    let path = decoded(rest).replace('\\', "/");
    // `/C:/x` of an address is `C:/x`.
    let drive = path.strip_prefix('/').filter(|path| has_drive(path));
    Some(drive.map_or(path.as_str(), |path| path).to_owned())
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || has_drive(path)
}

fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic())
}

fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    while let [byte, tail @ ..] = rest {
        rest = tail;
        let pair = match tail {
            [high, low, ..] if *byte == b'%' => digit(high).zip(digit(low)),
            _ => None,
        };
        match pair {
            Some((high, low)) => {
                bytes.push((high << 4 | low) as u8);
                rest = &tail[2..];
            }
            None => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(uri: &str, base: Option<&str>) -> Address {
        Address { uri: Some(uri.to_owned()), base: base.map(str::to_owned), index: None }
    }

    #[test]
    fn addresses_are_found_in_the_repository() {
        let places = Places {
            artifacts: vec![address("src/from%20index.ts", None)],
            bases: BTreeMap::from([
                ("%SRCROOT%".to_owned(), address("file:///work/repo/", None)),
                ("LIB".to_owned(), address("lib/", Some("%SRCROOT%"))),
                ("BIN".to_owned(), address("file:///usr/", None)),
                ("OPEN".to_owned(), Address::default()),
                ("LOOP".to_owned(), address("x", Some("LOOP"))),
            ]),
            folders: vec![address("file:///C:/a/b", None)],
        };
        for (uri, base, expected) in [
            ("src/a.ts", None, Some("src/a.ts")),
            ("src/a.ts", Some("%SRCROOT%"), Some("src/a.ts")),
            ("a.c", Some("LIB"), Some("lib/a.c")),
            ("a.c", Some("OPEN"), Some("a.c")),
            ("a.c", Some("unknown"), Some("a.c")),
            ("file:///work/repo/x/%C3%BC.ts", None, Some("x/%C3%BC.ts")),
            ("file://localhost/work/repo/x.ts", None, Some("x.ts")),
            ("/work/repo/x.ts", None, Some("x.ts")),
            ("/work/repository/x.ts", None, None),
            ("lib/x", Some("BIN"), Some("lib/x")),
            ("C:\\a\\b\\c d.cs", None, Some("c%20d.cs")),
            ("file:///C:/a/b/c.cs", None, Some("c.cs")),
            ("D:/a/b/c.cs", None, None),
            ("src\\a.cs", None, Some("src/a.cs")),
            ("https://example.org/x", None, None),
            ("../x", None, None),
            ("", None, None),
            (".", None, None),
            ("100%", None, Some("100%25")),
            ("a%zz%4", None, Some("a%25zz%254")),
        ] {
            assert_eq!(places.relative(&address(uri, base)).as_deref(), expected, "{uri} {base:?}");
        }
        assert!(places.relative(&address("a", Some("LOOP"))).is_some());
        let indexed = |index| Address { index: Some(index), ..Address::default() };
        assert_eq!(places.relative(&indexed(0)).as_deref(), Some("src/from%20index.ts"));
        assert_eq!(places.relative(&indexed(7)), None);
        assert_eq!(places.shown(&indexed(0)), Some("src/from%20index.ts"));
    }
}
