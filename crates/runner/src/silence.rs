//! Findings that somebody silenced: the list of the checked folder and comments in its files, as far as the base has them.
//!
//! A change must not decide for itself what does not count. What it adds is shown, and counts once the base has it.

use std::collections::BTreeMap;

use tollgate_check::Tree;
use tollgate_config::suppressions::{self, FILE};
use tollgate_model::{Finding, Report, format};
use tollgate_policy::{By, Named, Relaxation, Silenced, Spent, agreed, silence};

use crate::base_run::BaseRun;
use crate::change::Difference;
use crate::in_source::{self, InSource};
use crate::plan::Plan;
use crate::session::{Base, Session};
use crate::usage::usage;

/// Largest list that is read, in bytes.
pub(crate) const LARGEST: u64 = 4 << 20;

/// How many of a kind are named.
const NAMED: usize = 5;

/// What a name is about that no finding has.
const NOTHING: &str = "no finding";

/// Longest reason that is told, in characters.
const REASON: usize = 200;

/// Whose word counts.
enum Standing {
    /// The checked folder's own: there is no base yet, or no repository that could have one.
    Own,
    /// The base's.
    Base(Box<dyn Tree>),
    /// Nobody's: there is a base, and it is not known.
    Nobody(String),
}

/// The list, as far as it counts.
pub(crate) struct Lists {
    standing: Standing,
    counting: Vec<Silenced>,
    added: Vec<Silenced>,
    /// What the owner of the list should know before any report is there.
    warnings: Vec<String>,
}

/// What came of it.
pub(crate) struct Silencing {
    /// What the change adds, list and comments: a relaxation each.
    pub(crate) added: Vec<Silenced>,
    /// Lines for whoever reads the decision.
    pub(crate) warnings: Vec<String>,
}

impl Lists {
    /// Reads the list.
    ///
    /// # Errors
    /// The list of the checked folder cannot be read, or has mistakes.
    pub(crate) fn read(session: &Session) -> anyhow::Result<Self> {
        let head = list(session.tree().as_ref(), session).map_err(usage)?;
        let standing = match (session.tip_tree(), &session.base) {
            (Some(Ok(tree)), _) => Standing::Base(tree),
            (Some(Err(because)), _) => Standing::Nobody(because),
            (None, Base::Unknown(because)) if session.repository.is_some() => Standing::Nobody(because.clone()),
            (None, _) => Standing::Own,
        };
        let mut lists = Self { standing, counting: Vec::new(), added: Vec::new(), warnings: Vec::new() };
        match &lists.standing {
            Standing::Own => lists.counting = head,
            Standing::Base(tree) => match list(tree.as_ref(), session) {
                Ok(base) => (lists.counting, lists.added) = agreed(&base, &head),
                Err(because) => {
                    let because = because.replace('\n', "; ");
                    lists
                        .warnings
                        .push(format!("no suppression counts, for the base's list cannot be read: {because}"));
                }
            },
            Standing::Nobody(because) if !head.is_empty() => lists.warnings.push(nobody(because)),
            Standing::Nobody(_) => {}
        }
        Ok(lists)
    }

