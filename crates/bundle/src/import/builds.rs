//! From budgets to what a policy says: which folders are measured, which of their files together, and the conditions.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_check::paths::{self, is_in};
use tollgate_input::one_line;

use super::{Budget, Left, What};
use crate::Encoding;
use crate::options::FileGroup;

/// Folders that builders write, wherever they lie.
const BUILT: [&str; 10] =
    [".next/static", ".output/public", "build/client", "public/build", "dist", "build", "out", ".next", "www", "_site"];

/// What a policy says of the budgets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arranged {
    /// The builds, by folder.
    pub(crate) builds: Vec<Instance>,
    /// What could not be arranged.
    pub(crate) left: Vec<Left>,
}

/// One build folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Instance {
    /// What conditions call it; none where there is no other.
    pub(crate) name: Option<String>,
    /// The folder, relative to the root; none where nobody knows it.
    pub(crate) dir: Option<String>,
    /// What all its budgets count in.
    pub(crate) encoding: Option<Encoding>,
    /// Files that are looked at together.
    pub(crate) groups: Vec<FileGroup>,
    /// What is asked of it.
    pub(crate) conditions: Vec<Condition>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    /// As a policy writes it.
    pub(crate) text: String,
    /// Where it comes from, one comment each.
    pub(crate) comments: Vec<String>,
    /// Whether a gate fails by it.
    pub(crate) blocks: bool,
}

/// Arranges `budgets`: in `dir` where the configuration names a folder, else in the folders that their files lie in. Budgets of
/// whole builds are about those, or about `usual`, the folders that hold a build now.
pub(crate) fn arrange(budgets: &[Budget], dir: Option<&str>, usual: &[String]) -> Arranged {
    let mut arranged = Arranged::default();
    let mut of_files: Vec<(&Budget, String)> = Vec::new();
    for budget in budgets {
        let What::Files { globs, .. } = &budget.what else { continue };
        match folder(globs, dir) {
            Ok(folder) => of_files.push((budget, folder)),
            Err(why) => {
                let first = globs.first().map(String::as_str).unwrap_or_default();
                let text = format!("{}: {} of `{}` {why}", budget.whose, budget.written, one_line(first, 80, false).0);
                arranged.left.push(Left { place: budget.place.clone(), text });
            }
        }
    }
    // A folder comes before those that lie in it, so that it takes their budgets too.
    let dirs: BTreeSet<String> = of_files.iter().map(|(_, folder)| folder.clone()).collect();
    let mut builds: BTreeMap<Option<String>, Vec<&Budget>> = BTreeMap::new();
    for (budget, folder) in &of_files {
        let at = dirs.iter().find(|dir| is_in(folder, dir)).cloned();
        builds.entry(at).or_default().push(budget);
    }
    let whole: Vec<&Budget> = budgets.iter().filter(|budget| budget.series().is_some()).collect();
    if builds.is_empty() && !whole.is_empty() {
        let usual = if dir.is_none() { usual } else { &[] };
        let known = dir.into_iter().chain(usual.iter().map(String::as_str)).map(|dir| Some(dir.to_owned()));
        builds.extend(known.map(|dir| (dir, Vec::new())));
        if builds.is_empty() {
            builds.insert(None, Vec::new());
        }
    }
    for budget in whole {
        let beside = paths::parent(&budget.place.path);
        let is_beside = |dir: &Option<String>| dir.as_ref().is_some_and(|dir| beside.is_empty() || is_in(dir, beside));
        let any = builds.keys().any(is_beside);
        let about = builds.iter_mut().filter(|(dir, _)| !any || is_beside(dir));
        about.for_each(|(_, of_build)| of_build.push(budget));
    }
    let mut names = Vec::new();
    let several = builds.len() > 1;
    for (dir, budgets) in builds {
        let name = several.then(|| unique(instance_name(dir.as_deref()), &names, '-'));
        names.extend(name.clone());
        arranged.builds.push(instance(name, dir, &budgets));
    }
    arranged
}

/// The folder that holds what `globs` match: `dir`, or a build folder in their path, or else the path before any sign.
fn folder(globs: &[String], dir: Option<&str>) -> Result<String, String> {
    let wanted: Vec<&str> = globs.iter().map(String::as_str).filter(|glob| !glob.starts_with('!')).collect();
    let first = wanted.first().copied().unwrap_or_default();
    let folder = match dir {
        Some(dir) => dir.to_owned(),
        None => built(first).unwrap_or_else(|| plain_parts(paths::parent(first)).join("/")),
    };
    if folder.is_empty() {
        return Err("lies in no folder of its own, so that nobody knows the build; say `dir`".to_owned());
    }
    match wanted.iter().all(|glob| folder == "." || is_in(glob, &folder)) {
        true => Ok(folder),
        false if dir.is_some() => Err(format!("does not lie in {folder}, the folder that is measured")),
        false => Err("has files in several folders, which no build of ours has".to_owned()),
    }
}

