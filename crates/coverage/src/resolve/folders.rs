//! The one folder that relative paths of a report are relative to.

use tollgate_check::paths::is_in;
use tollgate_check::{CheckError, Context};

use super::endings::Endings;
use super::paths::{is_absolute, located};
use super::{ABOVE, Place, Run, SAMPLE, folders_above};

/// Files that make a folder a package of its own.
const MANIFESTS: [&str; 9] = [
    "package.json",
    "pyproject.toml",
    "setup.py",
    "Cargo.toml",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "composer.json",
];

impl Run<'_, '_> {
    /// The folder above the report that most relative paths fit; of equal ones the nearest.
    pub(super) fn best_above(&self, open: &[usize]) -> Result<Above, CheckError> {
        let sample: Vec<&str> = self.paths(open).filter(|path| !is_absolute(path)).take(SAMPLE).collect();
        let mut best = Above { folder: String::new(), fits: 0, tried: sample.len() };
        for folder in folders_above(self.written.report).take(ABOVE) {
            let fits = self.fits(folder, &sample)?;
            if fits > best.fits {
                best = Above { folder: folder.to_owned(), fits, ..best };
            }
        }
        Ok(best)
    }

    /// Relative paths below the folder that most of them fit: one above the report, or one that nobody named, in the package
    /// that the report lies in.
    pub(super) fn one_folder(
        &mut self,
        endings: &Endings,
        above: Above,
        open: &mut Vec<usize>,
    ) -> Result<(), CheckError> {
        let path = |at: &usize| self.written.paths[*at].trim_start_matches("./");
        let relative = |at: &usize| !is_absolute(path(at)) && !path(at).starts_with("..");
        let sample: Vec<&str> = open.iter().filter(|at| relative(at)).take(SAMPLE).map(path).collect();
        let package = package_of(self.ctx, self.written.report)?;
        match endings.folder_of(&sample) {
            Some((folder, fits)) if fits > above.fits && (package.is_empty() || is_in(&folder, package)) => {
                self.below(&folder, open)
            }
            _ => self.below(&above.folder, open),
        }
    }

    /// Where no path was found, those that several folders have may be the file of any of them.
    pub(super) fn in_several_folders(&mut self, endings: &Endings) {
        if self.places.iter().any(Place::is_file) {
            return;
        }
        for (path, place) in self.written.paths.iter().zip(&mut self.places) {
            let files = endings.ending_with(path.trim_start_matches("./"));
            if *place == Place::Nowhere && files.len() > 1 {
                *place = Place::Several(files.iter().take(2).cloned().collect());
            }
        }
    }
}

/// The nearest folder above a report that has a manifest: the package whose tests wrote it. The root has everything.
pub(crate) fn package_of<'p>(ctx: &Context<'_>, report: &'p str) -> Result<&'p str, CheckError> {
    for folder in folders_above(report).take(ABOVE) {
        for manifest in MANIFESTS {
            if folder.is_empty() || located(ctx, &format!("{folder}/{manifest}"))?.is_some() {
                return Ok(folder);
            }
        }
    }
    Ok("")
}

/// The folder above a report that most of a sample of its paths fit.
pub(super) struct Above {
    pub(super) folder: String,
    pub(super) fits: usize,
    pub(super) tried: usize,
}
