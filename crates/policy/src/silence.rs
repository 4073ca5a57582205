//! What somebody decided not to count, with the reason they gave.
//!
//! There are two strengths. *Not a finding* needs a reason, and is enough for what is no error or not sure. *Accepted* needs
//! an owner and a last day too. A secret is silenced by its digest, which its checker knows; an error of the OWASP checker only
//! where it is accepted in the list.

use std::collections::{BTreeMap, HashMap};

use tollgate_model::{Confidence, Date, Finding, Level, Report, State, Status, Suppression};

/// The checker whose findings are silenced by digest only.
const SECRETS: &str = "secrets";
/// The checker whose errors need more than a word.
const OWASP: &str = "owasp";
/// How the fingerprint of a digest begins.
const DIGEST: &str = "s1:";

/// One thing that is not to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silenced {
    /// Which findings it means.
    pub named: Named,
    /// The reason somebody gave.
    pub reason: String,
    /// Whether it was accepted, rather than said to be no finding.
    pub accepted: bool,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day it holds.
    pub expires: Option<Date>,
    /// The rule, as far as it was written down.
    pub rule: Option<String>,
    /// Where it is written: `.tollgate/suppressions.toml:4`.
    pub place: String,
}

/// Which findings are meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Named {
    /// Those with this fingerprint.
    Fingerprint(String),
    /// Those of a rule that begin on one of these lines of a file.
    Lines {
        /// Id of the rule.
        rule: String,
        /// The file, relative to the root.
        path: String,
        /// First line.
        first: u32,
        /// Last line.
        last: u32,
    },
}

/// What came of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Silences<'e> {
    /// Those that silenced a finding.
    pub used: Vec<&'e Silenced>,
    /// Those that would have, had their last day not passed: their findings count.
    pub expired: Vec<Spent<'e>>,
    /// Those that no finding has. Empty unless every report is complete.
    pub unused: Vec<&'e Silenced>,
    /// Those that may not silence what they name.
    pub refused: Vec<Spent<'e>>,
}

/// One that silenced nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent<'e> {
    /// It.
    pub silenced: &'e Silenced,
    /// The rule of the finding it names.
    pub rule: String,
    /// Where that finding is, where everybody may know.
    pub at: Option<String>,
    /// Why it silenced nothing: of an expired one, its last day.
    pub because: String,
}

impl Silenced {
    /// Whether it names a secret by its digest: the checker of secrets deals with those.
    pub fn is_digest(&self) -> bool {
        matches!(&self.named, Named::Fingerprint(name) if name.starts_with(DIGEST))
    }

    /// Whether it still holds on `today`: to the end of its last day.
    pub fn holds(&self, today: Date) -> bool {
        self.expires.is_none_or(|last| today <= last)
    }

    fn suppression(&self) -> Suppression {
        let expires = self.expires.map(|day| day.to_string());
        Suppression { reason: self.reason.clone(), owner: self.owner.clone(), expires }
    }

    /// Whether it lets pass more than `other`, which names the same.
    fn exceeds(&self, other: &Self) -> bool {
        let later = match (self.expires, other.expires) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(ours), Some(theirs)) => ours > theirs,
        };
        later || (self.accepted && !other.accepted)
    }

    /// Why it may not silence `finding`, if so.
    fn refusal(&self, checker: &str, finding: &Finding) -> Option<&'static str> {
        let in_source = matches!(self.named, Named::Lines { .. });
        if checker == SECRETS {
            return Some("a secret is silenced by its digest, s1:…");
        }
        if checker == OWASP && finding.level == Level::Error && (in_source || !self.accepted) {
            return Some(
                "an error of owasp counts unless .tollgate/suppressions.toml accepts it, with owner and last day",
            );
        }
        let sure = finding.level == Level::Error && finding.confidence == Confidence::High;
        (sure && !self.accepted).then_some("an error of high confidence must be accepted, with owner and last day")
    }
}

