//! The paths that reports write, and the files they mean.
//!
//! Test tools write paths relative to the repository, relative to the package that was tested, absolute on the machine
//! that ran the tests, absolute inside a container, or named after packages of classes. Each path is tried in this order,
//! and what it matched by is counted, so that a report can be explained:
//!
//! 1. what `coverage.map` says of it;
//! 2. absolute and inside the root: that file;
//! 3. relative: to a folder that the report names or to a folder above the report, first the one that most paths fit;
//! 4. absolute elsewhere: by the end of its path (`endings`);
//! 5. named after a package or a module: by its source root or `go.mod` (`packages`, `modules`);
//! 6. relative to a folder nobody named: the one folder below which most of the report's paths lie, if it is one.

mod endings;
mod mapping;
mod modules;
mod packages;

use std::collections::BTreeMap;
use std::path::Path;

use tollgate_check::{CheckError, Context};

use self::endings::Endings;
pub(crate) use self::mapping::Mappings;
use self::modules::Module;
use crate::reading::PathStyle;

/// What a path of a report means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// This file, relative to the root.
    File(String),
    /// No file that is there.
    Nowhere,
    /// Something outside the root.
    Outside,
    /// Any of these files, and more perhaps.
    Several(Vec<String>),
}

/// How many paths of a report are tried to find the folder they are relative to.
const SAMPLE: usize = 1000;

/// How many ways of matching are told apart.
const MOST_WAYS: usize = 12;

