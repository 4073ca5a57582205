//! The paths that reports write, and the files they mean.
//!
//! Test tools write paths relative to the repository, relative to the package that was tested, absolute on the machine
//! that ran the tests, absolute inside a container, or named after packages of classes. Each path is tried in this order,
//! and what it matched by is counted, so that a report can be explained:
//!
//! 1. what `coverage.map` says of it;
//! 2. absolute and inside the root: that file;
//! 3. relative to a folder that the report names;
//! 4. where the root is a folder of a repository: from the top of that, or by the longest end that names one of its files;
//! 5. named after a package or a module: by its source root or `go.mod` (`packages`, `modules`);
//! 6. relative to one folder for all: of those above the report and one that nobody named, the one that most paths fit;
//! 7. absolute elsewhere: by the end of its path (`endings`), unless other paths were found as they are written.
//!
//! A path is never tried below several folders until one fits: a file of that name in another package is another file.

mod elsewhere;
mod endings;
mod folders;
mod mapping;
mod modules;
mod packages;
mod paths;
mod repository;

use std::borrow::Cow;
use std::collections::BTreeMap;

use tollgate_check::paths::above as folders_above;
use tollgate_check::{CheckError, Context};

use self::endings::Endings;
pub(crate) use self::folders::package_of;
pub(crate) use self::mapping::Mappings;
use self::modules::Module;
use self::paths::{below, below_folder, inside, join, located};
pub(crate) use self::paths::{is_absolute, is_dependency};
use self::repository::Repository;
use crate::reading::PathStyle;

/// What a path of a report means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The file of this very path, relative to the root.
    Same,
    /// This file, relative to the root.
    File(String),
    /// No file that is there.
    Nowhere,
    /// Something outside the root.
    Outside,
    /// A file of the repository that lies outside the root.
    Beside,
    /// Any of these files, and more perhaps.
    Several(Vec<String>),
}

impl Place {
    /// Whether it is a file.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Self::Same | Self::File(_))
    }
}

/// How many paths of a report are tried to find the folder they are relative to.
const SAMPLE: usize = 1000;

/// How many of them are tried for each of many folders.
const FEW: usize = 100;

/// How many folders a report may name before only those count that a sample of paths fits, and how many count at all.
const FEW_ROOTS: usize = 8;
const MOST_NAMED: usize = 32;

/// How many folders above a report are tried.
const ABOVE: usize = 32;

/// The way of absolute paths inside the root.
const ABSOLUTE: &str = "absolute paths";

/// How many ways of matching are told apart.
const MOST_WAYS: usize = 12;

/// The paths of one report and what it says about them.
pub(crate) struct Written<'a> {
    /// The report's own path.
    pub(crate) report: &'a str,
    /// Its paths, with forward slashes.
    pub(crate) paths: &'a [&'a str],
    /// What they are.
    pub(crate) style: PathStyle,
    /// Folders it names as those that paths are relative to.
    pub(crate) roots: &'a [String],
}

/// What the paths of one report mean.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    /// One for each path, in their order.
    pub(crate) places: Vec<Place>,
    /// What they matched by, each with how many, the most first.
    pub(crate) ways: Vec<(String, u64)>,
}

/// Finds what paths mean, report after report.
pub(crate) struct Resolver<'a, 'b> {
    ctx: &'a Context<'b>,
    mappings: Mappings,
    /// Made when first needed.
    endings: Option<Endings>,
    modules: Option<Vec<Module>>,
}

impl<'a, 'b> Resolver<'a, 'b> {
    /// Looks in the tree of `ctx`, and follows `mappings` first.
    pub(crate) fn new(ctx: &'a Context<'b>, mappings: Mappings) -> Self {
        Self { ctx, mappings, endings: None, modules: None }
    }

    /// What each path of a report means.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub(crate) fn resolve(&mut self, written: &Written<'_>) -> Result<Resolved, CheckError> {
        let mut run = Run { ctx: self.ctx, written, ways: BTreeMap::new(), places: Vec::new() };
        run.places = vec![Place::Nowhere; written.paths.len()];
        let mut open: Vec<usize> = (0..written.paths.len()).collect();
        if !self.mappings.is_empty() {
            run.mapped(&self.mappings, &mut open)?;
        }
        run.absolute(&mut open)?;
        run.named(&mut open)?;
        if written.style == PathStyle::File {
            if let Some(repository) = Repository::around(self.ctx) {
                run.of_repository(&repository, &mut open)?;
            }
            let above = run.best_above(&open)?;
            if above.fits < above.tried || !run.foreign_roots().is_empty() {
                let endings = endings(&mut self.endings, self.ctx)?;
                run.below_foreign_roots(endings, &mut open);
                run.one_folder(endings, above, &mut open)?;
                run.in_several_folders(endings);
            } else {
                run.below(&above.folder, &mut open)?;
            }
        }
        if !open.is_empty() {
            let endings = endings(&mut self.endings, self.ctx)?;
            match written.style {
                PathStyle::Package => run.packages(endings, &mut open),
                PathStyle::Go => {
                    let modules = self.modules.get_or_insert_with(|| modules::modules(self.ctx, endings));
                    run.modules(modules, &mut open)?;
                }
                PathStyle::File => {}
            }
            if written.style != PathStyle::File && !open.is_empty() {
                let above = run.best_above(&open)?;
                run.below(&above.folder, &mut open)?;
            }
            run.by_ends(endings, self.modules.as_deref().unwrap_or_default(), &open);
        }
        let mut ways: Vec<_> = run.ways.into_iter().collect();
        ways.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(Resolved { places: run.places, ways })
    }
}

