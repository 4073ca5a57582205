//! Paths of a report that is about more of the repository than the checked folder.

use std::path::PathBuf;

use tollgate_check::{CheckError, Context};

use super::paths::{inside, is_absolute, located};
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
        self.top.join(path).is_file()
    }

    /// What lies at `path` from the top, by its path from the checked folder; none of what lies beside that.
    fn below_folder<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(&self.folder)?.strip_prefix('/')
    }

    /// The file that an absolute path means by the longest end under which one lies in the repository. None where there is none, and
    /// where the checked folder has one under that end itself, or a longer one.
    fn end<'p>(&self, ctx: &Context<'_>, path: &'p str) -> Result<Option<&'p str>, CheckError> {
        if path.split('/').any(|part| matches!(part, "." | "..")) {
            return Ok(None);
        }
        let top = self.top.to_str().and_then(|top| path.strip_prefix(top)?.strip_prefix('/'));
        let ends = path.match_indices('/').map(|(at, _)| &path[at + 1..]).take(DEEPEST);
        for end in top.into_iter().chain(ends).filter(|end| end.contains('/')) {
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
    /// of the checked folder, and those of its neighbours.
    pub(super) fn of_repository(&mut self, repository: &Repository, open: &mut Vec<usize>) -> Result<(), CheckError> {
        let roots = self.written.roots.iter().map(|root| root.replace('\\', "/"));
        let roots: Vec<String> = roots.filter(|root| is_absolute(root) && inside(self.ctx, root).is_none()).collect();
        let from_top = self.is_from_top(repository, open)?;
        let mut left = Vec::new();
        for at in std::mem::take(open) {
            let path = self.written.paths[at];
            let absolute: Vec<String> = match is_absolute(path) {
                true => vec![path.to_owned()],
                false => roots.iter().map(|root| format!("{}/{path}", root.trim_end_matches('/'))).collect(),
            };
            let mut ends = Vec::new();
            for path in &absolute {
                ends.extend(repository.end(self.ctx, path)?);
            }
            if from_top && !is_absolute(path) && repository.has(path) {
                ends.push(path);
            }
            ends.dedup();
            match ends[..] {
                [end] => {
                    match repository.below_folder(end).map(|file| located(self.ctx, file)).transpose()?.flatten() {
                        Some(file) => self.set(at, file.into_owned(), "relative to the top of the repository"),
                        None => self.places[at] = Place::Beside,
                    }
                }
                _ => left.push(at),
            }
        }
        *open = left;
        Ok(())
    }

    /// Whether relative paths are from the top of the repository: more of them are files there than below any folder here.
    fn is_from_top(&self, repository: &Repository, open: &[usize]) -> Result<bool, CheckError> {
        let sample: Vec<&str> = self.paths(open).filter(|path| !is_absolute(path)).take(SAMPLE).collect();
        let from_top = sample.iter().filter(|path| repository.has(path)).count();
        Ok(from_top > 0 && from_top > self.best_above(open)?.fits)
    }
}
