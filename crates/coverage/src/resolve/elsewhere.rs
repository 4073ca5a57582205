//! Paths that begin elsewhere, on another machine or in a container, are known by their ends.

use std::collections::BTreeMap;

use super::endings::Endings;
use super::paths::{inside, is_absolute, is_dependency};
use super::{ABSOLUTE, MOST_NAMED, Place, Run};
use crate::reading::PathStyle;

impl Run<'_, '_> {
    /// Folders elsewhere that the report names.
    pub(super) fn foreign_roots(&self) -> Vec<String> {
        let roots = self.written.roots.iter().map(|root| root.replace('\\', "/"));
        roots.filter(|root| is_absolute(root) && inside(self.ctx, root).is_none()).take(MOST_NAMED).collect()
    }

    /// Relative paths below the folders elsewhere that the report names, by their ends.
    pub(super) fn below_foreign_roots(&mut self, endings: &Endings, open: &mut Vec<usize>) {
        for root in self.foreign_roots() {
            let root = root.trim_end_matches('/');
            let asked: Vec<(usize, String)> = open
                .iter()
                .filter(|at| !is_absolute(self.written.paths[**at]))
                .map(|at| (*at, format!("{root}/{}", self.written.paths[*at].trim_start_matches("./"))))
                .collect();
            self.ask(endings, &asked);
            open.retain(|at| !self.places[*at].is_file());
        }
    }

    /// Paths that begin elsewhere, by their ends. Where some paths of the report were found as they are written, the
    /// others are what they say: files elsewhere, of other projects and of the system.
    pub(super) fn by_ends(&mut self, endings: &Endings, open: &[usize]) {
        let go = self.written.style == PathStyle::Go;
        if self.ways.contains_key(ABSOLUTE) || go && !self.ways.is_empty() {
            return;
        }
        let elsewhere = |at: &&usize| go || is_absolute(self.written.paths[**at]);
        let asked: Vec<(usize, String)> =
            open.iter().filter(elsewhere).map(|at| (*at, self.written.paths[*at].to_owned())).collect();
        self.ask(endings, &asked);
    }

    /// Sets the file that each path means by its end, where it is one. Of two beginnings that lead to one file either may
    /// be wrong.
    pub(super) fn ask(&mut self, endings: &Endings, asked: &[(usize, String)]) {
        let found = endings.resolve(asked.iter().map(|(_, path)| path.as_str()));
        let mut by_file: BTreeMap<String, Vec<(usize, String, String)>> = BTreeMap::new();
        for ((at, path), found) in asked.iter().zip(found) {
            match found {
                Some(found) if !is_dependency(&found.from) => {
                    by_file.entry(found.file).or_default().push((*at, found.from, found.to));
                }
                Some(_) => {}
                None => {
                    let several = endings.several(path);
                    if !several.is_empty() && !is_dependency(path) {
                        self.places[*at] = Place::Several(several);
                    }
                }
            }
        }
        for (file, found) in by_file {
            let one = found.iter().all(|(_, from, _)| *from == found[0].1);
            for (at, from, to) in found {
                if one {
                    let to = if to.is_empty() { "." } else { &to };
                    self.set(at, file.clone(), &format!("{from} is {to}"));
                } else {
                    self.places[at] = Place::Several(vec![file.clone()]);
                }
            }
        }
    }
}
