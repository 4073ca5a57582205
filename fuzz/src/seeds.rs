//! Inputs to begin with.

use std::path::Path;
use std::{fs, io};

use crate::mutate::LONGEST;
use crate::targets::Target;

/// Most files taken from the repository.
const MOST: usize = 500;

/// The seeds of `target`: its own, and files below `repository`. In the same order everywhere.
pub(crate) fn of(target: &Target, repository: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut seeds: Vec<Vec<u8>> = target.seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    for (folder, end) in target.folders {
        let folder = repository.join(folder);
        if folder.is_dir() {
            collect(&folder, end, &mut seeds)?;
        }
    }
    Ok(seeds)
}

fn collect(folder: &Path, end: &str, seeds: &mut Vec<Vec<u8>>) -> io::Result<()> {
    let entries: Result<Vec<_>, _> = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = entries?;
    paths.sort();
    for path in paths {
        let meta = fs::symlink_metadata(&path)?;
        if meta.is_dir() {
            collect(&path, end, seeds)?;
        } else if meta.is_file() && meta.len() <= LONGEST as u64 && path.to_string_lossy().ends_with(end) {
            if seeds.len() >= MOST {
                break;
            }
            seeds.push(fs::read(&path)?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::all;

    #[test]
    fn every_target_has_a_seed_of_its_own() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for target in all() {
            assert!(!of(target, &repository).unwrap().is_empty(), "{}", target.name);
        }
    }

    #[test]
    fn files_of_the_repository_are_taken_by_their_end_and_size() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("fixtures/coverage/one/input");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.info"), "SF:a").unwrap();
        fs::write(folder.join("b.txt"), "no").unwrap();
        fs::write(folder.join("c.info"), vec![b'x'; LONGEST + 1]).unwrap();
        let lcov = all().find(|target| target.name == "coverage_lcov").unwrap();
        let seeds = of(lcov, dir.path()).unwrap();
        assert_eq!(seeds.len(), lcov.seeds.len() + 1);
        assert_eq!(seeds.last().unwrap(), b"SF:a");
    }
}
