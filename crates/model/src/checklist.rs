//! Checklists: rows that are met, not met, or not shown to be either.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Fingerprint, Location, Metric, Report};

/// How a row of a checklist stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Something was found that contradicts it.
    Fail,
    /// Nothing looked, or what looked found nothing that shows it.
    NotEvidenced,
    /// Some of what it needs is shown.
    Partial,
    /// Somebody answers for it.
    Attested,
    /// Somebody says that it does not concern the subject.
    NotApplicable,
    /// Everything that it needs is shown.
    Pass,
}

impl Standing {
    /// All of them, worst first.
    pub const ALL: [Self; 6] =
        [Self::Fail, Self::NotEvidenced, Self::Partial, Self::Attested, Self::NotApplicable, Self::Pass];

    /// The word that reports and conditions use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::NotEvidenced => "not-evidenced",
            Self::Partial => "partial",
            Self::Attested => "attested",
            Self::NotApplicable => "not-applicable",
            Self::Pass => "pass",
        }
    }
}

/// One edition of a checklist, with how each row stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// What it is called: `OWASP-API`.
    pub name: String,
    /// Which edition: `2023`.
    pub edition: String,
    /// The metric that counts its rows by `edition` and `verdict`.
    pub metric: String,
    /// Its rows, in order.
    pub items: Vec<ChecklistItem>,
}

/// One row of a checklist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItem {
    /// Its name: `API5:2023`.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// How it stands.
    pub verdict: Standing,
    /// Why, in one sentence.
    pub because: String,
    /// What the verdict rests on, the most telling first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Location>,
    /// Where to read more: an https address.
    pub reference: String,
    /// Weaknesses that it is about, by their number in CWE.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cwe: Vec<u32>,
    /// The rows of other editions that it came from, or became.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// The findings that fail it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed_by: Vec<Fingerprint>,
    /// Of one that fails: what holds where none of these counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Otherwise>,
}

/// How a row would stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Otherwise {
    /// How.
    pub verdict: Standing,
    /// Why, in one sentence.
    pub because: String,
}

impl Checklist {
    /// `1 fail, 2 partial, 7 not-evidenced`.
    pub fn counted(&self) -> String {
        let count = |verdict: Standing| self.items.iter().filter(|item| item.verdict == verdict).count();
        let all = Standing::ALL.into_iter().map(|verdict| (count(verdict), verdict)).filter(|(count, _)| *count > 0);
        all.map(|(count, verdict)| format!("{count} {}", verdict.word())).collect::<Vec<String>>().join(", ")
    }

    /// The numbers: its rows by how they stand, with the rows as places.
    pub fn metrics(&self) -> Vec<Metric> {
        let of = |verdict: Standing| {
            let items: Vec<&ChecklistItem> = self.items.iter().filter(|item| item.verdict == verdict).collect();
            let place = |item: &&ChecklistItem| match item.places.first() {
                Some(place) => format!("{} {place}", item.id),
                None => item.id.clone(),
            };
            Metric::count(&self.metric, items.len() as u64)
                .label("edition", &self.edition)
                .label("verdict", verdict.word())
                .places(items.iter().map(place))
        };
        Standing::ALL.into_iter().map(of).collect()
    }
}

/// What a person reads first: how each edition stands.
pub fn summary(checklists: &[Checklist]) -> String {
    checklists
        .iter()
        .map(|list| format!("{} {}: {}", list.name, list.edition, list.counted()))
        .collect::<Vec<_>>()
        .join("; ")
}

impl Report {
    /// Takes into account which findings count: a row that only such fail as do not count stands as it would without them.
    pub fn settle_checklists(&mut self) {
        let counts = |name: &Fingerprint| self.findings.iter().any(|of| of.fingerprint == *name && of.counts());
        let mut changed = false;
        for item in self.checklists.iter_mut().flat_map(|list| &mut list.items) {
            if item.verdict == Standing::Fail
                && !item.failed_by.is_empty()
                && !item.failed_by.iter().any(counts)
                && let Some(otherwise) = item.otherwise.take()
            {
                (item.verdict, item.because) = (otherwise.verdict, otherwise.because);
                changed = true;
            }
        }
        if !changed {
            return;
        }
        let names: Vec<String> = self.checklists.iter().map(|list| list.metric.clone()).collect();
        self.metrics.retain(|metric| !names.contains(&metric.name) || !metric.labels.contains_key("verdict"));
        self.metrics.extend(self.checklists.iter().flat_map(Checklist::metrics));
        self.metrics.sort_by(|a, b| (&a.name, &a.labels).cmp(&(&b.name, &b.labels)));
        if let Some(headline) = &mut self.headline {
            headline.text = summary(&self.checklists);
            headline.details.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Finding, Subject, Suppression, Word};

    fn report() -> Report {
        let subject = Subject { root: ".".to_owned(), commit: None, base: None, word: Word::Tree };
        let mut report = Report::new("x", "1.0.0", subject);
        let fingerprint = Fingerprint("v1:1".to_owned());
        report.findings.push(Finding::of(&[], "x/y", "m", Location::file("a"), fingerprint.clone()));
        let item = |id: &str, verdict, failed_by: Vec<Fingerprint>| ChecklistItem {
            id: id.to_owned(),
            title: "t".to_owned(),
            verdict,
            because: "found".to_owned(),
            places: vec![Location::lines("a", 3, 3)],
            reference: "https://x.example".to_owned(),
            cwe: Vec::new(),
            also: Vec::new(),
            otherwise: (!failed_by.is_empty())
                .then(|| Otherwise { verdict: Standing::Partial, because: "in part".to_owned() }),
            failed_by,
        };
        let items = vec![item("A1", Standing::Fail, vec![fingerprint]), item("A2", Standing::Pass, Vec::new())];
        let list = Checklist { name: "L".to_owned(), edition: "1".to_owned(), metric: "x.items".to_owned(), items };
        report.metrics = list.metrics();
        report.checklists.push(list);
        report
    }

    fn count(report: &Report, verdict: &str) -> f64 {
        let of = report.metrics.iter().find(|metric| metric.labels["verdict"] == verdict);
        of.map_or(-1.0, |metric| metric.value)
    }

    #[test]
    fn what_fails_by_findings_that_do_not_count_stands_as_it_would_without() {
        let mut report = report();
        let before = report.clone();
        report.settle_checklists();
        assert_eq!(report, before);
        assert_eq!((count(&report, "fail"), count(&report, "pass")), (1.0, 1.0));
        assert_eq!(summary(&report.checklists), "L 1: 1 fail, 1 pass");
        report.findings[0].suppressed = Some(Suppression { reason: "r".to_owned(), owner: None, expires: None });
        report.settle_checklists();
        assert_eq!((count(&report, "fail"), count(&report, "partial")), (0.0, 1.0));
        assert_eq!(report.checklists[0].items[0].because, "in part");
        assert_eq!(report.metrics.len(), Standing::ALL.len());
        let settled = report.clone();
        report.settle_checklists();
        assert_eq!(report, settled);
    }

    #[test]
    fn words_are_those_that_travel() {
        for standing in Standing::ALL {
            assert_eq!(serde_json::to_value(standing).unwrap(), standing.word());
        }
    }
}
