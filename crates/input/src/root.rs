//! The folder that reading stays inside.

use std::fs::{self, File};
use std::path::{Component, Path, PathBuf};

use crate::{Digest, InputError, Source, Window};

/// Largest file in UTF-16 that is read, in bytes.
const LARGEST_UTF16: u64 = 64 << 20;

/// A folder that reading stays inside: neither `..`, nor an absolute path, nor a symbolic link leads out of it.
#[derive(Clone, Debug)]
pub struct Root {
    path: PathBuf,
}

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A regular file and its size in bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A device, a pipe, a socket.
    Other,
}

impl Root {
    /// The folder at `path`, which must exist.
    pub fn new(path: &Path) -> Result<Self, InputError> {
        let shown = path.display().to_string();
        let real = fs::canonicalize(path).map_err(|e| InputError::io(&shown, &e))?;
        if !real.is_dir() {
            return Err(InputError::Io { path: shown, message: "is not a folder".to_owned() });
        }
        Ok(Self { path: real })
    }

    /// Its canonical path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// `path` relative to the root with forward slashes and without `.` or `..`; none when it leads outside.
    ///
    /// Purely textual: nothing needs to exist. An absolute path is accepted when it begins with the root's own path.
    pub fn relative(&self, path: &str) -> Option<String> {
        let path = Path::new(path);
        relative(if path.is_absolute() { path.strip_prefix(&self.path).ok()? } else { path })
    }

    /// What lies at `path`, following links as long as they stay inside.
    pub fn entry(&self, path: &str) -> Result<Entry, InputError> {
        let real = self.resolve(path)?;
        let meta = fs::metadata(real).map_err(|e| InputError::io(path, &e))?;
        Ok(if meta.is_file() {
            Entry::File(meta.len())
        } else if meta.is_dir() {
            Entry::Folder
        } else {
            Entry::Other
        })
    }

    /// Opens the regular file at `path` for reading at most `limit` bytes.
    pub fn open(&self, path: &str, limit: u64) -> Result<Source, InputError> {
        let real = self.resolve(path)?;
        // Ask before opening: opening a pipe would wait for its other end.
        let meta = fs::metadata(&real).map_err(|e| InputError::io(path, &e))?;
        if !meta.is_file() {
            return Err(InputError::Io { path: path.to_owned(), message: "is not a regular file".to_owned() });
        }
        if meta.len() > limit {
            return Err(InputError::TooLarge { path: path.to_owned(), limit });
        }
        let file = File::open(&real).map_err(|e| InputError::io(path, &e))?;
        Ok(Source::new(path, Box::new(file), limit))
    }

    /// The bytes of the regular file at `path`, at most `limit`, with their digest.
    pub fn read(&self, path: &str, limit: u64) -> Result<(Vec<u8>, Digest), InputError> {
        self.open(path, limit)?.read_all()
    }

    /// The regular file at `path`, at most `limit` bytes, as text of which one line or value has at most `longest` bytes. One in
    /// UTF-16, which its first two bytes say, is recoded ([`Window::recoded`]).
    pub fn window(&self, path: &str, limit: u64, longest: usize) -> Result<Window, InputError> {
        let window = Window::new(self.open(path, limit)?, longest)?;
        if !matches!(window.bytes(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) {
            return Ok(window);
        }
        Window::new(self.open(path, limit.min(LARGEST_UTF16))?, longest)?.recoded()
    }

    /// The canonical path of `path`, which must exist inside the root.
    pub fn resolve(&self, path: &str) -> Result<PathBuf, InputError> {
        let outside = || InputError::Outside { path: path.to_owned() };
        let relative = self.relative(path).ok_or_else(outside)?;
        let real = fs::canonicalize(self.path.join(relative)).map_err(|e| InputError::io(path, &e))?;
        if real.starts_with(&self.path) { Ok(real) } else { Err(outside()) }
    }
}

/// `path` with forward slashes and without `.` or `..`; none when it leads above where it begins, or is absolute.
pub fn relative(path: &Path) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

/// The bytes of a file that a person named on the command line, wherever it lies and through whatever links; at most
/// `limit`.
///
/// # Errors
/// It is missing, no regular file, too large, or cannot be read; the message names it as it was given.
pub fn read_named(path: &Path, limit: u64) -> Result<Vec<u8>, InputError> {
    let shown = path.display().to_string();
    let real = fs::canonicalize(path).map_err(|e| InputError::io(&shown, &e))?;
    let meta = fs::metadata(&real).map_err(|e| InputError::io(&shown, &e))?;
    if !meta.is_file() {
        return Err(InputError::Io { path: shown, message: "is not a regular file".to_owned() });
    }
    let file = File::open(&real).map_err(|e| InputError::io(&shown, &e))?;
    Ok(Source::new(&shown, Box::new(file), limit).read_all()?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn temp() -> (tempfile::TempDir, Root) {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::new(dir.path()).unwrap();
        (dir, root)
    }

    #[test]
    fn paths_stay_inside() {
        let (_dir, root) = temp();
        assert_eq!(root.relative("a/./b/../c").as_deref(), Some("a/c"));
        assert_eq!(root.relative(".").as_deref(), Some("."));
        assert_eq!(root.relative("../x"), None);
        assert_eq!(root.relative("a/../../x"), None);
        assert_eq!(root.relative("/etc/passwd"), None);
        let absolute = root.path().join("a/b");
        assert_eq!(root.relative(absolute.to_str().unwrap()).as_deref(), Some("a/b"));
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_outside() {
        let (dir, root) = temp();
        let other = tempfile::tempdir().unwrap();
        fs::write(other.path().join("secret"), "x").unwrap();
        std::os::unix::fs::symlink(other.path().join("secret"), dir.path().join("link")).unwrap();
        fs::write(dir.path().join("real"), "y").unwrap();
        std::os::unix::fs::symlink("real", dir.path().join("inner")).unwrap();
        assert!(matches!(root.open("link", 10), Err(InputError::Outside { .. })));
        assert_eq!(root.read("inner", 10).unwrap().0, b"y");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let (dir, root) = temp();
        fs::write(dir.path().join("big"), "0123456789").unwrap();
        fs::create_dir(dir.path().join("folder")).unwrap();
        assert_eq!(root.read("gone", 10), Err(InputError::Missing { path: "gone".to_owned() }));
        assert!(matches!(root.read("big", 9), Err(InputError::TooLarge { limit: 9, .. })));
        assert!(matches!(root.read("folder", 9), Err(InputError::Io { .. })));
        assert_eq!(root.entry("folder"), Ok(Entry::Folder));
        assert_eq!(root.entry("big"), Ok(Entry::File(10)));
    }
}