/// The work on one report.
struct Run<'a, 'b> {
    ctx: &'a Context<'b>,
    written: &'a Written<'a>,
    ways: BTreeMap<String, u64>,
    places: Vec<Place>,
}

impl Run<'_, '_> {
    fn set(&mut self, at: usize, file: String, way: &str) {
        self.places[at] = Place::File(file);
        self.count(way, 1);
    }

    fn count(&mut self, way: &str, by: u64) {
        if let Some(count) = self.ways.get_mut(way) {
            *count += by;
        } else {
            let way = if self.ways.len() < MOST_WAYS { way } else { "in other ways" };
            *self.ways.entry(way.to_owned()).or_default() += by;
        }
    }

    /// What `coverage.map` says. A path that it names means what it says, also where no file is there.
    fn mapped(&mut self, mappings: &Mappings, open: &mut Vec<usize>) -> Result<(), CheckError> {
        let mut left = Vec::new();
        for at in std::mem::take(open) {
            match mappings.apply(self.written.report, self.written.paths[at]) {
                None => left.push(at),
                Some((file, way)) => match file.as_deref().map(|file| located(self.ctx, file)).transpose()?.flatten() {
                    Some(file) => self.set(at, file.into_owned(), &way),
                    None => self.places[at] = Place::Nowhere,
                },
            }
        }
        *open = left;
        Ok(())
    }

    fn paths<'c>(&'c self, open: &'c [usize]) -> impl Iterator<Item = &'c str> {
        open.iter().map(|at| self.written.paths[*at])
    }

    /// Absolute paths inside the root. What stays open is absolute elsewhere, or relative.
    fn absolute(&mut self, open: &mut Vec<usize>) -> Result<(), CheckError> {
        if !self.paths(open).any(is_absolute) {
            return Ok(());
        }
        let mut left = Vec::new();
        for at in std::mem::take(open) {
            let path = self.written.paths[at];
            match (is_absolute(path), inside(self.ctx, path)) {
                (true, Some(file)) => {
                    if let Some(file) = located(self.ctx, &file)? {
                        self.set(at, file.into_owned(), ABSOLUTE);
                    }
                }
                (true, None) => {
                    self.places[at] = Place::Outside;
                    left.push(at);
                }
                (false, _) => left.push(at),
            }
        }
        *open = left;
        Ok(())
    }

    /// Relative paths below the folders that the report names. One that lies below two of them may be either.
    fn named(&mut self, open: &mut Vec<usize>) -> Result<(), CheckError> {
        let roots = self.inside_roots(open)?;
        if roots.is_empty() {
            return Ok(());
        }
        let ways: Vec<String> = roots.iter().map(|root| below(root)).collect();
        let mut left = Vec::new();
        for at in std::mem::take(open) {
            let path = self.written.paths[at];
            let mut found: Vec<(usize, String)> = Vec::new();
            if !is_absolute(path) {
                for (which, root) in roots.iter().enumerate() {
                    if let Some(file) = join(root, path)
                        && let Some(file) = located(self.ctx, &file)?
                        && found.iter().all(|(_, known)| **known != *file)
                    {
                        found.push((which, file.into_owned()));
                    }
                }
            }
            match found.len() {
                0 => left.push(at),
                1 => found.into_iter().for_each(|(which, file)| self.set(at, file, &ways[which])),
                _ => self.places[at] = Place::Several(found.into_iter().take(2).map(|(_, file)| file).collect()),
            }
        }
        *open = left;
        Ok(())
    }

