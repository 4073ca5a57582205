//! What of a configuration has no effect, or hides more than it says.

use std::collections::HashSet;

use tollgate_model::is_commit;

use crate::gitleaks::allow::Allowlist;
use crate::gitleaks::config::Config;
use crate::gitleaks::ignore::Ignore;
use crate::gitleaks::remark::{Kind, Remark, quote};

mod loose;
mod paths;

/// How many bytes are compared with expressions at most, those with heavy ones counted several times.
const MOST_WORK: u64 = 1 << 31;
/// How many remarks are made at most.
const MOST_REMARKS: usize = 1000;

/// What is judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Input<'a> {
    pub(crate) config: Option<&'a Config>,
    pub(crate) ignore: Option<&'a Ignore>,
    /// Every tracked file.
    pub(crate) tracked: &'a [&'a str],
    /// Ids of the built-in rules that `useDefault` stands for.
    pub(crate) defaults: &'a [&'a str],
}

/// How much may still be done.
struct Budget(u64);

impl Budget {
    /// Takes `bytes` for an expression of some weight; false where there are not as many left.
    fn take(&mut self, bytes: usize, weight: u64) -> bool {
        let left = self.0.checked_sub((bytes as u64).saturating_mul(1 + weight / 10));
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

/// Every remark, those that were made on reading included, by file and line.
pub(crate) fn lint(input: &Input<'_>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut budget = Budget(MOST_WORK);
    if let Some(config) = input.config {
        remarks.extend(config.remarks.iter().cloned());
        let tokens = loose::tokens();
        for list in config.allowlists.iter().chain(config.rules.iter().flat_map(|rule| &rule.allowlists)) {
            short_commits(list, &mut remarks);
            let judged = paths::judge(list, input.tracked, &mut budget, &mut remarks)
                && loose::judge(list, &tokens, &mut budget, &mut remarks);
            if !judged {
                let message =
                    "there are too many expressions to judge them all from here on. Remove those that are not needed.";
                remarks.push(Remark::new(Kind::NotJudged, &list.file, list.line, message.to_owned()));
                break;
            }
        }
        rules(config, input.defaults, &mut remarks);
    }
    if let Some(ignore) = input.ignore {
        remarks.extend(ignore.remarks.iter().cloned());
        entries(ignore, input.tracked, &mut remarks);
    }
    remarks.sort_by(|a, b| (&a.file, a.line, a.kind).cmp(&(&b.file, b.line, b.kind)));
    if let Some(more) = remarks.len().checked_sub(MOST_REMARKS).filter(|more| *more > 0) {
        remarks.truncate(MOST_REMARKS);
        if let Some(last) = remarks.last().cloned() {
            let message = format!("{more} more remarks are left out. Mend those above first.");
            remarks.push(Remark::new(Kind::NotJudged, &last.file, last.line, message));
        }
    }
    remarks
}

/// Rules that do nothing, and lists for rules that are none.
fn rules(config: &Config, defaults: &[&str], remarks: &mut Vec<Remark>) {
    let mut known: HashSet<&str> = config.rules.iter().map(|rule| rule.id.as_str()).collect();
    let built_in = |id: &str| config.use_default && (defaults.is_empty() || defaults.contains(&id));
    for rule in
        config.rules.iter().filter(|rule| rule.expression.is_none() && rule.path.is_none() && !built_in(&rule.id))
    {
        let message = format!(
            "rule {} has neither regex nor path and finds nothing; gitleaks stops at it. Add one of them.",
            quote(&rule.id)
        );
        remarks.push(Remark::new(Kind::InertRule, &rule.file, rule.line, message));
    }
    if config.use_default {
        known.extend(defaults);
        if defaults.is_empty() {
            return;
        }
    }
    for list in &config.allowlists {
        for target in list.target_rules.iter().filter(|target| !known.contains(target.value.as_str())) {
            let message = format!(
                "targetRules names {}, which is no rule; gitleaks stops at it. Correct or remove it.",
                quote(&target.value)
            );
            remarks.push(Remark::new(Kind::UnknownRule, &list.file, target.line, message));
        }
    }
}

/// Commits that are not written in full.
fn short_commits(list: &Allowlist, remarks: &mut Vec<Remark>) {
    for commit in list.commits.iter().filter(|commit| !is_commit(&commit.value)) {
        let message = format!(
            "commit {} is no full hash and equals none, so it allows nothing. Write all 40 digits.",
            quote(&commit.value)
        );
        remarks.push(Remark::new(Kind::ShortCommit, &list.file, commit.line, message));
    }
}

/// Entries that cannot match.
fn entries(ignore: &Ignore, tracked: &[&str], remarks: &mut Vec<Remark>) {
    let tracked: HashSet<&str> = tracked.iter().copied().collect();
    for entry in &ignore.entries {
        match &entry.commit {
            None if !tracked.contains(entry.file.as_str()) => {
                let message = format!(
                    "{} is not tracked, so this entry ignores nothing in the tree. Remove it.",
                    quote(&entry.file)
                );
                remarks.push(Remark::new(Kind::StaleIgnore, &ignore.name, entry.line, message));
            }
            Some(commit) if !is_commit(commit) => {
                let message = format!(
                    "commit {} is no full hash, so this entry ignores nothing. Write all 40 digits.",
                    quote(commit)
                );
                remarks.push(Remark::new(Kind::ShortCommit, &ignore.name, entry.line, message));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
