//! What lies in one folder.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs::{self, FileType};
use std::io;
use std::path::Path;

/// One entry of a folder.
#[derive(Clone, Debug)]
pub(crate) struct FolderEntry {
    pub(crate) name: OsString,
    /// Of the entry itself: a link is a link.
    pub(crate) kind: FileType,
}

impl FolderEntry {
    /// Its name in UTF-8; bytes that are not are written `\xNN`, so that two names never become one.
    pub(crate) fn shown(&self) -> Cow<'_, str> {
        shown(&self.name)
    }
}

/// The entries of `folder`, sorted by name.
///
/// # Errors
/// What the system says; `FileTooLarge` when there are more than `most`.
pub(crate) fn list(folder: &Path, most: usize) -> io::Result<Vec<FolderEntry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entries.len() == most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        entries.push(FolderEntry { name: entry.file_name(), kind: entry.file_type()? });
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

fn shown(name: &OsStr) -> Cow<'_, str> {
    if let Some(name) = name.to_str() {
        return Cow::Borrowed(name);
    }
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    Cow::Owned(text)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn names_that_are_not_utf8_stay_apart() {
        assert_eq!(shown(OsStr::from_bytes(b"a\xFFb.js")), "a\\xFFb.js");
        assert_ne!(shown(OsStr::from_bytes(b"\xFE")), shown(OsStr::from_bytes(b"\xFF")));
        assert_eq!(shown(OsStr::new("käse.js")), "käse.js");
    }

    #[test]
    fn listing_is_sorted_and_bounded() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b", "a", "c"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let names: Vec<_> = list(dir.path(), 3).unwrap().into_iter().map(|e| e.name).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(list(dir.path(), 2).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
