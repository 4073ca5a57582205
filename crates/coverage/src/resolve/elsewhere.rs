//! Paths that begin elsewhere, on another machine or in a container, are known by their ends.

use std::collections::BTreeMap;

use super::endings::{Endings, Found};
use super::modules::Module;
use super::paths::{inside, is_absolute, is_dependency};
use super::{ABSOLUTE, MOST_NAMED, Place, Run};
use crate::reading::PathStyle;

/// How many paths below folders elsewhere are looked for at once.
const ASKED: usize = 100_000;

impl Run<'_, '_> {
    /// Folders elsewhere that the report names.
    pub(super) fn foreign_roots(&self) -> Vec<String> {
        let roots = self.written.roots.iter().map(|root| root.replace('\\', "/"));
        roots.filter(|root| is_absolute(root) && inside(self.ctx, root).is_none()).take(MOST_NAMED).collect()
    }

    /// Relative paths below the folders elsewhere that the report names, by their ends.
    pub(super) fn below_foreign_roots(&mut self, endings: &Endings, open: &mut Vec<usize>) {
        let roots = self.foreign_roots();
        let written = self.written;
        let below = |at: &usize| {
            let (at, path) = (*at, written.paths[*at].trim_start_matches("./"));
            roots.iter().map(move |root| (at, format!("{}/{path}", root.trim_end_matches('/'))))
        };
        for some in open.chunks((ASKED / roots.len().max(1)).max(1)) {
            let relative = some.iter().filter(|at| !is_absolute(written.paths[**at]));
            let asked: Vec<(usize, String)> = relative.flat_map(below).collect();
            self.ask(endings, roots.len() == 1, &asked);
        }
        open.retain(|at| !self.places[*at].is_file());
    }

    /// Paths that begin elsewhere, by their ends. Where some paths of the report were found as they are written, the
    /// others are what they say: files elsewhere, of other projects and of the system. Where a `go.mod` says what the modules here
    /// are called, the packages of others are elsewhere too.
    pub(super) fn by_ends(&mut self, endings: &Endings, modules: &[Module], open: &[usize]) {
        let go = self.written.style == PathStyle::Go;
        if self.ways.contains_key(ABSOLUTE) {
            return;
        }
        let of_any_module = go && self.ways.is_empty() && modules.is_empty();
        let elsewhere = |at: &&usize| of_any_module || is_absolute(self.written.paths[**at]);
        let asked: Vec<(usize, String)> =
            open.iter().filter(elsewhere).map(|at| (*at, self.written.paths[*at].to_owned())).collect();
        self.ask(endings, true, &asked);
    }

    /// Sets the file that each path means by its end, where it is one. A path may be asked for below several folders: what
    /// shares the longest end counts. Of two beginnings that lead to one file either may be wrong, and so may a file to which a
    /// beginning leads that stands for another folder.
    fn ask(&mut self, endings: &Endings, certain: bool, asked: &[(usize, String)]) {
        let found = endings.resolve(self.written.report, certain, asked.iter().map(|(_, path)| path.as_str()));
        let mut by_path: BTreeMap<usize, Vec<Found>> = BTreeMap::new();
        for ((at, path), found) in asked.iter().zip(found) {
            let of_path = by_path.entry(*at).or_default();
            match found {
                Some(found) if is_dependency(&found.from) => {}
                Some(found) if found.doubtful => self.places[*at] = Place::Several(vec![found.file]),
                Some(found) => of_path.push(found),
                None => {
                    let several = endings.several(path);
                    if !several.is_empty() && !is_dependency(path) {
                        self.places[*at] = Place::Several(several);
                    }
                }
            }
        }
        let mut by_file: BTreeMap<String, Vec<(usize, Found)>> = BTreeMap::new();
        for (at, mut found) in by_path {
            let longest = found.iter().map(Found::shared).max().unwrap_or(0);
            found.retain(|found| found.shared() == longest);
            found.dedup_by(|a, b| a.file == b.file);
            match found.len() {
                0 => {}
                1 => {
                    found.into_iter().for_each(|found| by_file.entry(found.file.clone()).or_default().push((at, found)))
                }
                _ => self.places[at] = Place::Several(found.into_iter().take(2).map(|found| found.file).collect()),
            }
        }
        for (file, found) in by_file {
            let one = found.iter().all(|(_, other)| other.from == found[0].1.from);
            for (at, Found { from, to, .. }) in found {
                if one {
                    let from = if from.is_empty() { "/" } else { &from };
                    let to = if to.is_empty() { "." } else { &to };
                    self.set(at, file.clone(), &format!("{from} is {to}"));
                } else {
                    self.places[at] = Place::Several(vec![file.clone()]);
                }
            }
        }
    }
}
