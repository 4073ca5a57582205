//! Since when a finding is known.
//!
//! The run of the base branch is the record: what it found was first seen on the day that it says, else on its own day. A finding
//! keeps its day from record to record for as long as the base has it.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_model::{Date, Fingerprint, Report, State, Status};

/// What the run of the base branch knows of days.
#[derive(Debug, Default)]
pub struct Seen {
    day: Option<Date>,
    days: BTreeMap<(String, String, Fingerprint), Date>,
    /// Checkers that saw everything.
    complete: BTreeSet<String>,
}

impl Seen {
    /// What `record` knows: reports of a run of `day`, if it says when it was made. Findings there that have no day of their own
    /// are given that one.
    pub fn of(record: &mut [Report], day: Option<Date>) -> Self {
        let mut seen = Self { day, ..Self::default() };
        for report in record {
            if report.status == Status::Complete {
                seen.complete.insert(report.checker.clone());
            }
            for finding in report.findings.iter_mut().filter(|finding| finding.state != Some(State::Absent)) {
                finding.first_seen = finding.first_seen.or(day);
                if let Some(first) = finding.first_seen {
                    let key = (report.checker.clone(), finding.rule.clone(), finding.fingerprint.clone());
                    seen.days.entry(key).and_modify(|known| *known = first.min(*known)).or_insert(first);
                }
            }
        }
        seen
    }

    /// Dates what is found on the base's own files. What the record does not have came after it was made, and nobody knows how
    /// long after: it counts from the record's day.
    pub fn date(&self, base: &mut [Report]) {
        for report in base {
            let late = self.day.filter(|_| self.complete.contains(&report.checker));
            self.fill(report, late);
        }
    }

    /// Dates what the record has too, where the base has nothing to compare with.
    pub fn carry(&self, reports: &mut [Report]) {
        reports.iter_mut().for_each(|report| self.fill(report, None));
    }

    fn fill(&self, report: &mut Report, otherwise: Option<Date>) {
        for finding in report.findings.iter_mut().filter(|finding| finding.state.is_none()) {
            let key = (report.checker.clone(), finding.rule.clone(), finding.fingerprint.clone());
            finding.first_seen = self.days.get(&key).copied().or(otherwise);
        }
    }
}
