//! Which of the files that are gone lives on under another name, decided as git decides it by default
//! (diffcore-rename.c): equal content first, then an unambiguous file name with 75 % in common, then the most alike
//! pair with at least 50 %.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};

use crate::compare::Pair;
use crate::content::Contents;
use crate::error::Result;
use crate::item::Item;
use crate::similarity::{FULL, Pieces};

const LEAST: u64 = FULL / 2;
const LEAST_OF_SAME_NAME: u64 = LEAST + (FULL - LEAST) / 2;
/// git's `diff.renameLimit`: beyond its square in pairs, only equal content is looked for.
const LIMIT: usize = 1000;
/// How many sources a target may compete for.
const CANDIDATES: usize = 4;
/// How many equal sources are looked at for one target.
const ALTERNATIVES: usize = 100;
/// How many pieces of sources are held at once, 8 bytes each. Of more, some at a time are compared with all targets. Tests
/// have few files, and take them by a few as well.
const HELD: usize = if cfg!(test) { 50 } else { 4 << 20 };

/// `pairs` with each renamed file joined into one pair; sorted as before, by new path or else old.
pub(crate) fn join(pairs: Vec<Pair>, contents: &mut Contents<'_>) -> Result<Vec<Pair>> {
    let (mut rest, mut gone, mut new) = (Vec::new(), Vec::new(), Vec::new());
    for pair in pairs {
        match pair {
            Pair { old: Some(old), new: None } => gone.push(old),
            Pair { old: None, new: Some(item) } => new.push(item),
            both => rest.push(both),
        }
    }
    let mut renames = Renames { source_of: vec![None; new.len()], used: vec![false; gone.len()], gone, new };
    if !renames.gone.is_empty() && !renames.new.is_empty() {
        renames.by_content();
        Search { contents, renames: &mut renames }.run()?;
    }
    let Renames { gone, new, source_of, used } = renames;
    let old_of = |source: Option<usize>| source.map(|at| gone[at].clone());
    rest.extend(new.into_iter().zip(source_of).map(|(item, from)| Pair { old: old_of(from), new: Some(item) }));
    let left = gone.into_iter().zip(used).filter(|(_, used)| !used);
    rest.extend(left.map(|(item, _)| Pair { old: Some(item), new: None }));
    rest.sort_by(|a, b| a.path().cmp(b.path()));
    Ok(rest)
}

/// Files that are gone and files that are new, both sorted by path, and who became whom.
struct Renames {
    gone: Vec<Item>,
    new: Vec<Item>,
    /// Of each new file, which one it was.
    source_of: Vec<Option<usize>>,
    used: Vec<bool>,
}

impl Renames {
    fn record(&mut self, from: usize, to: usize) {
        self.source_of[to] = Some(from);
        self.used[from] = true;
    }

    /// Files of equal content, those of equal name preferred.
    fn by_content(&mut self) {
        let mut sources: HashMap<_, VecDeque<usize>> = HashMap::new();
        for (at, item) in self.gone.iter().enumerate() {
            sources.entry(item.id).or_default().push_back(at);
        }
        for to in 0..self.new.len() {
            let target = &self.new[to];
            let Some(equal) = sources.get_mut(&target.id) else { continue };
            let fits = |from: &usize| {
                let source = &self.gone[*from];
                (source.is_regular() && target.is_regular()) || source.kind == target.kind
            };
            let first = equal.iter().take(ALTERNATIVES).position(fits);
            let mut alike = equal.iter().take(ALTERNATIVES);
            let alike = alike.position(|from| fits(from) && name(&self.gone[*from]) == name(target));
            if let Some(from) = alike.or(first).and_then(|at| equal.remove(at)) {
                self.record(from, to);
            }
        }
    }

    /// Regular files whose fate is open: gone ones and new ones.
    fn open(&self) -> (Vec<usize>, Vec<usize>) {
        let gone = (0..self.gone.len()).filter(|at| !self.used[*at]);
        let new = (0..self.new.len()).filter(|at| self.source_of[*at].is_none());
        (gone.collect(), new.collect())
    }
}

/// The part that reads files. Of a file that was read, only its pieces are kept, and those no longer than needed.
struct Search<'a, 'c> {
    renames: &'a mut Renames,
    contents: &'a mut Contents<'c>,
}

