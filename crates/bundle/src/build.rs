//! One build folder as the readers of manifests see it.

use std::collections::BTreeSet;

use tollgate_input::json_stream::Reader;
use tollgate_input::{Digest, Entry, InputError, Root};
use tollgate_model::{Cause, Problem, format};

use crate::asset::within;

/// Largest manifest that is read, in bytes. Nothing of it is kept but what is asked for.
const LARGEST: u64 = 2 << 30;

/// Largest text that is read whole, in bytes.
const LARGEST_TEXT: u64 = 16 << 20;

/// Longest string of a manifest, in bytes.
const LONGEST: usize = 1 << 20;

/// How many files a problem names.
const MOST_NAMED: usize = 5;

/// A build folder, its files known.
pub(crate) struct Build<'a> {
    /// What paths are relative to.
    pub(crate) root: &'a Root,
    /// The build folder, relative to the root.
    pub(crate) dir: &'a str,
    /// The manifest that the configuration names, relative to the root.
    pub(crate) manifest: Option<&'a str>,
    /// Paths of its files, relative to the folder, those left out of the count included.
    pub(crate) files: &'a BTreeSet<&'a str>,
    /// Whether the file at a path of these is counted.
    pub(crate) counted: &'a dyn Fn(&str) -> bool,
    /// Told of each file that was read, with its path relative to the root.
    pub(crate) record: &'a dyn Fn(&str, Digest),
}

impl Build<'_> {
    /// The path, relative to the root, of what lies at `path` in the build folder.
    pub(crate) fn at(&self, path: &str) -> String {
        within(self.dir, path)
    }

    /// Whether a file lies at `path`, relative to the root.
    pub(crate) fn has(&self, path: &str) -> bool {
        matches!(self.root.entry(path), Ok(Entry::File(_)))
    }

    /// Reads the JSON file at `path`, relative to the root, with `take`, and records it.
    ///
    /// # Errors
    /// It is missing or no such JSON; the message names file and line.
    pub(crate) fn json<T>(
        &self,
        path: &str,
        take: impl FnOnce(&mut Reader) -> Result<T, InputError>,
    ) -> Result<T, Problem> {
        let mut reader = self.reader(path)?;
        let read = || {
            let taken = take(&mut reader)?;
            reader.end()?;
            (self.record)(path, reader.digest());
            Ok(taken)
        };
        read().map_err(|error: InputError| error.problem())
    }

    /// The JSON file at `path`, relative to the root, at its beginning; nothing is recorded.
    ///
    /// # Errors
    /// It is missing, too large, or cannot be read.
    pub(crate) fn reader(&self, path: &str) -> Result<Reader, Problem> {
        self.root.window(path, LARGEST, LONGEST).map(Reader::new).map_err(|error| error.problem())
    }

    /// The text of the file at `path`, relative to the root, recorded; bytes that are not UTF-8 are replaced.
    ///
    /// # Errors
    /// It is missing, too large, or cannot be read.
    pub(crate) fn text(&self, path: &str) -> Result<String, Problem> {
        let (bytes, digest) = self.root.read(path, LARGEST_TEXT).map_err(|error| error.problem())?;
        (self.record)(path, digest);
        Ok(tollgate_input::utf8(&bytes).into_owned())
    }

    /// The text of the build's own file at `path`, relative to the build folder; not recorded, since the folder is evidence
    /// already. Bytes that are not UTF-8 are replaced.
    ///
    /// # Errors
    /// It is missing, too large, or cannot be read.
    pub(crate) fn script(&self, path: &str) -> Result<String, Problem> {
        let (bytes, _) = self.root.read(&self.at(path), LARGEST_TEXT).map_err(|error| error.problem())?;
        Ok(tollgate_input::utf8(&bytes).into_owned())
    }

    /// A problem that names those of `paths` that are no file of the build, if any: `manifest` promises them.
    pub(crate) fn missing<'p>(&self, manifest: &str, paths: impl IntoIterator<Item = &'p str>) -> Option<Problem> {
        let gone: BTreeSet<&str> = paths.into_iter().filter(|path| !self.files.contains(path)).collect();
        let shown: Vec<&str> = gone.iter().take(MOST_NAMED).copied().collect();
        let named = format::few(&shown, gone.len());
        let message = format!("{manifest}: names files that the build does not have: {named}; build again");
        (!gone.is_empty()).then(|| Problem::new(Cause::Missing, message).at(manifest))
    }
}

/// Builds for tests of readers.
#[cfg(test)]
pub(crate) mod sample {
    use std::collections::BTreeSet;
    use std::fs;

    use tollgate_input::Root;

    use super::Build;

    /// Writes `files` (path relative to the root, text) into a folder, and lets `look` see the build in `dir`: its files are
    /// those that lie there.
    pub(crate) fn build<T>(dir: &str, files: &[(&str, &str)], look: impl FnOnce(&mut Build<'_>) -> T) -> T {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let root = Root::new(folder.path()).unwrap();
        let inside: BTreeSet<&str> =
            files.iter().filter_map(|(path, _)| path.strip_prefix(dir)?.strip_prefix('/')).collect();
        look(&mut Build { root: &root, dir, manifest: None, files: &inside, counted: &|_| true, record: &|_, _| {} })
    }
}
