//! Two builds side by side: which file of one is which of the other, and what became of it.
//!
//! Files meet by their path; then by their name without hashes, where no other file on either side has the same; then by their
//! content; then, where one is left on each side of a shared name, by that. What is left is new or gone. Where a name is a hash
//! alone, the file says what it was at the base.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_model::{Metric, Report, Status};

use crate::Encoding;
use crate::account::Start;
use crate::names::{is_bare, without_hashes};

mod show;

pub(crate) use show::{exhibits, headline};

/// One build as it is compared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    /// Its files.
    pub(crate) files: Vec<File>,
    /// What its starts bring in at first, in bytes.
    pub(crate) loads: BTreeMap<(Start, String), u64>,
    /// All of it.
    pub(crate) total: u64,
    /// Smaller files are not known, in bytes; 0 where all are.
    pub(crate) floor: u64,
}

/// One file of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its path, or its name without hashes where no more is known.
    pub(crate) path: String,
    /// BLAKE3 of its content, where it is known.
    pub(crate) blake3: Option<String>,
    /// Its size.
    pub(crate) size: u64,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// What it is called: without hashes where that tells enough.
    pub(crate) name: String,
    /// What it was called at the base, where that was something else.
    pub(crate) was: Option<String>,
    /// Its size at the base; none where it is new.
    pub(crate) before: Option<u64>,
    /// Its size now; none where it is gone.
    pub(crate) after: Option<u64>,
    /// Its position among the files of the head; none where it is gone, or no file.
    pub(crate) at: Option<usize>,
}

impl Pair {
    /// By how much it grew.
    pub(crate) fn change(&self) -> i64 {
        let of = |size: Option<u64>| i64::try_from(size.unwrap_or(0)).unwrap_or(i64::MAX);
        of(self.after).saturating_sub(of(self.before))
    }

    /// Whether there is nothing to tell.
    pub(crate) fn is_same(&self) -> bool {
        self.before == self.after && self.was.is_none()
    }
}

/// What differs between two builds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// Every file of either.
    pub(crate) files: Vec<Pair>,
    /// What every start of either brings in at first.
    pub(crate) loads: Vec<(Start, Pair)>,
    /// All of the base, and all of the head.
    pub(crate) totals: [u64; 2],
    /// Smaller files were not compared, in bytes; 0 where all were.
    pub(crate) floor: u64,
}

impl Comparison {
    /// By how much each file of the head grew, by position; those that did not are left out.
    pub(crate) fn growth(&self) -> BTreeMap<usize, u64> {
        let grown = |pair: &Pair| Some((pair.at?, u64::try_from(pair.change()).ok().filter(|change| *change > 0)?));
        self.files.iter().filter_map(grown).collect()
    }
}

/// What the report of a build says of its files and starts in `encoding`, where numbers mean what `definition` says.
///
/// # Errors
/// Why it cannot be compared, in words.
pub(crate) fn of_report(report: &Report, encoding: Encoding, definition: &str) -> Result<Side, String> {
    if report.status != Status::Complete || !report.problems.is_empty() {
        return Err("the base's run did not see everything".to_owned());
    }
    let ours: Vec<&Metric> = report.metrics.iter().filter(|m| m.name == encoding.metric()).collect();
    if ours.is_empty() {
        return Err(format!("the base's run did not measure {}", encoding.word()));
    }
    if report.definition != definition {
        return Err(format!("the base was measured with {:?}, this with {definition:?}", report.definition));
    }
    let mut side = Side::default();
    for metric in ours {
        let labels: Vec<(&str, &String)> = metric
            .labels
            .iter()
            .filter(|(label, _)| *label != "target")
            .map(|(label, value)| (label.as_str(), value))
            .collect();
        let exact = metric.interval.is_none();
        match labels.as_slice() {
            [("path", path)] if exact => {
                side.files.push(File { path: (*path).clone(), blake3: None, size: metric.value as u64 });
            }
            [("route", name)] if exact => drop(side.loads.insert((Start::Route, (*name).clone()), metric.value as u64)),
            [("entry", name)] if exact => drop(side.loads.insert((Start::Entry, (*name).clone()), metric.value as u64)),
            [] if exact => side.total = metric.value as u64,
            [] | [("path" | "route" | "entry", _)] => {
                return Err(format!("the base's run knows {} sizes between bounds only", encoding.word()));
            }
            _ => {}
        }
    }
    // A file that a condition calls by its path is there by its name too.
    let names: BTreeSet<String> = side.files.iter().map(|file| file.path.clone()).collect();
    side.files.retain(|file| {
        let plain = without_hashes(&file.path);
        plain == file.path || !names.contains(&plain)
    });
    let count =
        report.metrics.iter().find(|m| m.name == "bundle.count" && m.labels.keys().all(|label| label == "target"));
    if count.is_some_and(|count| count.value > side.files.len() as f64) {
        side.floor = side.files.iter().map(|file| file.size).min().unwrap_or(0);
    }
    Ok(side)
}