    /// Silences what may be silenced in `reports`, and the same at the base, so that both are counted alike. What nothing has
    /// any more is told only where the run was `whole`. Where somebody `approved` the change, what it adds counts as well.
    pub(crate) fn apply(
        mut self,
        session: &Session,
        approved: impl Fn() -> bool,
        reports: &mut [Report],
        base_trees: &mut BTreeMap<String, Vec<Report>>,
        base_run: &mut BaseRun,
        whole: bool,
    ) -> Silencing {
        let today = session.today;
        let found = self.comments(session, reports);
        match &self.standing {
            Standing::Nobody(because) if self.warnings.is_empty() && !found.added.is_empty() => {
                self.warnings.push(nobody(because));
            }
            Standing::Nobody(_) => {}
            Standing::Own | Standing::Base(_) => self.added.extend(found.added),
        }
        let listed = self.counting.len();
        self.counting.extend(found.counting);
        if !self.added.is_empty() && approved() {
            self.counting.extend(self.added.iter().cloned());
        }
        for reports in base_trees.values_mut() {
            let comments = match &self.standing {
                Standing::Base(tree) => InSource::find(reports, tree.as_ref(), None, today).counting,
                Standing::Own | Standing::Nobody(_) => Vec::new(),
            };
            silence(reports, &self.counting[..listed], today);
            silence(reports, &comments, today);
            reports.iter_mut().for_each(Report::settle_checklists);
        }
        if let BaseRun::Known(reports, ..) = base_run {
            silence(reports, &self.counting[..listed], today);
            reports.iter_mut().for_each(Report::settle_checklists);
        }
        let silences = silence(reports, &self.counting, today);
        reports.iter_mut().for_each(Report::settle_checklists);
        let mut warnings = self.warnings;
        warnings.extend(bounded(&found.wrong, "comment", String::clone));
        warnings.extend(expired(&silences.expired));
        warnings.extend(refused(&silences.refused));
        if whole {
            warnings.extend(unused(&silences.unused));
        }
        Silencing { added: self.added, warnings }
    }

    fn comments(&self, session: &Session, reports: &[Report]) -> InSource {
        let (tree, today) = (session.tree(), session.today);
        match &self.standing {
            Standing::Own => InSource::find(reports, tree.as_ref(), None, today),
            Standing::Base(base) => {
                let before = |path: &str| in_source::text(base.as_ref(), &old_path(session, path));
                InSource::find(reports, tree.as_ref(), Some(&before), today)
            }
            Standing::Nobody(_) => InSource::find(reports, tree.as_ref(), Some(&|_: &str| None), today),
        }
    }
}

fn nobody(because: &str) -> String {
    format!("no suppression counts, for the base is not known: {because}")
}

/// The entries of the list in `tree`; none where it has no list.
fn list(tree: &dyn Tree, session: &Session) -> Result<Vec<Silenced>, String> {
    if !tree.contains(FILE).map_err(|e| e.to_string())? {
        return Ok(Vec::new());
    }
    let bytes = tree.read(FILE, LARGEST).map_err(|e| e.to_string())?;
    let text = decoded(bytes)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let entries = suppressions::read(FILE, text, session.today).map_err(|mistakes| mistakes.to_string())?;
    Ok(entries.into_iter().map(|entry| entry.silenced(FILE)).collect())
}

/// The list as text.
///
/// # Errors
/// It is not UTF-8: from which line on.
pub(crate) fn decoded(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|e| {
        let line = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        format!("{FILE}:{line}: not UTF-8; save the file as UTF-8")
    })
}

/// The path that the file had at the base.
fn old_path(session: &Session, path: &str) -> String {
    let Difference::Known(list) = session.difference() else { return path.to_owned() };
    let at = list.files.binary_search_by(|file| file.path.as_str().cmp(path));
    at.ok().and_then(|at| list.files[at].old_path.clone()).unwrap_or_else(|| path.to_owned())
}

/// What each says, and how many more there are.
fn bounded<T>(all: &[T], what: &str, line: impl Fn(&T) -> String) -> Vec<String> {
    let mut lines: Vec<String> = all.iter().take(NAMED).map(line).collect();
    if all.len() > NAMED {
        lines.push(format!("and {}", format::things((all.len() - NAMED) as u64, &format!("more {what}"))));
    }
    lines
}

/// The same in one line, after how many there are; none where there are none.
fn told<T>(all: &[T], head: impl Fn(&str) -> String, line: impl Fn(&T) -> String) -> Option<String> {
    let count = format::things(all.len() as u64, "suppression");
    (!all.is_empty()).then(|| format!("{}: {}", head(&count), bounded(all, "suppression", line).join(", ")))
}

