//! Where foreign reports say that something is, relative to the checked folder.

use std::collections::HashMap;
use std::path::Path;

use tollgate_input::{Entry, Root};
use tollgate_model::{Location, format};

/// How many folders of absolute paths are remembered.
const MOST: usize = 10_000;

/// Makes absolute paths relative: below the checked folder, else by their longest ending that is a file there, since reports are
/// written on other machines and in containers.
pub(super) struct Places<'a> {
    root: &'a Root,
    /// By folder of an absolute path, how many of its components lie above the checked folder; none where no ending exists.
    above: HashMap<String, Option<usize>>,
    /// How many paths lead to no file of the checked folder.
    outside: u64,
}

impl<'a> Places<'a> {
    pub(super) fn new(root: &'a Root) -> Self {
        Self { root, above: HashMap::new(), outside: 0 }
    }

    /// Makes the path of `location` relative where that can be told.
    pub(super) fn settle(&mut self, location: &mut Location) {
        let path = &location.path;
        let drive = path.as_bytes().get(1) == Some(&b':');
        if !path.starts_with('/') && !drive {
            if let Some(relative) = self.root.relative(path) {
                location.path = relative;
            } else {
                self.outside += 1;
            }
            return;
        }
        // A path with a drive is absolute on the machine that wrote it, if not here.
        let here = Path::new(path).is_absolute().then(|| self.root.relative(path)).flatten();
        if let Some(relative) = here {
            location.path = relative;
            return;
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let above = match self.above.get(&folder) {
            Some(above) => *above,
            None => {
                let above = ending(self.root, path);
                if self.above.len() < MOST {
                    self.above.insert(folder, above);
                }
                above
            }
        };
        match above {
            Some(above) => location.path = path.split('/').skip(above).collect::<Vec<_>>().join("/"),
            None => self.outside += 1,
        }
    }

    /// What to say of paths that lead nowhere.
    pub(super) fn note(&self) -> Option<String> {
        let count = format::things(self.outside, "place");
        (self.outside > 0).then(|| format!("{count} of its findings lie in no file of the checked folder"))
    }
}

/// How many components of `path` stand before its longest ending that is a file below `root`.
fn ending(root: &Root, path: &str) -> Option<usize> {
    let parts: Vec<&str> = path.split('/').collect();
    (1..parts.len()).find(|at| matches!(root.entry(&parts[*at..].join("/")), Ok(Entry::File(_))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_paths_are_taken_by_their_longest_ending() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("src/src")).unwrap();
        for file in ["src/a.ts", "src/src/a.ts", "b.ts"] {
            std::fs::write(dir.path().join(file), "x").unwrap();
        }
        let root = Root::new(dir.path()).unwrap();
        let own = root.path().join("src/a.ts").display().to_string();
        let mut places = Places::new(&root);
        for (path, expected) in [
            (own.as_str(), "src/a.ts"),
            ("/home/runner/work/app/app/src/a.ts", "src/a.ts"),
            ("/w/src/src/a.ts", "src/src/a.ts"),
            ("C:/w/b.ts", "b.ts"),
            ("./src/../b.ts", "b.ts"),
            ("/w/none.ts", "/w/none.ts"),
            ("../../etc/passwd", "../../etc/passwd"),
        ] {
            let mut location = Location::file(path);
            places.settle(&mut location);
            assert_eq!(location.path, expected, "{path}");
        }
        assert_eq!(places.note().unwrap(), "2 places of its findings lie in no file of the checked folder");
    }
}
