//! Files that a verb asks to be written: inside the checked root, all of them or none.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use tollgate_check::NewFile;
use tollgate_input::Root;

use crate::outputs::{self, Output};

/// Writes `files` below `root`, each by rename; folders that are missing are made.
///
/// # Errors
/// A place that is outside the root, or holds anything but a regular file: then nothing is written.
pub(crate) fn write(root: &Root, files: Vec<NewFile>) -> anyhow::Result<()> {
    let mut outputs = Vec::new();
    let mut taken = BTreeSet::new();
    for NewFile { path, bytes } in files {
        let place = place(root, &path).with_context(|| format!("{path}: not written"))?;
        if !taken.insert(place.clone()) {
            bail!("{path}: not written: two files are to stand there");
        }
        outputs.push(Output::bytes(place, bytes));
    }
    for folder in outputs.iter().filter_map(|output| output.path.parent()) {
        fs::create_dir_all(folder).with_context(|| format!("{} could not be made", folder.display()))?;
    }
    outputs::commit(outputs, false)
}

/// Where the file at `path` lies or will lie, links followed as long as they stay inside.
fn place(root: &Root, path: &str) -> anyhow::Result<PathBuf> {
    let Some(relative) = root.relative(path).filter(|relative| relative != "." && !path.ends_with('/')) else {
        bail!("a file inside the checked folder is expected");
    };
    let mut real = root.path().to_owned();
    let mut parts = relative.split('/').peekable();
    while let Some(part) = parts.next() {
        real.push(part);
        if fs::symlink_metadata(&real).is_err_and(|e| e.kind() == std::io::ErrorKind::NotFound) {
            // What is not there is made, and so leads nowhere.
            real.extend(parts);
            break;
        }
        real = inside(root, &real)?;
        let fits = if parts.peek().is_some() { real.is_dir() } else { real.is_file() };
        if !fits {
            let expected = if parts.peek().is_some() { "folder" } else { "regular file" };
            bail!("{} is no {expected}", real.strip_prefix(root.path()).unwrap_or(&real).display());
        }
    }
    Ok(real)
}

/// What `path`, which exists, really is.
fn inside(root: &Root, path: &Path) -> anyhow::Result<PathBuf> {
    let real = fs::canonicalize(path)?;
    if !real.starts_with(root.path()) {
        bail!("a link leads outside the checked folder");
    }
    Ok(real)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn temp() -> (tempfile::TempDir, Root) {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::new(dir.path()).unwrap();
        (dir, root)
    }

    fn file(path: &str) -> NewFile {
        NewFile { path: path.to_owned(), bytes: b"new".to_vec() }
    }

    #[test]
    fn files_are_replaced_and_folders_made() {
        let (dir, root) = temp();
        fs::write(dir.path().join("old.txt"), "old and longer").unwrap();
        let absolute = root.path().join("c.txt").display().to_string();
        write(&root, ["old.txt", "a/b/../new.txt", "./d/e.txt", &absolute].map(file).into()).unwrap();
        for path in ["old.txt", "a/new.txt", "d/e.txt", "c.txt"] {
            assert_eq!(fs::read(dir.path().join(path)).unwrap(), b"new", "{path}");
        }
        let all = fs::read_dir(dir.path()).unwrap().count();
        assert_eq!(all, 4, "no temporary file is left");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_outside_nor_over_what_is_no_file() {
        use std::os::unix::fs::symlink;
        let (dir, root) = temp();
        let other = tempfile::tempdir().unwrap();
        let link = |to: &Path, name: &str| symlink(to, dir.path().join(name)).unwrap();
        fs::write(other.path().join("secret"), "s").unwrap();
        link(other.path(), "out");
        link(&other.path().join("secret"), "file");
        link(&other.path().join("none"), "dangling");
        link(Path::new("loop"), "loop");
        fs::create_dir(dir.path().join("folder")).unwrap();
        fs::write(dir.path().join("plain"), "p").unwrap();
        let bad = [
            "../x",
            "/x",
            "a/../../x",
            "",
            ".",
            "a/",
            "out/x",
            "out/new/x",
            "file",
            "dangling",
            "loop",
            "folder",
            "plain/x",
            "a\0b",
        ];
        for path in bad {
            let error = write(&root, vec![file("good.txt"), file(path)]).unwrap_err();
            assert!(format!("{error:#}").contains(path), "{path:?}: {error:#}");
            assert!(!dir.path().join("good.txt").exists(), "{path:?}: all or nothing");
        }
        assert!(write(&root, vec![file("twice"), file("./twice")]).is_err());
        let names: Vec<_> = fs::read_dir(other.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["secret"]);
        assert_eq!(fs::read(other.path().join("secret")).unwrap(), b"s");
    }

    #[cfg(unix)]
    #[test]
    fn links_within_are_written_through() {
        let (dir, root) = temp();
        fs::create_dir(dir.path().join("real")).unwrap();
        fs::write(dir.path().join("real/a.txt"), "old").unwrap();
        std::os::unix::fs::symlink("real/a.txt", dir.path().join("link.txt")).unwrap();
        std::os::unix::fs::symlink("real", dir.path().join("folder")).unwrap();
        write(&root, vec![file("link.txt"), file("folder/b.txt")]).unwrap();
        assert!(fs::symlink_metadata(dir.path().join("link.txt")).unwrap().is_symlink());
        for path in ["real/a.txt", "real/b.txt"] {
            assert_eq!(fs::read(dir.path().join(path)).unwrap(), b"new", "{path}");
        }
    }
}