/// The paths of one report and what it says about them.
pub(crate) struct Written<'a> {
    /// The report's own path.
    pub(crate) report: &'a str,
    /// Its paths, with forward slashes.
    pub(crate) paths: &'a [String],
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
        run.near(&mut open)?;
        if !open.is_empty() {
            let endings = match &mut self.endings {
                Some(endings) => endings,
                none => none.insert(Endings::new(self.ctx)?),
            };
            match written.style {
                PathStyle::Package => run.packages(endings, &mut open),
                PathStyle::Go => {
                    let modules = self.modules.get_or_insert_with(|| modules::modules(self.ctx, endings));
                    run.modules(modules, &mut open)?;
                }
                PathStyle::File => {}
            }
            run.by_ends(endings, &mut open);
            run.one_folder(endings, &open)?;
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
            match mappings.apply(self.written.report, &self.written.paths[at]) {
                None => left.push(at),
                Some((Some(file), way)) if exists(self.ctx, &file)? => self.set(at, file, &way),
                Some(_) => self.places[at] = Place::Nowhere,
            }
        }
        *open = left;
        Ok(())
    }

    /// Absolute paths inside the root, and relative ones. What stays open is what neither is.
    fn near(&mut self, open: &mut Vec<usize>) -> Result<(), CheckError> {
        let paths = self.written.paths;
        let relative = open.iter().map(|at| paths[*at].as_str()).filter(|path| !is_absolute(path));
        let relative: Vec<&str> = relative.take(SAMPLE).collect();
        let bases = self.bases(&relative)?;
        let ways: Vec<String> = bases.iter().map(|base| below(base)).collect();
        let mut counts = vec![0; bases.len()];
        let mut left = Vec::new();
        for at in std::mem::take(open) {
            let path = &paths[at];
            if is_absolute(path) {
                match inside(self.ctx, path) {
                    Some(file) if exists(self.ctx, &file)? => self.set(at, file, "absolute paths"),
                    Some(_) => self.places[at] = Place::Nowhere,
                    None => {
                        self.places[at] = Place::Outside;
                        left.push(at);
                    }
                }
            } else {
                match self.relative(&bases, path)? {
                    (Place::File(file), base) => {
                        self.places[at] = Place::File(file);
                        counts[base] += 1;
                    }
                    (place, _) => {
                        self.places[at] = place;
                        left.push(at);
                    }
                }
            }
        }
        for (way, count) in ways.iter().zip(counts).filter(|(_, count)| *count > 0) {
            self.count(way, count);
        }
        *open = left;
        Ok(())
    }

    /// Folders that paths may be relative to, the one that most of `paths` fit first; of equal ones those that the report
    /// names, then the nearest to it.
    fn bases(&self, paths: &[&str]) -> Result<Vec<String>, CheckError> {
        let above: Vec<&str> = folders_above(self.written.report).collect();
        let mut bases: Vec<String> = Vec::new();
        for root in self.written.roots {
            let root = root.replace('\\', "/");
            if is_absolute(&root) {
                bases.extend(inside(self.ctx, &root).map(|folder| if folder == "." { String::new() } else { folder }));
            } else {
                bases.extend(above.iter().filter_map(|folder| join(folder, &root)));
            }
        }
        bases.extend(above.into_iter().map(str::to_owned));
        let mut counted: Vec<(usize, String)> = Vec::new();
        for base in bases {
            if counted.iter().any(|(_, known)| *known == base) {
                continue;
            }
            let mut fits = 0_usize;
            for path in paths {
                fits += usize::from(match join(&base, path) {
                    Some(joined) => exists(self.ctx, &joined)?,
                    None => false,
                });
            }
            counted.push((fits, base));
        }
        counted.sort_by_key(|(fits, _)| std::cmp::Reverse(*fits));
        Ok(counted.into_iter().map(|(_, folder)| folder).collect())
    }

    fn relative(&self, bases: &[String], path: &str) -> Result<(Place, usize), CheckError> {
        let mut place = Place::Outside;
        for (at, base) in bases.iter().enumerate() {
            let Some(joined) = join(base, path) else { continue };
            if exists(self.ctx, &joined)? {
                return Ok((Place::File(joined), at));
            }
            place = Place::Nowhere;
        }
        Ok((place, 0))
    }

    fn packages(&mut self, endings: &Endings, open: &mut Vec<usize>) {
        for at in std::mem::take(open) {
            match packages::place(self.ctx, endings, self.written.report, &self.written.paths[at]) {
                Place::File(file) => {
                    let way = match self.written.paths[at].rsplit(':').next().and_then(|path| file.strip_suffix(path)) {
                        Some(root) => below(root.trim_end_matches('/')),
                        None => "packages named in the files".to_owned(),
                    };
                    self.set(at, file, &way);
                }
                place => self.places[at] = place,
            }
        }
    }

    fn modules(&mut self, modules: &[Module], open: &mut Vec<usize>) -> Result<(), CheckError> {
        let mut left = Vec::new();
        for at in std::mem::take(open) {
            match modules::place(self.ctx, modules, &self.written.paths[at])? {
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

    /// Paths that begin elsewhere, by their ends; relative ones below each folder elsewhere that the report names.
    fn by_ends(&mut self, endings: &Endings, open: &mut Vec<usize>) {
        let elsewhere = |root: &&String| is_absolute(&root.replace('\\', "/")) && inside(self.ctx, root).is_none();
        let roots: Vec<String> = self.written.roots.iter().filter(elsewhere).map(|r| r.replace('\\', "/")).collect();
        let mut asked: Vec<(usize, String)> = Vec::new();
        for at in &*open {
            let path = &self.written.paths[*at];
            // An import path is as absolute as can be: no folder here stands for its beginning.
            if is_absolute(path) || self.written.style == PathStyle::Go {
                asked.push((*at, path.clone()));
            } else {
                asked.extend(roots.iter().map(|root| (*at, format!("{}/{path}", root.trim_end_matches('/')))));
            }
        }
        let found = endings.resolve(asked.iter().map(|(_, path)| path.as_str()));
        for ((at, _), found) in asked.iter().zip(found) {
            if let Some(found) = found
                && !matches!(self.places[*at], Place::File(_))
            {
                let to = if found.to.is_empty() { "." } else { &found.to };
                self.set(*at, found.file, &format!("{} is {to}", found.from));
            }
        }
        open.retain(|at| !matches!(self.places[*at], Place::File(_)));
    }

    /// Relative paths of which none was found: a package's, whose report lies elsewhere.
    fn one_folder(&mut self, endings: &Endings, open: &[usize]) -> Result<(), CheckError> {
        if self.written.style != PathStyle::File || self.places.iter().any(|place| matches!(place, Place::File(_))) {
            return Ok(());
        }
        let path = |at: &usize| self.written.paths[*at].trim_start_matches("./");
        let relative = |at: &usize| !is_absolute(path(at)) && !path(at).starts_with("..");
        let open: Vec<usize> = open.iter().copied().filter(relative).collect();
        let sample: Vec<&str> = open.iter().take(SAMPLE).map(path).collect();
        let Some(folder) = endings.folder_of(&sample) else { return Ok(()) };
        let way = below(&folder);
        for at in open {
            if let Some(file) = join(&folder, &self.written.paths[at])
                && exists(self.ctx, &file)?
            {
                self.set(at, file, &way);
            }
        }
        Ok(())
    }
}

/// What to call paths that are relative to `folder`.
fn below(folder: &str) -> String {
    if folder.is_empty() { "relative to the root".to_owned() } else { format!("below {folder}") }
}

/// Every folder that holds `path`, the nearest first, the root (empty) last.
fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    let above = |path: &str| path.rfind('/').unwrap_or(0);
    std::iter::successors(Some(&path[..above(path)]), move |folder| {
        (!folder.is_empty()).then(|| &folder[..above(folder)])
    })
}

/// Whether `path` begins at the top of a file system, of whatever system. Slashes are forward.
fn is_absolute(path: &str) -> bool {
    let drive = |bytes: &[u8]| bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && bytes[2] == b'/';
    path.starts_with('/') || path.as_bytes().first_chunk::<3>().is_some_and(|bytes| drive(bytes))
}

/// An absolute path relative to the root; none where it leads elsewhere, or belongs to another system.
fn inside(ctx: &Context<'_>, path: &str) -> Option<String> {
    if Path::new(path).is_absolute() { ctx.root().relative(path) } else { None }
}

/// Whether a file lies at `path`.
fn exists(ctx: &Context<'_>, path: &str) -> Result<bool, CheckError> {
    Ok(ctx.tree().contains(path)?)
}

/// `path` below `folder` without `.` and `..`; none when it leads above the root or to the root itself.
fn join(folder: &str, path: &str) -> Option<String> {
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
    (!joined.is_empty()).then_some(joined)
}

#[cfg(test)]
mod tests;
