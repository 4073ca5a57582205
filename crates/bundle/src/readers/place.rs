//! Where the files that a manifest names lie in the build folder.
//!
//! A manifest names files relative to a folder of its bundler: its output folder (Vite, webpack, Rollup), or the folder it
//! was started in (esbuild). The build folder may be that folder, above it or below it.

use std::collections::{BTreeMap, BTreeSet};

use crate::asset::within;
use crate::build::Build;

/// How many names are looked up to find where they lie.
const MOST_PROBES: usize = 20;

/// How many places are tried.
const MOST_PLACES: usize = 200;

/// How many names decide between places.
const MOST_VOTES: usize = 2_000;

/// How names become paths: `strip` is taken off their beginning and `add` put there.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    strip: String,
    add: String,
    /// Whether this is the folder that the manifest says it was written to.
    pub(crate) agrees: bool,
}

impl Place {
    /// The path of the file called `name`; the name itself where it does not begin as the others.
    pub(crate) fn apply(&self, name: &str) -> String {
        name.strip_prefix(&self.strip).map_or_else(|| name.to_owned(), |rest| format!("{}{rest}", self.add))
    }

    /// Whether a name begins as those of this place.
    pub(crate) fn holds(&self, name: &str) -> bool {
        name.starts_with(&self.strip)
    }

    fn is_identity(&self) -> bool {
        self.strip == self.add
    }

    /// What makes `path` of `name`, their common end left alone.
    fn between(name: &str, path: &str) -> Self {
        let pairs = name.rsplit('/').zip(path.rsplit('/'));
        let common: usize = pairs.take_while(|(a, b)| a == b).map(|(part, _)| part.len() + 1).sum();
        let rest = |text: &str| text[..(text.len() + 1).saturating_sub(common)].to_owned();
        Self { strip: rest(name), add: rest(path), agrees: false }
    }
}

/// The one place where most of `names` are files of `build`, `output` being the folder that the manifest says they were written
/// to; none where none of them is.
///
/// # Errors
/// Two places fit equally well; the message says which.
pub(crate) fn find(build: &Build<'_>, names: &BTreeSet<&str>, output: Option<&str>) -> Result<Option<Place>, String> {
    let places = candidates(build.files, names).into_iter().map(|mut place| {
        place.agrees = output.is_some_and(|output| ends_with(output, build.dir, &place));
        place
    });
    let ranked = ranked(places.collect(), build.files, names);
    match ranked.as_slice() {
        [(first, best), (second, other), ..] if first == second => {
            let (best, other) = (within(build.dir, &best.add), within(build.dir, &other.add));
            Err(format!("fits both {best} and {other}; name the folder that is shipped with `dir`"))
        }
        [(_, best), ..] => Ok(Some(best.clone())),
        [] => Ok(None),
    }
}

/// What stands before the names of files of the build in `names`, which begin at the top of a site: the build may be served
/// from a folder of it, such as `app/`.
pub(crate) fn top(files: &BTreeSet<&str>, names: &BTreeSet<&str>) -> Place {
    let places = candidates(files, names).into_iter().filter(|place| place.add.is_empty()).collect();
    ranked(places, files, names).into_iter().next().map(|(_, place)| place).unwrap_or_default()
}

/// How good a place is: whether folders agree, how many names fit, whether names stay as they are.
type Rank = (bool, usize, bool);

/// Those of `places` that fit, the best first.
fn ranked(places: BTreeSet<Place>, files: &BTreeSet<&str>, names: &BTreeSet<&str>) -> Vec<(Rank, Place)> {
    let fits = |place: &Place| {
        let fit = |name: &&&str| place.holds(name) && files.contains(place.apply(name).as_str());
        names.iter().take(MOST_VOTES).filter(fit).count()
    };
    let ranked = places.into_iter().map(|place| ((place.agrees, fits(&place), place.is_identity()), place));
    let mut ranked: Vec<(Rank, Place)> = ranked.filter(|((_, fits, _), _)| *fits > 0).collect();
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    ranked
}

/// The places that may be: names as they are, and what makes files of the build of a handful of them.
fn candidates(files: &BTreeSet<&str>, names: &BTreeSet<&str>) -> BTreeSet<Place> {
    let last = |path: &'_ str| path.rsplit('/').next().unwrap_or_default().len();
    let mut probes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in names.iter().step_by(names.len() / MOST_PROBES + 1) {
        probes.entry(&name[name.len() - last(name)..]).or_default().push(name);
    }
    let pairs = files.iter().flat_map(|path| {
        let names = probes.get(&path[path.len() - last(path)..]).into_iter().flatten();
        // The build folder is above or below the one that names are relative to, never beside it.
        names.map(|name| Place::between(name, path)).filter(|place| place.strip.is_empty() || place.add.is_empty())
    });
    std::iter::once(Place::default()).chain(pairs.take(MOST_PLACES)).collect()
}

/// Whether `output`, the folder that names are relative to, ends as `place` in the build folder `dir` does.
fn ends_with(output: &str, dir: &str, place: &Place) -> bool {
    let output = format!("{}/{}", output.replace('\\', "/").trim_end_matches('/'), place.strip);
    let (output, tail) = (output.trim_end_matches('/'), within(dir, &place.add));
    let tail = tail.trim_end_matches('/');
    !tail.is_empty()
        && tail != "."
        && output.strip_suffix(tail).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

#[cfg(test)]
mod tests;
