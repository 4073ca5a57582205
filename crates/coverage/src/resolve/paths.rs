//! Paths as text: joined, above one another, absolute; and whether a file lies there.

use std::borrow::Cow;
use std::path::Path;

use memchr::memchr_iter;
use tollgate_check::{CheckError, Context};

/// Whether files below `path` belong to the system or to what a package manager installs.
pub(crate) fn is_dependency(path: &str) -> bool {
    const FOLDERS: [&str; 10] = [
        "node_modules",
        "site-packages",
        "dist-packages",
        ".cargo",
        "registry",
        ".m2",
        ".gradle",
        ".nuget",
        "vendor",
        "gems",
    ];
    let system = path == "/usr" || path.starts_with("/usr/") && !path.starts_with("/usr/src");
    system || path.contains("/pkg/mod/") || path.split('/').any(|part| FOLDERS.contains(&part))
}

/// `folder` joined with a relative `root`, which may be the folder itself; none when it leads above the root.
pub(super) fn below_folder(folder: &str, root: &str) -> Option<String> {
    if folder.is_empty() && matches!(root.trim_matches('/'), "." | "") {
        return Some(String::new());
    }
    join(folder, root).map(Cow::into_owned)
}

/// What to call paths that are relative to `folder`.
pub(super) fn below(folder: &str) -> String {
    if folder.is_empty() { "relative to the root".to_owned() } else { format!("below {folder}") }
}

/// Whether `path` begins at the top of a file system, of whatever system. Slashes are forward.
pub(crate) fn is_absolute(path: &str) -> bool {
    let drive = |bytes: &[u8]| bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && bytes[2] == b'/';
    path.starts_with('/') || path.as_bytes().first_chunk::<3>().is_some_and(|bytes| drive(bytes))
}

/// An absolute path relative to the root; none where it leads elsewhere, or belongs to another system.
pub(super) fn inside(ctx: &Context<'_>, path: &str) -> Option<String> {
    if Path::new(path).is_absolute() { ctx.root().relative(path) } else { None }
}

/// The file that lies at `path`, by the path it has in the repository; none where there is none that counts.
pub(super) fn located<'p>(ctx: &Context<'_>, path: &'p str) -> Result<Option<Cow<'p, str>>, CheckError> {
    Ok(ctx.tree().locate(path)?)
}

/// Whether no part of `path` is empty, `.` or `..`.
fn is_plain(path: &[u8]) -> bool {
    let part = |rest: &[u8]| {
        !matches!(rest, [] | [b'/' | b'.'] | [b'/', ..] | [b'.', b'/', ..] | [b'.', b'.'] | [b'.', b'.', b'/', ..])
    };
    part(path) && memchr_iter(b'/', path).all(|slash| part(&path[slash + 1..]))
}

/// `path` below `folder` without `.` and `..`; none when it leads above the root or to the root itself. Borrowed where that is
/// `path` as it is.
pub(super) fn join<'p>(folder: &str, path: &'p str) -> Option<Cow<'p, str>> {
    if folder.is_empty() && is_plain(path.as_bytes()) {
        return Some(Cow::Borrowed(path));
    }
    let mut joined = String::with_capacity(folder.len() + 1 + path.len());
    joined.push_str(folder);
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if joined.is_empty() => return None,
            ".." => joined.truncate(joined.rfind('/').unwrap_or(0)),
            _ => {
                if !joined.is_empty() {
                    joined.push('/');
                }
                joined.push_str(part);
            }
        }
    }
    (!joined.is_empty()).then_some(Cow::Owned(joined))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_joining_is_known() {
        let parts = ["", ".", "..", "a", "...", ".a", "a.", "..a"];
        for first in parts {
            for second in parts {
                for path in [first.to_owned(), format!("{first}/{second}"), format!("a/{first}/{second}")] {
                    let plain = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
                    assert_eq!(is_plain(path.as_bytes()), plain, "{path:?}");
                }
            }
        }
    }
}
