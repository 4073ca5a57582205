//! Compressed sizes that were found before, by content.
//!
//! One file of lines, `<BLAKE3 of the content> <engine> <bytes> <check>`, to which each run appends what it found in one piece, so
//! that runs beside one another lose nothing. The check is a digest over the rest of its line: a line that is cut, merged with
//! another or altered is passed over, as if it had not been there. A file that has grown large is written anew, by rename, with what
//! this run used. A cache that lies under version control came with the change that is judged, and is not believed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::engine::Engine;

/// Where it lies below the root.
pub(crate) const FOLDER: &str = ".tollgate/cache";
/// The file in it.
pub(crate) const FILE: &str = ".tollgate/cache/bundle-sizes";
const NAME: &str = "bundle-sizes";

/// Largest file that is read, and from what size on it is written anew, in bytes.
const LARGEST: u64 = 32 << 20;
const GROWN: u64 = 16 << 20;

/// What is known, and where it is kept.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    /// None where nothing is kept.
    folder: Option<PathBuf>,
    known: BTreeMap<(String, Engine), u64>,
    /// How large the file was.
    bytes: u64,
}

impl Cache {
    /// A cache that knows nothing and keeps nothing.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// What is kept below `root`. What cannot be read counts as nothing, and so does what is no plain file in plain folders.
    pub(crate) fn open(root: &Path) -> Self {
        let folder = root.join(FOLDER);
        let mut text = Vec::new();
        if is_plain(&folder)
            && let Some(file) = plain_file(&folder.join(NAME))
        {
            let _ = File::open(file).and_then(|file| file.take(LARGEST).read_to_end(&mut text));
        }
        let bytes = text.len() as u64;
        let lines = text.split(|byte| *byte == b'\n');
        let known = lines.filter_map(|line| parse(std::str::from_utf8(line).ok()?)).collect();
        Self { folder: Some(folder), known, bytes }
    }

    /// The size of the content with this digest after `engine`.
    pub(crate) fn get(&self, blake3: &str, engine: Engine) -> Option<u64> {
        self.known.get(&(blake3.to_owned(), engine)).copied()
    }

    /// Keeps what was `found`, and, where the file is written anew, what was `used`. What cannot be written is not kept.
    pub(crate) fn keep(&self, found: &[(String, Engine, u64)], used: &BTreeSet<(String, Engine)>) {
        if let Some(folder) = self.folder.as_ref().filter(|_| !found.is_empty()) {
            let _ = self.write(folder, found, used);
        }
    }

    fn write(
        &self,
        folder: &Path,
        found: &[(String, Engine, u64)],
        used: &BTreeSet<(String, Engine)>,
    ) -> io::Result<()> {
        // A line of its own, even after one that was cut.
        let mut text = "\n".to_owned();
        found.iter().for_each(|(blake3, engine, size)| line(&mut text, blake3, *engine, *size));
        let above = folder.parent().unwrap_or(folder);
        for folder in [above, folder] {
            match fs::create_dir(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        if !is_plain(folder) {
            return Err(io::Error::other("is no plain folder"));
        }
        // It keeps itself out of version control.
        if let Ok(mut ignore) = OpenOptions::new().write(true).create_new(true).open(folder.join(".gitignore")) {
            ignore.write_all(b"*\n")?;
        }
        let file = folder.join(NAME);
        if fs::symlink_metadata(&file).is_ok() && plain_file(&file).is_none() {
            return Err(io::Error::other("is no plain file"));
        }
        if self.bytes < GROWN {
            return OpenOptions::new().append(true).create(true).open(file)?.write_all(text.as_bytes());
        }
        for ((blake3, engine), size) in self.known.iter().filter(|(key, _)| used.contains(*key)) {
            line(&mut text, blake3, *engine, *size);
        }
        let fresh = folder.join(format!("{NAME}.{}", std::process::id()));
        fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, file)).inspect_err(|_| drop(fs::remove_file(&fresh)))
    }
}

/// `path`, where a regular file lies there and no link to one.
fn plain_file(path: &Path) -> Option<&Path> {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file()).then_some(path)
}

/// Whether neither the folder nor the one above it is a link or another repository: nothing is read or written elsewhere.
fn is_plain(folder: &Path) -> bool {
    let plain = |path: &Path| {
        fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir()) && fs::symlink_metadata(path.join(".git")).is_err()
    };
    plain(folder) && folder.parent().is_some_and(plain)
}

fn line(text: &mut String, blake3: &str, engine: Engine, size: u64) {
    let entry = format!("{blake3} {} {size}", engine.id());
    let _ = writeln!(text, "{entry} {}", check(&entry));
}

fn parse(line: &str) -> Option<((String, Engine), u64)> {
    let (entry, checked) = line.rsplit_once(' ')?;
    if check(entry) != checked {
        return None;
    }
    let mut parts = entry.split(' ');
    let (blake3, engine, size) = (parts.next()?, parts.next()?, parts.next()?);
    let engine = Engine::ALL.into_iter().find(|known| known.id() == engine)?;
    Some(((blake3.to_owned(), engine), size.parse().ok()?))
}

