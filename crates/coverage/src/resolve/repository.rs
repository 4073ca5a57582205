//! Paths of a report that is about more of the repository than the checked folder.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::PathBuf;

use tollgate_check::{CheckError, Context};

use super::paths::{is_absolute, join, located};
use super::{Place, Run, SAMPLE};

/// How many components of a path are looked at.
const DEEPEST: usize = 64;

/// A repository of which a folder is checked.
pub(super) struct Repository {
    top: PathBuf,
    /// The checked folder, from the top.
    folder: String,
}

impl Repository {
    /// None where all of it is checked.
    pub(super) fn around(ctx: &Context<'_>) -> Option<Self> {
        let folder = ctx.root_in_repository().trim_matches('/').to_owned();
        let depth = folder.split('/').count();
        let is_part = !matches!(folder.as_str(), "" | ".") && !folder.split('/').any(|part| part == "..");
        let top = ctx.root().path().ancestors().nth(depth)?.to_owned();
        is_part.then_some(Self { top, folder })
    }

    /// Whether a file lies at `path`, from the top.
    fn has(&self, path: &str) -> bool {
        !path.split('/').any(|part| part == "..") && self.top.join(path).is_file()
    }

    /// What lies at `path` from the top, by its path from the checked folder; none of what lies beside that.
    fn below_folder<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(&self.folder)?.strip_prefix('/')
    }

    /// What a relative path is called from the top: as written where it is `from_top`, else where it leads out of the checked folder.
    fn relative<'p>(&self, path: &'p str, from_top: bool) -> Option<Cow<'p, str>> {
        let plain = match (is_absolute(path), from_top) {
            (true, _) => None,
            (false, true) => join("", path),
            (false, false) if path.starts_with("../") => {
                join(&self.folder, path).map(|path| Cow::Owned(path.into_owned()))
            }
            (false, false) => None,
        };
        plain.filter(|path| self.has(path))
    }

    /// What an absolute path is called from the top, where the repository lies on this machine at such a place.
    fn on_this_machine<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(self.top.to_str()?)?.strip_prefix('/').filter(|rest| self.has(rest))
    }

    /// The file that an absolute path means by the longest end under which one lies in the repository. None where there is none, and
    /// where the checked folder has one under that end itself, or a longer one.
    fn end<'p>(&self, ctx: &Context<'_>, path: &'p str) -> Result<Option<&'p str>, CheckError> {
        if let Some(rest) = self.on_this_machine(path) {
            return Ok(Some(rest));
        }
        if path.split('/').any(|part| matches!(part, "." | "..")) {
            return Ok(None);
        }
        let ends = path.match_indices('/').map(|(at, _)| &path[at + 1..]).take(DEEPEST);
        for end in ends.filter(|end| end.contains('/')) {
            if self.has(end) {
                let theirs = self.below_folder(end).is_none() && located(ctx, end)?.is_some();
                return Ok(Some(end).filter(|_| !theirs));
            }
            if located(ctx, end)?.is_some() {
                return Ok(None);
            }
        }
        Ok(None)
    }
}

impl Run<'_, '_> {
    /// Paths from the top of the repository, and absolute ones that name a file of it by more than what the checked folder has: those
    /// of the checked folder, and those of its neighbours. A beginning that stands for the top does so for every path.
    pub(super) fn of_repository(&mut self, repository: &Repository, open: &mut Vec<usize>) -> Result<(), CheckError> {
        let roots = self.foreign_roots();
        let from_top = self.is_from_top(repository, open)?;
        let (mut tops, mut left) = (BTreeSet::new(), Vec::new());
        for at in std::mem::take(open) {
            let path = self.written.paths[at];
            let absolute: Vec<String> = match is_absolute(path) {
                true => vec![path.to_owned()],
                false => roots.iter().map(|root| format!("{}/{path}", root.trim_end_matches('/'))).collect(),
            };
            let mut ends: Vec<Cow<'_, str>> = Vec::new();
            for path in &absolute {
                if let Some(end) = repository.end(self.ctx, path)? {
                    tops.extend(path.strip_suffix(end).map(str::to_owned));
                    ends.push(Cow::Borrowed(end));
                }
            }
            ends.extend(repository.relative(path, from_top));
            ends.dedup();
            match &ends[..] {
                [end] => self.beside_or_below(repository, at, end)?,
                _ => left.push(at),
            }
        }
        for at in left {
            let path = self.written.paths[at];
            let rest = tops.iter().find_map(|top| path.strip_prefix(top.as_str()));
            match rest.filter(|rest| repository.has(rest)) {
                Some(rest) => self.beside_or_below(repository, at, rest)?,
                None => open.push(at),
            }
        }
        Ok(())
    }

    /// Sets what lies at `end`, from the top.
    fn beside_or_below(&mut self, repository: &Repository, at: usize, end: &str) -> Result<(), CheckError> {
        match repository.below_folder(end).map(|file| located(self.ctx, file)).transpose()? {
            Some(Some(file)) => self.set(at, file.into_owned(), "relative to the top of the repository"),
            // Nobody's: git does not count it.
            Some(None) => self.places[at] = Place::Nowhere,
            None => self.places[at] = Place::Beside,
        }
        Ok(())
    }

    /// Whether relative paths are from the top of the repository: more of them are files there than below any folder here, and where any
    /// fit here, some name the checked folder itself.
    fn is_from_top(&self, repository: &Repository, open: &[usize]) -> Result<bool, CheckError> {
        let sample: Vec<&str> = self.paths(open).filter(|path| !is_absolute(path)).take(SAMPLE).collect();
        let there: Vec<Cow<'_, str>> = sample.iter().filter_map(|path| repository.relative(path, true)).collect();
        let fits = self.best_above(open)?.fits;
        let names_folder = || there.iter().any(|path| repository.below_folder(path).is_some());
        Ok(there.len() > fits && (fits == 0 || names_folder()))
    }
}