    /// Folders inside the root that the report names: absolute, or relative to a folder above the report, the one that
    /// most paths fit. Of many, those that any of a sample of paths fits.
    fn inside_roots(&self, open: &[usize]) -> Result<Vec<String>, CheckError> {
        let sample: Vec<&str> = self.paths(open).filter(|path| !is_absolute(path)).take(SAMPLE).collect();
        let mut roots: Vec<String> = Vec::new();
        let many = self.written.roots.len() > FEW_ROOTS;
        for root in self.written.roots {
            let root = root.replace('\\', "/");
            let root = if is_absolute(&root) {
                inside(self.ctx, &root).map(|folder| if folder == "." { String::new() } else { folder })
            } else {
                let above =
                    folders_above(self.written.report).take(ABOVE).filter_map(|folder| below_folder(folder, &root));
                let mut best: Option<(usize, String)> = None;
                for folder in above {
                    let fits = self.fits(&folder, &sample[..sample.len().min(FEW)])?;
                    if best.as_ref().is_none_or(|(most, _)| fits > *most) {
                        best = Some((fits, folder));
                    }
                }
                best.filter(|(fits, _)| *fits > 0 || !many).map(|(_, folder)| folder)
            };
            if let Some(root) = root
                && !roots.contains(&root)
                && (!many || self.fits(&root, &sample)? > 0)
                && roots.len() < MOST_NAMED
            {
                roots.push(root);
            }
        }
        Ok(roots)
    }

    /// How many of `paths` are files below `folder`.
    fn fits(&self, folder: &str, paths: &[&str]) -> Result<usize, CheckError> {
        let mut fits = 0;
        for path in paths {
            if let Some(joined) = join(folder, path) {
                fits += usize::from(located(self.ctx, &joined)?.is_some());
            }
        }
        Ok(fits)
    }

    /// Relative paths below `folder`; what is not there is nowhere, or leads outside.
    fn below(&mut self, folder: &str, open: &mut Vec<usize>) -> Result<(), CheckError> {
        let mut left = Vec::new();
        let mut count = 0;
        for at in std::mem::take(open) {
            let path = self.written.paths[at];
            if is_absolute(path) {
                left.push(at);
                continue;
            }
            let place = match join(folder, path) {
                Some(file) => match (located(self.ctx, &file)?, &file) {
                    (Some(Cow::Borrowed(_)), Cow::Borrowed(_)) => Place::Same,
                    (Some(file), _) => Place::File(file.into_owned()),
                    (None, _) => Place::Nowhere,
                },
                None => Place::Outside,
            };
            count += u64::from(place.is_file());
            if self.written.style == PathStyle::Go && !place.is_file() {
                left.push(at);
            }
            // What may be any of several files elsewhere is still that.
            if place.is_file() || !matches!(self.places[at], Place::Several(_)) {
                self.places[at] = place;
            }
        }
        if count > 0 {
            self.count(&below(folder), count);
        }
        *open = left;
        Ok(())
    }

    fn packages(&mut self, endings: &Endings, open: &mut Vec<usize>) {
        let mut known = packages::Modules::new();
        let mut by_file: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for at in std::mem::take(open) {
            match packages::place(self.ctx, endings, self.written.report, self.written.paths[at], &mut known) {
                Place::File(file) => by_file.entry(file).or_default().push(at),
                Place::Nowhere => open.push(at),
                place => self.places[at] = place,
            }
        }
        for (file, paths) in by_file {
            // Files of one package and name in two modules are two files, of which one is here: that of the module whose folder it
            // lies in.
            let lies_in = |at: &usize| {
                let module = self.written.paths[*at].split_once(':').map_or("", |(module, _)| module);
                !module.is_empty() && packages::has_folders(&file, module)
            };
            let mut ours = paths.iter().copied().filter(lies_in);
            let at = match (&paths[..], ours.next(), ours.next()) {
                ([at], ..) => *at,
                (_, Some(at), None) => at,
                _ => {
                    paths.into_iter().for_each(|at| self.places[at] = Place::Several(vec![file.clone()]));
                    continue;
                }
            };
            let way = match self.written.paths[at].rsplit(':').next().and_then(|path| file.strip_suffix(path)) {
                Some(root) => below(root.trim_end_matches('/')),
                None => "packages named in the files".to_owned(),
            };
            self.set(at, file, &way);
        }
    }

    fn modules(&mut self, modules: &[Module], open: &mut Vec<usize>) -> Result<(), CheckError> {
        let mut left = Vec::new();
        for at in std::mem::take(open) {
            match modules::place(self.ctx, modules, self.written.paths[at])? {
                Some((file, module)) => {
                    let folder = if module.folder.is_empty() { "." } else { &module.folder };
                    self.set(at, file, &format!("{} is {folder}", module.path));
                }
                None => left.push(at),
            }
        }
        *open = left;
        Ok(())
    }
}

fn endings<'a>(known: &'a mut Option<Endings>, ctx: &Context<'_>) -> Result<&'a Endings, CheckError> {
    match known {
        Some(endings) => Ok(endings),
        none => Ok(none.insert(Endings::new(ctx)?)),
    }
}

#[cfg(test)]
mod tests;