/// What differs between `base` and `head`.
pub(crate) fn compare(base: &Side, head: &Side) -> Comparison {
    let floor = base.floor;
    let mut files = pair(&base.files, &head.files);
    files.retain(|pair| (pair.before.is_some() && pair.after.is_some()) || pair.before.max(pair.after) >= Some(floor));
    let starts: BTreeSet<&(Start, String)> = base.loads.keys().chain(head.loads.keys()).collect();
    let load = |key: &(Start, String)| {
        let (before, after) = (base.loads.get(key).copied(), head.loads.get(key).copied());
        (key.0, Pair { name: key.1.clone(), was: None, before, after, at: None })
    };
    Comparison { files, loads: starts.into_iter().map(load).collect(), totals: [base.total, head.total], floor }
}

fn pair(base: &[File], head: &[File]) -> Vec<Pair> {
    let mut open = Open { base: (0..base.len()).collect(), head: (0..head.len()).collect(), met: Vec::new() };
    let plain = |files: &[File]| files.iter().map(|file| without_hashes(&file.path)).collect::<Vec<_>>();
    let (plain_base, plain_head) = (plain(base), plain(head));
    open.meet(|at| Some(base[at].path.as_str()), |at| Some(head[at].path.as_str()));
    open.meet(|at| Some(plain_base[at].as_str()), |at| Some(plain_head[at].as_str()));
    // Of one name first, then of any: what was renamed.
    open.meet(
        |at| Some((&plain_base[at], base[at].blake3.as_ref()?)),
        |at| Some((&plain_head[at], head[at].blake3.as_ref()?)),
    );
    open.meet_any(|at| base[at].blake3.as_ref(), |at| head[at].blake3.as_ref());
    open.meet(|at| Some(plain_base[at].as_str()), |at| Some(plain_head[at].as_str()));
    let mut shared: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    plain_base.iter().for_each(|name| shared.entry(name).or_default()[0] += 1);
    plain_head.iter().for_each(|name| shared.entry(name).or_default()[1] += 1);
    let name = |file: &File, plain: &String| {
        let alone = shared[plain.as_str()].iter().all(|count| *count <= 1);
        if alone && !is_bare(plain) { plain.clone() } else { file.path.clone() }
    };
    let one = |before: Option<usize>, after: Option<usize>| {
        let was = before.map(|at| name(&base[at], &plain_base[at]));
        let now = after.map(|at| name(&head[at], &plain_head[at]));
        // Under a name that is a hash alone, it is a guess that this is that file, and said.
        let renamed = before.zip(after).is_some_and(|(before, after)| {
            let guessed = is_bare(&plain_head[after]) && base[before].path != head[after].path;
            plain_base[before] != plain_head[after] || guessed
        });
        Pair {
            name: now.or_else(|| was.clone()).unwrap_or_default(),
            was: was.filter(|_| renamed),
            before: before.map(|at| base[at].size),
            after: after.map(|at| head[at].size),
            at: after,
        }
    };
    let met = open.met.iter().map(|(before, after)| one(Some(*before), Some(*after)));
    let gone = open.base.iter().map(|at| one(Some(*at), None));
    let new = open.head.iter().map(|at| one(None, Some(*at)));
    let mut pairs: Vec<Pair> = met.chain(gone).chain(new).collect();
    pairs.sort_by(|a, b| (&a.name, a.before, a.after).cmp(&(&b.name, b.before, b.after)));
    pairs
}

/// Files that have not met their like yet, by position, and those that have.
struct Open {
    base: Vec<usize>,
    head: Vec<usize>,
    met: Vec<(usize, usize)>,
}

impl Open {
    /// Lets those meet that have one key, where it is the key of no other on their side.
    fn meet<K: Ord>(&mut self, base: impl Fn(usize) -> Option<K>, head: impl Fn(usize) -> Option<K>) {
        self.meet_where(base, head, |before, after| before == 1 && after == 1);
    }

    /// The same, where several share a key in order.
    fn meet_any<K: Ord>(&mut self, base: impl Fn(usize) -> Option<K>, head: impl Fn(usize) -> Option<K>) {
        self.meet_where(base, head, |_, _| true);
    }

    fn meet_where<K: Ord>(
        &mut self,
        base: impl Fn(usize) -> Option<K>,
        head: impl Fn(usize) -> Option<K>,
        may: fn(usize, usize) -> bool,
    ) {
        let mut keys: BTreeMap<K, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for at in &self.base {
            if let Some(key) = base(*at) {
                keys.entry(key).or_default().0.push(*at);
            }
        }
        for at in &self.head {
            if let Some(key) = head(*at) {
                keys.entry(key).or_default().1.push(*at);
            }
        }
        for (before, after) in keys.into_values().filter(|(before, after)| may(before.len(), after.len())) {
            self.met.extend(before.into_iter().zip(after));
        }
        let (base, head): (BTreeSet<usize>, BTreeSet<usize>) = self.met.iter().copied().unzip();
        self.base.retain(|at| !base.contains(at));
        self.head.retain(|at| !head.contains(at));
    }
}

#[cfg(test)]
mod tests;