impl Search<'_, '_> {
    fn run(&mut self) -> Result<()> {
        self.by_name()?;
        let (gone, new) = self.renames.open();
        if gone.len().saturating_mul(new.len()) <= LIMIT * LIMIT { self.by_likeness(&gone, &new) } else { Ok(()) }
    }

    /// Files whose name occurs once among those gone and once among those new.
    fn by_name(&mut self) -> Result<()> {
        let (gone, new) = self.renames.open();
        let targets = unique(&new, |at| name(&self.renames.new[at]).to_vec());
        let sources = unique(&gone, |at| name(&self.renames.gone[at]).to_vec());
        for from in gone {
            let key = name(&self.renames.gone[from]);
            if let (Some(Some(_)), Some(Some(to))) = (sources.get(key), targets.get(key))
                && let Some(old) = pieces(self.contents, &self.renames.gone[from])?
                && let Some(new) = pieces(self.contents, &self.renames.new[*to])?
                && old.score(&new, LEAST_OF_SAME_NAME) >= LEAST_OF_SAME_NAME
            {
                self.renames.record(from, *to);
            }
        }
        Ok(())
    }

    /// The most alike pairs first; of pairs equally alike, those of equal name first.
    fn by_likeness(&mut self, gone: &[usize], new: &[usize]) -> Result<()> {
        let mut best: Vec<Vec<Candidate>> = vec![Vec::new(); new.len()];
        let mut rest = gone.iter();
        loop {
            let (mut sources, mut held) = (Vec::new(), 0);
            while held < HELD
                && let Some(&from) = rest.next()
            {
                let pieces = pieces(self.contents, &self.renames.gone[from])?;
                held += pieces.as_ref().map_or(0, Pieces::len);
                sources.push((from, pieces));
            }
            if sources.is_empty() {
                break;
            }
            for (&to, best) in new.iter().zip(&mut best) {
                let target = pieces(self.contents, &self.renames.new[to])?;
                for (from, source) in &sources {
                    let score = match (source, &target) {
                        (Some(old), Some(new)) => old.score(new, LEAST),
                        _ => 0,
                    };
                    let same_name = name(&self.renames.gone[*from]) == name(&self.renames.new[to]);
                    keep(best, Candidate { score, same_name, from: *from, to });
                }
            }
        }
        let mut pairs: Vec<Candidate> = best.into_iter().flatten().collect();
        pairs.sort_by_key(|candidate| Reverse(candidate.rank()));
        for Candidate { from, to, .. } in pairs.into_iter().take_while(|c| c.score >= LEAST) {
            if self.renames.source_of[to].is_none() && !self.renames.used[from] {
                self.renames.record(from, to);
            }
        }
        Ok(())
    }
}

/// The pieces of `item`; none of what has no lines to compare.
fn pieces(contents: &mut Contents<'_>, item: &Item) -> Result<Option<Pieces>> {
    let content = if item.is_regular() { contents.load(item)? } else { None };
    Ok(content.map(|content| Pieces::of(&content.bytes, !content.binary)))
}

/// Adds `candidate` to the best ones, if it is one of them.
fn keep(best: &mut Vec<Candidate>, candidate: Candidate) {
    if best.len() < CANDIDATES {
        best.push(candidate);
    } else if let Some(worst) = best.iter_mut().min_by_key(|c| c.rank())
        && worst.rank() < candidate.rank()
    {
        *worst = candidate;
    }
}

/// A pair that may be a rename.
#[derive(Clone, Copy)]
struct Candidate {
    score: u64,
    same_name: bool,
    from: usize,
    to: usize,
}

impl Candidate {
    fn rank(&self) -> (u64, bool) {
        (self.score, self.same_name)
    }
}

/// The last part of a path.
fn name(item: &Item) -> &[u8] {
    item.path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

/// Each name, with where it occurs if it does so once.
fn unique(all: &[usize], name: impl Fn(usize) -> Vec<u8>) -> HashMap<Vec<u8>, Option<usize>> {
    let mut places = HashMap::new();
    for &at in all {
        places.entry(name(at)).and_modify(|place| *place = None).or_insert(Some(at));
    }
    places
}