fn expired(all: &[Spent<'_>]) -> Option<String> {
    let have =
        if all.len() == 1 { "has expired, and its finding counts" } else { "have expired, and their findings count" };
    told(all, |count| format!("{count} {have}"), |one| format!("{}, until {}", spent(one), one.because))
}

fn refused(all: &[Spent<'_>]) -> Option<String> {
    let lets = if all.len() == 1 { "silences" } else { "silence" };
    told(all, |count| format!("{count} {lets} nothing"), |one| format!("{}: {}", spent(one), one.because))
}

fn unused(all: &[&Silenced]) -> Option<String> {
    let says = if all.len() == 1 {
        "names what is not there any more; take it out"
    } else {
        "name what is not there any more; take them out"
    };
    told(all, |count| format!("{count} {says}"), |one| format!("{} ({})", one.place, name(one)))
}

/// What the change adds, in words. Digests count already, since their checker reads the list itself.
pub(crate) fn additions(all: &[Silenced], reports: &[Report]) -> Vec<String> {
    let (digests, others): (Vec<&Silenced>, Vec<&Silenced>) = all.iter().partition(|one| one.is_digest());
    let line = |one: &&Silenced| {
        let until = one.expires.map(|day| format!(", until {day}")).unwrap_or_default();
        format!("{} at {} ({}{until}: {})", name(one), about(one, reports), one.place, reason(one))
    };
    let then = if others.len() == 1 { "it counts once the base has it" } else { "they count once the base has them" };
    let others = told(&others, |count| format!("this change adds {count}"), line).map(|text| format!("{text}; {then}"));
    let digests = told(&digests, |count| format!("this change adds {count} of secrets, in force at once"), line);
    others.into_iter().chain(digests).collect()
}

/// One thing that the change silences, as what its policy would relax: a gate at a time, of those that the finding counts for.
pub(crate) fn relaxes(one: &Silenced, reports: &[Report], plan: &Plan<'_>) -> Vec<Relaxation> {
    let until = one.expires.map(|day| format!(" until {day}")).unwrap_or_default();
    let what = match about(one, reports) {
        what if what == NOTHING => format!("whatever is called {}", name(one)),
        what => what,
    };
    let text = format!("{what} would not count{until} ({}: {})", one.place, reason(one));
    let owner = match &one.named {
        Named::Fingerprint(_) if one.is_digest() => Some("secrets"),
        Named::Fingerprint(name) => {
            let has = |report: &&Report| report.findings.iter().any(|finding| finding.fingerprint.as_str() == name);
            reports.iter().find(has).map(|report| report.checker.as_str())
        }
        Named::Lines { rule, .. } => rule.split_once('/').map(|(checker, _)| checker),
    };
    let gates: Vec<String> = owner.map(|owner| plan.gates_of(owner)).unwrap_or_default();
    let by = By::File(one.place.rsplit_once(':').map_or(one.place.as_str(), |(path, _)| path).to_owned());
    let all = match gates.is_empty() {
        true => vec![Relaxation::of_all(text)],
        false => gates.iter().map(|gate| Relaxation::of_gate(gate, text.clone())).collect(),
    };
    all.into_iter().map(|one| one.made_by(by.clone())).collect()
}

fn spent(one: &Spent<'_>) -> String {
    let at = one.at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default();
    format!("{} ({}{at})", one.silenced.place, one.rule)
}

fn name(one: &Silenced) -> &str {
    match &one.named {
        Named::Fingerprint(name) => name,
        Named::Lines { rule, .. } => rule,
    }
}

fn reason(one: &Silenced) -> String {
    match one.reason.char_indices().nth(REASON) {
        Some((at, _)) => format!("{}…", &one.reason[..at]),
        None => one.reason.clone(),
    }
}

/// The finding that one is about, in words.
fn about(one: &Silenced, reports: &[Report]) -> String {
    let wanted = |finding: &&Finding| match &one.named {
        Named::Fingerprint(name) => finding.fingerprint.as_str() == name,
        Named::Lines { .. } => false,
    };
    let found = reports.iter().flat_map(|report| &report.findings).find(wanted);
    match (&one.named, found, &one.rule) {
        (Named::Lines { path, first, .. }, ..) => format!("{path}:{first}"),
        (_, Some(finding), _) => match finding.location.as_ref().filter(|_| !finding.discreet) {
            Some(place) => format!("{} {place}", finding.rule),
            None => finding.rule.clone(),
        },
        (_, None, Some(rule)) => rule.clone(),
        (_, None, None) => NOTHING.to_owned(),
    }
}