/// The first build folder in the path of a glob.
fn built(glob: &str) -> Option<String> {
    let parts = plain_parts(glob);
    (0..parts.len()).find_map(|at| {
        BUILT.iter().find_map(|known| {
            let end = at + known.split('/').count();
            (parts.get(at..end)?.iter().copied().eq(known.split('/'))).then(|| parts[..end].join("/"))
        })
    })
}

/// The parts of a glob before the first that has a sign.
fn plain_parts(glob: &str) -> Vec<&str> {
    glob.split('/').take_while(|part| !part.is_empty() && !part.contains(['*', '?', '[', '{'])).collect()
}

fn instance(name: Option<String>, dir: Option<String>, budgets: &[&Budget]) -> Instance {
    let mut build = Instance { name, dir, ..Instance::default() };
    let encoding = budgets.first().and_then(|budget| budget.encoding);
    build.encoding = encoding.filter(|_| budgets.iter().all(|budget| budget.encoding == encoding));
    for budget in budgets {
        let (metric, label) = match &budget.what {
            What::Total => ("bundle.total".to_owned(), None),
            What::Type(kind) => ("bundle.size".to_owned(), Some(("type", kind.word().to_owned()))),
            What::Files { name, globs, each } => {
                (budget.metric(), Some(("name", group(&mut build, name.as_deref(), globs, *each))))
            }
        };
        let target = build.name.iter().map(|name| ("target", name.clone()));
        let labels: Vec<String> = label.into_iter().chain(target).map(|(k, v)| format!("{k}=\"{v}\"")).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(", ")) };
        let text = format!("{metric}{labels} <= {}", budget.size);
        let comment = format!("{}: {}, {}; {}", budget.place, budget.whose, budget.written, budget.assumed);
        match build.conditions.iter_mut().find(|known| known.text == text && known.blocks == budget.blocks) {
            Some(known) => known.comments.push(comment),
            None => build.conditions.push(Condition { text, comments: vec![comment], blocks: budget.blocks }),
        }
    }
    build
}

/// The name of the group of the files that `globs` match, which is added where there is none yet.
fn group(build: &mut Instance, name: Option<&str>, globs: &[String], each: bool) -> String {
    let dir = build.dir.clone().unwrap_or_default();
    let globs: Vec<String> = globs.iter().filter_map(|glob| inside(&dir, glob)).collect();
    let wish = name.map(group_name).filter(|wish| !wish.is_empty());
    let is_same = |group: &&FileGroup| {
        group.globs == globs && group.each == each && wish.as_ref().is_none_or(|wish| group.name == *wish)
    };
    if let Some(known) = build.groups.iter().find(is_same) {
        return known.name.clone();
    }
    let wish = wish.unwrap_or_else(|| group_name(globs.first().map(String::as_str).unwrap_or_default()));
    let names: Vec<String> = build.groups.iter().map(|group| group.name.clone()).collect();
    let name = unique(wish, &names, ' ');
    build.groups.push(FileGroup { name: name.clone(), globs, each });
    name
}

/// A glob of the root as one of the folder `dir`; none of what takes nothing away there.
fn inside(dir: &str, glob: &str) -> Option<String> {
    let (bang, path) = glob.strip_prefix('!').map_or(("", glob), |path| ("!", path));
    if dir == "." || path.starts_with("**") {
        return Some(glob.to_owned());
    }
    let rest = path.strip_prefix(dir)?.trim_start_matches('/');
    Some(format!("{bang}{}", if rest.is_empty() { "**" } else { rest }))
}

/// `text` as a name that stands in a condition and in both kinds of strings of TOML.
fn group_name(text: &str) -> String {
    let line = one_line(text, 80, false).0;
    line.replace(['"', '\\', '\''], "_")
}

/// What the build in `dir` is called: the folder that holds it, or itself.
fn instance_name(dir: Option<&str>) -> String {
    let dir = dir.unwrap_or("build");
    let own = built(dir).and_then(|_| BUILT.iter().find_map(|known| dir.strip_suffix(known)));
    let holder = own.map(|rest| rest.trim_end_matches('/')).filter(|rest| !rest.is_empty()).unwrap_or(dir);
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = paths::name(holder).chars().map(plain).collect();
    let name = name.trim_matches(['.', '-']);
    if name.is_empty() { "build".to_owned() } else { name.to_owned() }
}

/// `wish`, with a number behind it where others have that name.
fn unique(wish: String, others: &[String], between: char) -> String {
    let numbered = (2_u32..).map(|number| format!("{wish}{between}{number}"));
    std::iter::once(wish.clone()).chain(numbered).find(|name| !others.contains(name)).unwrap_or(wish)
}

#[cfg(test)]
mod tests;
