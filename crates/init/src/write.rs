//! Files that are written: all of them or none.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::InitError;

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewFile {
    /// From the top of the repository, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
    /// Whether one that is there may be replaced.
    pub(crate) replaces: bool,
}

/// What was there before a file was put in its place.
struct Done {
    place: PathBuf,
    before: Option<Vec<u8>>,
}

/// Writes `files` below `top`, each by rename. Where one fails, those before it are taken back.
pub(crate) fn write(top: &Path, files: &[NewFile]) -> Result<(), InitError> {
    let mut made = Vec::new();
    let written = write_all(top, files, &mut made);
    if written.is_err() {
        // Only folders that were made here, and only where they are still empty.
        for folder in made.iter().rev() {
            let _kept = fs::remove_dir(folder);
        }
    }
    written
}

fn write_all(top: &Path, files: &[NewFile], made: &mut Vec<PathBuf>) -> Result<(), InitError> {
    let failed = |file: &NewFile, error: &dyn std::fmt::Display| {
        InitError::Failed(format!("{}: not written: {error}; nothing was written", file.path))
    };
    let mut staged = Vec::new();
    for file in files {
        let place = place(top, &file.path).map_err(|e| failed(file, &e))?;
        let before = match fs::read(&place) {
            Ok(_) if !file.replaces => return Err(failed(file, &"it is there already; --force replaces it")),
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(failed(file, &error)),
        };
        let folder = place.parent().unwrap_or(top);
        folders(folder, made).map_err(|e| failed(file, &e))?;
        let temporary = temporary(folder, &file.text).map_err(|e| failed(file, &e))?;
        staged.push((file, temporary, Done { place, before }));
    }
    let mut done: Vec<Done> = Vec::new();
    for (file, temporary, one) in staged {
        let put = if one.before.is_some() {
            temporary.persist(&one.place).map(drop).map_err(|e| e.error)
        } else {
            temporary.persist_noclobber(&one.place).map(drop).map_err(|e| e.error)
        };
        if let Err(error) = put {
            take_back(&done);
            return Err(failed(file, &error));
        }
        done.push(one);
    }
    Ok(())
}

/// Puts back what was there before.
fn take_back(done: &[Done]) {
    for Done { place, before } in done {
        let _left = match before {
            Some(bytes) => fs::write(place, bytes),
            None => fs::remove_file(place),
        };
    }
}

/// Where `path` lies below `top`, no part of it being a link.
fn place(top: &Path, path: &str) -> Result<PathBuf, String> {
    let mut place = top.to_owned();
    for part in path.split('/') {
        place.push(part);
        match fs::symlink_metadata(&place) {
            Ok(found) if found.is_symlink() => return Err("a link stands in its place".to_owned()),
            Ok(found) if place == top.join(path) && !found.is_file() => return Err("it is no regular file".to_owned()),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(place)
}

/// Makes `folder` and what is missing above it, and notes what was made.
fn folders(folder: &Path, made: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        folders(above, made)?;
    }
    fs::create_dir(folder)?;
    made.push(folder.to_owned());
    Ok(())
}

fn temporary(folder: &Path, text: &str) -> std::io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    readable(&file)?;
    Ok(file)
}

/// Temporary files are the owner's alone; these are for whoever may read the folder.
#[cfg(unix)]
fn readable(file: &NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.as_file().set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_file: &NamedTempFile) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, replaces: bool) -> NewFile {
        NewFile { path: path.to_owned(), text: "new\n".to_owned(), replaces }
    }

    fn listed(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn all_files_are_written_with_their_folders() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &[file("a.toml", false), file(".github/workflows/t.yml", false)]).unwrap();
        assert_eq!(fs::read_to_string(dir.path().join(".github/workflows/t.yml")).unwrap(), "new\n");
        assert_eq!(listed(dir.path()), [".github", "a.toml"]);
    }

    #[test]
    fn where_one_cannot_be_written_none_is() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("there"), "old").unwrap();
        fs::create_dir(dir.path().join("folder")).unwrap();
        for (path, replaces, word) in [
            ("there", false, "--force replaces it"),
            ("folder", true, "no regular file"),
            ("there/x", true, "not written"),
        ] {
            let error = write(dir.path(), &[file("deep/er/a", false), file(path, replaces)]).unwrap_err();
            assert!(error.to_string().contains(word) && error.to_string().contains("nothing was written"), "{error}");
            assert_eq!(listed(dir.path()), ["folder", "there"], "{path}");
            assert_eq!(fs::read_to_string(dir.path().join("there")).unwrap(), "old");
        }
    }

    #[test]
    fn what_was_replaced_is_put_back() {
        let dir = tempfile::tempdir().unwrap();
        let (old, new) = (dir.path().join("old"), dir.path().join("new"));
        for path in [&old, &new] {
            fs::write(path, "written").unwrap();
        }
        take_back(&[
            Done { place: old.clone(), before: Some(b"before".to_vec()) },
            Done { place: new.clone(), before: None },
        ]);
        assert_eq!(fs::read_to_string(old).unwrap(), "before");
        assert!(!new.exists());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_written_through() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(other.path(), dir.path().join(".github")).unwrap();
        let error = write(dir.path(), &[file("a", false), file(".github/CODEOWNERS", true)]).unwrap_err();
        assert!(error.to_string().contains("a link stands in its place"), "{error}");
        assert!(listed(other.path()).is_empty());
        assert_eq!(listed(dir.path()), [".github"]);
    }
}