/// The first 16 hex digits of the line's BLAKE3.
fn check(entry: &str) -> String {
    blake3::hash(entry.as_bytes()).to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digest(n: u64) -> String {
        blake3::hash(&n.to_le_bytes()).to_hex().to_string()
    }

    fn keep(root: &Path, from: u64, to: u64) {
        let found: Vec<_> = (from..to).map(|n| (digest(n), Engine::Brotli, n)).collect();
        Cache::open(root).keep(&found, &BTreeSet::new());
    }

    #[test]
    fn what_was_kept_is_known_to_the_next_run() {
        let root = tempfile::tempdir().unwrap();
        keep(root.path(), 0, 3);
        keep(root.path(), 3, 5);
        let cache = Cache::open(root.path());
        assert_eq!(
            (0..6).map(|n| cache.get(&digest(n), Engine::Brotli)).collect::<Vec<_>>(),
            [Some(0), Some(1), Some(2), Some(3), Some(4), None]
        );
        assert_eq!(cache.get(&digest(1), Engine::Gzip), None);
        assert_eq!(fs::read_to_string(root.path().join(FOLDER).join(".gitignore")).unwrap(), "*\n");
        assert_eq!(Cache::none().get(&digest(1), Engine::Brotli), None);
    }

    #[test]
    fn runs_beside_one_another_lose_nothing() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                scope.spawn(move || {
                    (0..20).for_each(|n| keep(path, thread * 1000 + n * 10, thread * 1000 + n * 10 + 10))
                });
            }
        });
        let cache = Cache::open(path);
        for n in (0..8).flat_map(|thread| thread * 1000..thread * 1000 + 200) {
            assert_eq!(cache.get(&digest(n), Engine::Brotli), Some(n));
        }
    }

    #[test]
    fn a_file_that_has_grown_keeps_what_is_used() {
        let root = tempfile::tempdir().unwrap();
        keep(root.path(), 0, 3);
        let file = root.path().join(FOLDER).join(NAME);
        let mut text = fs::read(&file).unwrap();
        text.resize(usize::try_from(GROWN).unwrap(), b'\n');
        fs::write(&file, text).unwrap();
        let used = BTreeSet::from([(digest(1), Engine::Brotli)]);
        Cache::open(root.path()).keep(&[(digest(9), Engine::Gzip, 7)], &used);
        assert!(fs::metadata(&file).unwrap().len() < 500);
        let cache = Cache::open(root.path());
        assert_eq!((cache.get(&digest(1), Engine::Brotli), cache.get(&digest(2), Engine::Brotli)), (Some(1), None));
        assert_eq!(cache.get(&digest(9), Engine::Gzip), Some(7));
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_read_or_written_elsewhere() {
        use std::os::unix::fs::symlink;
        let other = tempfile::tempdir().unwrap();
        fs::create_dir_all(other.path().join("cache")).unwrap();
        let knows = |root: &Path| Cache::open(root).get(&digest(1), Engine::Brotli).is_some();
        // The folder above is a link, the folder is one, the file is one, and what it leads to need not be there.
        for (link, to) in [(".tollgate", ""), (".tollgate/cache", "cache"), (FILE, "sizes")] {
            let root = tempfile::tempdir().unwrap();
            fs::create_dir_all(root.path().join(link).parent().unwrap()).unwrap();
            symlink(other.path().join(to), root.path().join(link)).unwrap();
            keep(root.path(), 0, 3);
            assert!(!knows(root.path()), "{link}");
        }
        let left: Vec<_> = fs::read_dir(other.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["cache"]);
        assert_eq!(fs::read_dir(other.path().join("cache")).unwrap().count(), 0);
        // Another repository's cache came with a commit.
        let root = tempfile::tempdir().unwrap();
        keep(root.path(), 0, 3);
        assert!(knows(root.path()));
        fs::write(root.path().join(".tollgate/.git"), "gitdir: x").unwrap();
        assert!(!knows(root.path()));
    }

    proptest! {
        #[test]
        fn damage_is_passed_over(cuts in proptest::collection::vec((0_usize..700, any::<u8>()), 0..12), end in 0_usize..700) {
            let root = tempfile::tempdir().unwrap();
            keep(root.path(), 0, 6);
            let file = root.path().join(FOLDER).join(NAME);
            let mut text = fs::read(&file).unwrap();
            for (at, byte) in cuts {
                let at = at % text.len();
                text[at] = byte;
            }
            text.truncate(end);
            fs::write(&file, text).unwrap();
            let cache = Cache::open(root.path());
            for n in 0..6 {
                let known = cache.get(&digest(n), Engine::Brotli);
                prop_assert!(known.is_none() || known == Some(n));
            }
            prop_assert!(cache.known.len() <= 6);
        }
    }
}
