//! Which files each number is a sum of.

use std::collections::BTreeSet;

use tollgate_model::{Target, label_fits};

use crate::account::{Account, Start};
use crate::asset::Asset;
use crate::kind::Kind;
use crate::options::Group;

/// How many files have a series of their own.
pub(crate) const MOST_FILES: usize = 2_000;

/// What a number is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The whole build.
    Total,
    /// Those of one type, or one file.
    Size,
    /// A group that the configuration names.
    Files,
    /// What a start brings in at first.
    First(Start),
    /// The scripts among it.
    FirstJs(Start),
    /// What it may bring in later.
    Later(Start),
}

impl Part {
    /// All of them.
    pub(crate) const ALL: [Self; 9] = [
        Self::Total,
        Self::Size,
        Self::Files,
        Self::First(Start::Route),
        Self::First(Start::Entry),
        Self::FirstJs(Start::Route),
        Self::FirstJs(Start::Entry),
        Self::Later(Start::Route),
        Self::Later(Start::Entry),
    ];

    /// The metric that counts it in the encoding of the options.
    pub(crate) fn metric(self) -> &'static str {
        match self {
            Self::Total => "bundle.total",
            Self::Size => "bundle.size",
            Self::Files => "bundle.files",
            Self::First(Start::Route) => "bundle.route",
            Self::First(Start::Entry) => "bundle.entry",
            Self::FirstJs(Start::Route) => "bundle.route_js",
            Self::FirstJs(Start::Entry) => "bundle.entry_js",
            Self::Later(Start::Route) => "bundle.route_async",
            Self::Later(Start::Entry) => "bundle.entry_async",
        }
    }

    /// Whether the metrics that name an encoding have it too.
    pub(crate) fn in_every_encoding(self) -> bool {
        !matches!(self, Self::FirstJs(_) | Self::Later(_))
    }
}

/// A number to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Series {
    /// What it is about.
    pub(crate) part: Part,
    /// Its labels, by name.
    pub(crate) labels: Vec<(&'static str, String)>,
    /// Positions of its files.
    pub(crate) members: Vec<usize>,
}

impl Series {
    /// Whether `target` asks about it, labels that tell instances apart left out.
    pub(crate) fn is_meant(&self, target: &Target) -> bool {
        let mut wanted = target.labels.iter().filter(|(label, _)| *label != "target").peekable();
        if wanted.peek().is_none() {
            return self.labels.is_empty();
        }
        wanted.all(|(label, wanted)| {
            self.labels.iter().any(|(name, value)| name == label && label_fits(label, value, wanted))
        })
    }
}

/// Every number about `assets`: sorted by path, each called by its name in `names`.
pub(crate) fn all(
    assets: &[Asset],
    names: &[String],
    groups: &[Group],
    account: Option<&Account>,
    targets: &[Target],
) -> Vec<Series> {
    let every: Vec<usize> = (0..assets.len()).collect();
    let mut all = vec![Series { part: Part::Total, labels: Vec::new(), members: every.clone() }];
    for kind in Kind::ALL {
        let members: Vec<usize> = every.iter().copied().filter(|at| assets[*at].kind == kind).collect();
        all.push(Series { part: Part::Size, labels: vec![("type", kind.word().to_owned())], members });
    }
    let mut largest = every;
    largest.sort_by(|a, b| assets[*b].raw.cmp(&assets[*a].raw).then(a.cmp(b)));
    largest.truncate(MOST_FILES);
    for at in &largest {
        all.push(Series { part: Part::Size, labels: vec![("path", names[*at].clone())], members: vec![*at] });
    }
    for group in groups {
        let members = group.members(assets);
        let name = || ("name", group.name.clone());
        match group.each {
            false => all.push(Series { part: Part::Files, labels: vec![name()], members }),
            true => all.extend(members.into_iter().map(|at| {
                let labels = vec![name(), ("path", names[at].clone())];
                Series { part: Part::Files, labels, members: vec![at] }
            })),
        }
    }
    all.extend(by_full_path(assets, names, targets));
    all.retain(|series| !series.members.is_empty());
    // A page that loads nothing loads 0 bytes; a type or a group without files has no size.
    all.extend(account.into_iter().flat_map(|account| loads(assets, account)));
    all
}

/// Files that a condition calls by their path, hash and all.
fn by_full_path(assets: &[Asset], names: &[String], targets: &[Target]) -> impl Iterator<Item = Series> {
    let asked: BTreeSet<&str> =
        targets.iter().filter_map(|target| target.labels.get("path").map(String::as_str)).collect();
    let found = assets.iter().zip(names).enumerate();
    let found = found.filter(move |(_, (asset, name))| **name != asset.path && asked.contains(asset.path.as_str()));
    found.map(|(at, (asset, _))| Series {
        part: Part::Size,
        labels: vec![("path", asset.path.clone())],
        members: vec![at],
    })
}

fn loads(assets: &[Asset], account: &Account) -> Vec<Series> {
    let at = |path: &String| assets.binary_search_by(|asset| asset.path.cmp(path)).ok();
    let mut all = Vec::new();
    for load in &account.loads {
        let first: Vec<usize> = load.initial.iter().filter_map(at).collect();
        let scripts = first.iter().copied().filter(|at| assets[*at].kind == Kind::Js).collect();
        let later: Vec<usize> = load.lazy.iter().filter_map(at).collect();
        let start = load.start;
        for (part, members) in
            [(Part::First(start), first), (Part::FirstJs(start), scripts), (Part::Later(start), later)]
        {
            if !(account.later_is_unknown && part == Part::Later(start)) {
                all.push(Series { part, labels: vec![(start.label(), load.name.clone())], members });
            }
        }
    }
    all
}

#[cfg(test)]
mod tests;