/// Marks in `reports` those findings that `entries` name, as far as they may and still hold on `today`.
///
/// A finding that is only in the base, or that its checker has silenced already, is left as it is.
pub fn silence<'e>(reports: &mut [Report], entries: &'e [Silenced], today: Date) -> Silences<'e> {
    let complete = reports.iter().all(|report| report.status == Status::Complete && report.problems.is_empty());
    let index = Index::of(entries);
    // By entry: how it ended; of several findings, with the one that most needs to be told.
    let mut ends: BTreeMap<usize, End> = BTreeMap::new();
    for report in reports {
        let checker = report.checker.as_str();
        for finding in report.findings.iter_mut().filter(|finding| finding.state != Some(State::Absent)) {
            let naming = index.naming(finding);
            if finding.suppressed.is_none() {
                let may = |entry: &&Silenced| entry.holds(today) && entry.refusal(checker, finding).is_none();
                let first = naming.iter().map(|at| &entries[*at]).find(may);
                finding.suppressed = first.map(Silenced::suppression);
            }
            for at in naming {
                let end = match entries[at].refusal(checker, finding) {
                    _ if finding.suppressed.is_some() => End::Used,
                    Some(because) => End::Refused(told(finding), because),
                    None => End::Expired(told(finding)),
                };
                let known = ends.entry(at).or_insert_with(|| end.clone());
                if end.rank() > known.rank() {
                    *known = end;
                }
            }
        }
    }
    let mut silences = Silences::default();
    for (at, entry) in entries.iter().enumerate() {
        let spent = |(rule, at): (String, Option<String>), because| Spent { silenced: entry, rule, at, because };
        match ends.remove(&at) {
            Some(End::Used) => silences.used.push(entry),
            Some(End::Expired(told)) => {
                let day = entry.expires.map(|day| day.to_string()).unwrap_or_default();
                silences.expired.push(spent(told, day));
            }
            Some(End::Refused(told, because)) => silences.refused.push(spent(told, because.to_owned())),
            None if complete && !entry.is_digest() => silences.unused.push(entry),
            None => {}
        }
    }
    silences
}

/// What counts of a list that a change may have touched: those entries that both have, as the weaker of the two says. The
/// second list is what the change adds: entries that only `head` has, or that let pass more than the base's.
pub fn agreed(base: &[Silenced], head: &[Silenced]) -> (Vec<Silenced>, Vec<Silenced>) {
    let before: HashMap<&Named, &Silenced> = base.iter().map(|entry| (&entry.named, entry)).collect();
    let (mut agreed, mut added) = (Vec::new(), Vec::new());
    for entry in head {
        let Some(known) = before.get(&entry.named) else {
            added.push(entry.clone());
            continue;
        };
        if entry.exceeds(known) {
            added.push(entry.clone());
        }
        agreed.push(Silenced {
            accepted: entry.accepted && known.accepted,
            expires: [entry.expires, known.expires].into_iter().flatten().min(),
            place: entry.place.clone(),
            ..(*known).clone()
        });
    }
    (agreed, added)
}

/// How an entry ended with one finding.
#[derive(Clone)]
enum End {
    Expired((String, Option<String>)),
    Refused((String, Option<String>), &'static str),
    Used,
}

impl End {
    /// How much it needs to be told.
    fn rank(&self) -> u8 {
        match self {
            Self::Used => 0,
            Self::Expired(_) => 1,
            Self::Refused(..) => 2,
        }
    }
}

/// The rule and the place of a finding, unless only insiders may be told the place.
fn told(finding: &Finding) -> (String, Option<String>) {
    let place = finding.location.as_ref().filter(|_| !finding.discreet);
    (finding.rule.clone(), place.map(ToString::to_string))
}

/// Entries by what they name.
struct Index<'e> {
    entries: &'e [Silenced],
    by_fingerprint: HashMap<&'e str, Vec<usize>>,
    /// By path and rule.
    by_file: HashMap<(&'e str, &'e str), Vec<usize>>,
}

impl<'e> Index<'e> {
    fn of(entries: &'e [Silenced]) -> Self {
        let mut index = Self { entries, by_fingerprint: HashMap::new(), by_file: HashMap::new() };
        for (at, entry) in entries.iter().enumerate() {
            match &entry.named {
                _ if entry.is_digest() => {}
                Named::Fingerprint(name) => index.by_fingerprint.entry(name).or_default().push(at),
                Named::Lines { rule, path, .. } => index.by_file.entry((path, rule)).or_default().push(at),
            }
        }
        index
    }

    /// The entries that name `finding`, by their place in the list.
    fn naming(&self, finding: &Finding) -> Vec<usize> {
        let mut found = self.by_fingerprint.get(finding.fingerprint.as_str()).cloned().unwrap_or_default();
        let place = finding.location.as_ref().and_then(|place| Some((place.path.as_str(), place.region?.start_line)));
        if let Some((path, line)) = place {
            let there = self.by_file.get(&(path, finding.rule.as_str())).into_iter().flatten().copied();
            found.extend(there.filter(|at| match self.entries[*at].named {
                Named::Lines { first, last, .. } => (first..=last).contains(&line),
                Named::Fingerprint(_) => false,
            }));
        }
        found
    }
}

#[cfg(test)]
mod tests;
