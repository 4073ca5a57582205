//! Everything as SARIF: our reports as we write them, those of other tools as they came, with what policy knows of each result.

use std::borrow::Cow;
use std::io::Write;

use anyhow::Context as _;
use tollgate_model::{Finding, Report, Run};
use tollgate_sarif::{ForeignLog, Limits, Mark};

use crate::sources::{LARGEST, LONGEST, Log, Logs};

/// A run and the foreign logs that belong to it.
pub(crate) struct Archive<'a> {
    pub(crate) run: &'a Run,
    pub(crate) logs: &'a [Logs],
}

impl Archive<'_> {
    /// Writes everything, marked; gives what was changed on the way, in sentences.
    pub(crate) fn write(&self, out: &mut dyn Write) -> anyhow::Result<Vec<String>> {
        let reports = self.reports();
        let reports: Vec<&Report> = reports.iter().map(AsRef::as_ref).collect();
        self.with_logs(|logs| tollgate_sarif::archive(&reports, logs, out).context("the SARIF log could not be made"))
    }

    /// Writes what code scanning should get, file by file; gives what was left out, in sentences.
    pub(crate) fn upload(
        &self,
        make: &mut dyn FnMut(usize) -> std::io::Result<Box<dyn Write>>,
    ) -> anyhow::Result<Vec<String>> {
        let reports = self.reports();
        let ours: Vec<&Report> = reports.iter().map(AsRef::as_ref).collect();
        self.with_logs(|logs| {
            let limits = Limits::default();
            tollgate_sarif::upload(&ours, logs, &limits, make).context("the SARIF for code scanning could not be made")
        })
    }

    /// The reports, without what the foreign logs say themselves.
    fn reports(&self) -> Vec<Cow<'_, Report>> {
        let logs = |report: &Report| self.logs.iter().find(|logs| logs.source == report.checker);
        let own = |report| match logs(report).filter(|logs| !logs.files.is_empty()) {
            None => Some(Cow::Borrowed(report)),
            Some(logs) => without(report, logs).map(Cow::Owned),
        };
        self.run.reports.iter().filter_map(own).collect()
    }

    fn with_logs<T>(&self, f: impl FnOnce(&[ForeignLog<'_>]) -> T) -> T {
        let findings = |logs: &Logs| {
            let report = self.run.reports.iter().find(|report| report.checker == logs.source);
            report.map_or(&[][..], |report| &report.findings)
        };
        let all = self.logs.iter().flat_map(|logs| logs.files.iter().map(move |log| (logs, log)));
        let parts: Vec<_> = all
            .map(|(logs, log)| {
                let findings = findings(logs);
                let open = || log.root.window(&log.path, LARGEST, LONGEST);
                (logs, open, move |ordinal| mark(log, findings, ordinal))
            })
            .collect();
        let foreign: Vec<ForeignLog<'_>> = parts
            .iter()
            .map(|(logs, open, mark)| {
                let digester = Some(&*logs.digester);
                ForeignLog { source: &logs.source, open, mark, upload: logs.upload, digester }
            })
            .collect();
        f(&foreign)
    }
}

/// What policy knows of one result of a foreign log.
fn mark<'a>(log: &Log, findings: &'a [Finding], ordinal: u64) -> Mark<'a> {
    let at = log.ordinals.binary_search_by_key(&ordinal, |ordinal| u64::from(*ordinal)).ok();
    let finding = at.and_then(|at| findings.get(log.first + at));
    finding.map_or_else(Mark::default, |finding| Mark { state: finding.state, suppressed: finding.suppressed.as_ref() })
}

/// The report of a source without the findings that its SARIF files hold; none where nothing else is in it.
fn without(report: &Report, logs: &Logs) -> Option<Report> {
    let told = |at: usize| logs.files.iter().any(|log| (log.first..log.first + log.ordinals.len()).contains(&at));
    let findings: Vec<Finding> =
        report.findings.iter().enumerate().filter(|(at, _)| !told(*at)).map(|(_, finding)| finding.clone()).collect();
    if findings.is_empty() && report.problems.is_empty() {
        return None;
    }
    let mut rest = Report::new(&report.checker, &report.tool.version, report.subject.clone());
    rest.tool = report.tool.clone();
    rest.findings = findings;
    rest.rules.clone_from(&report.rules);
    rest.problems.clone_from(&report.problems);
    rest.notes.clone_from(&report.notes);
    rest.metrics.clone_from(&report.metrics);
    rest.status = report.status;
    Some(rest)
}
