//! `[[sources]]`: reports of tools that are not ours, read in the run itself.

mod file;
mod place;

use std::collections::BTreeSet;

use tollgate_check::search::search;
use tollgate_config::Source;
use tollgate_ingest::findings;
use tollgate_input::Root;
use tollgate_model::{
    Cause, Foreign, Metric, MetricSpec, Problem, Report, Status, Subject, ToolInfo, Unit, Word, format,
};

use crate::session::Session;
use place::Places;

use file::is_called;
pub(crate) use file::{LARGEST, LONGEST, Log, Logs, Read, knows};

/// How much later than now a report may say it was written, in seconds: clocks differ.
const SKEW: i64 = 3_600;

/// Longest name that a source is given after its tool, in characters.
const LONGEST_NAME: usize = 40;

/// Numbers of every source, by what follows its name.
const COMMON: [MetricSpec; 2] = [
    MetricSpec::new("reports", Unit::Count, "Reports that were read").counting("report"),
    MetricSpec::new("inputs", Unit::Count, "Things that the tool says it looked at, in all reports together"),
];

/// Numbers that any source may have beside the count of its findings, by what follows its name, each once.
pub(crate) fn metrics() -> Vec<MetricSpec> {
    let mut all: Vec<MetricSpec> = COMMON.to_vec();
    for metric in findings::FORMATS.iter().flat_map(|format| format.metrics).chain(findings::TESTED) {
        if !all.iter().any(|known| known.name == metric.name) {
            all.push(*metric);
        }
    }
    all
}

/// What the reports of one source say, and those of them that are SARIF.
pub(crate) struct Said {
    pub(crate) report: Report,
    pub(crate) logs: Logs,
}

/// One file of a source, and what came of reading it.
pub(crate) struct OneFile {
    pub(crate) root: Root,
    pub(crate) path: String,
    pub(crate) read: Result<Read, Problem>,
}

impl OneFile {
    /// Reads the file at `path` below `root`; `tool` says whose it is where it does not say so itself.
    pub(crate) fn read(root: &Root, path: &str, tool: Option<&str>, session: &Session) -> Self {
        Self { root: root.clone(), path: path.to_owned(), read: file::read(root, path, tool, &session.digester) }
    }

    /// The tool that wrote it, where that can be told.
    pub(crate) fn tool(&self) -> Option<&str> {
        let foreign = &self.read.as_ref().ok()?.foreign;
        foreign.tools.first().map(|tool| tool.name.as_str())
    }
}

/// Reads the reports that `source` names, as they lie below the checked folder.
///
/// # Errors
/// A pattern that is none, which the reader of the configuration would have seen.
pub(crate) fn read(source: &Source, session: &Session) -> anyhow::Result<Said> {
    let found = search(&session.root, "sources.files", &source.files)?;
    let read = |path: &String| OneFile::read(&session.root, path, source.tool.as_deref(), session);
    let mut said = report(source, session, found.files.iter().map(read).collect());
    said.report.problems.extend(found.problems);
    said.settle();
    Ok(said)
}

/// What these `files` say, as the report of `source`.
pub(crate) fn report(source: &Source, session: &Session, files: Vec<OneFile>) -> Said {
    let mut report = Report::new(&source.name, "", subject(session));
    let mut logs = Logs::new(&source.name, source.upload, &session.digester);
    let mut all = Vec::new();
    for OneFile { root, path, read } in files {
        match read {
            Ok(Read { foreign, evidence, format, log }) => {
                report.evidence.push(evidence);
                let missing = demands(source, &foreign, format, session).into_iter();
                report.problems.extend(
                    missing.map(|message| Problem::new(Cause::NoEvidence, format!("{path}: {message}")).at(&path)),
                );
                let count = foreign.findings.len();
                all.push(foreign);
                logs.add(&root, &path, log, count);
            }
            Err(problem) => report.problems.push(problem),
        }
    }
    let read = all.len() as u64;
    let foreign = findings::combine(all);
    report.tool = tool(&foreign);
    report.definition.clone_from(&foreign.definition);
    fill(&mut report, source, foreign, session);
    report.metrics.push(Metric::count(format!("{}.reports", source.name), read));
    report.metrics.sort_by(|a, b| (&a.name, &a.labels).cmp(&(&b.name, &b.labels)));
    let mut said = Said { report, logs };
    said.settle();
    said
}

impl Said {
    /// Only what was read to its end is complete.
    fn settle(&mut self) {
        let report = &mut self.report;
        report.status = match (report.problems.is_empty(), report.evidence.is_empty()) {
            (true, false) => Status::Complete,
            (true, true) => Status::Empty,
            (false, _) => Status::Incomplete,
        };
        // The findings stay in the order of the files: what is marked on them is written back by their place.
        report.problems.sort();
        report.problems.dedup();
        report.evidence.sort();
    }
}

fn subject(session: &Session) -> Subject {
    Subject {
        root: session.root_in_repository().to_owned(),
        commit: session.head().map(str::to_owned),
        base: None,
        word: Word::OwnRun,
    }
}

/// The first tool that wrote a report, with how many others.
fn tool(foreign: &Foreign) -> ToolInfo {
    let unknown = || ToolInfo { name: "unknown".to_owned(), version: String::new() };
    foreign.tools.first().cloned().unwrap_or_else(unknown)
}

/// What of that which must be there is not, in sentences.
fn demands(source: &Source, foreign: &Foreign, format: Option<&str>, session: &Session) -> Vec<String> {
    let mut missing = Vec::new();
    if let Some(wanted) = &source.tool
        && !foreign.tools.iter().map(|tool| tool.name.as_str()).chain(format).any(|name| is_called(name, wanted))
    {
        let tools: Vec<&str> = foreign.tools.iter().map(|tool| tool.name.as_str()).collect();
        let who = if tools.is_empty() { "it does not say by whom".to_owned() } else { tools.join(", ") };
        missing.push(format!("a report of {wanted} is expected, and this was written by {who}"));
    }
    let span = |seconds: i64| format::milliseconds(seconds as f64 * 1000.0);
    match (source.max_age, foreign.written.map(|written| session.now.saturating_sub(written))) {
        (_, Some(age)) if age < -SKEW => {
            missing
                .push(format!("it was written {} from now; set the clock of the machine that writes it", span(-age)));
        }
        (Some(most), Some(age)) if age.max(0).unsigned_abs() > most => {
            let most = span(i64::try_from(most).unwrap_or(i64::MAX));
            missing.push(format!("it is {} old, and at most {most} are allowed; run the tool again", span(age)));
        }
        (Some(_), None) => missing.push("it does not say when it was written, which `max_age` asks for".to_owned()),
        _ => {}
    }
    // Other tools may cut it short.
    let same = |head: &str, about: &str| head.starts_with(about.to_ascii_lowercase().as_str());
    let another = foreign.commit.as_deref().and_then(|about| session.about_another(about, same));
    missing.extend(another.map(|what| format!("it is {what}; run the tool again")));
    missing
}

/// What `foreign` says, as the report of `source`.
fn fill(report: &mut Report, source: &Source, foreign: Foreign, session: &Session) {
    let mut places = Places::new(&session.root);
    report.findings = foreign.findings;
    for finding in &mut report.findings {
        for location in finding.location.iter_mut().chain(&mut finding.related) {
            places.settle(location);
        }
    }
    report.rules = foreign.rules;
    report.rules.sort_by(|a, b| a.id.cmp(&b.id));
    report.rules.dedup_by(|a, b| a.id == b.id);
    report.problems.extend(foreign.problems);
    report.notes.extend(foreign.notes);
    report.notes.extend(places.note());
    match (source.min_inputs, &foreign.inputs) {
        (Some(least), Some(inputs)) if inputs.count < least => {
            let looked = format::things(inputs.count, &inputs.noun);
            let message = format!("the tool looked at {looked}, and at least {} are expected", format::count(least));
            report.problems.push(Problem::new(Cause::NoEvidence, message));
        }
        (Some(_), None) if !report.evidence.is_empty() => {
            let message = "no report says how much the tool looked at, which `min_inputs` asks for";
            report.problems.push(Problem::new(Cause::NoEvidence, message));
        }
        _ => {}
    }
    if let Some(inputs) = &foreign.inputs {
        report.metrics.push(Metric::count(format!("{}.inputs", source.name), inputs.count));
    }
    for mut metric in foreign.metrics {
        metric.name = format!("{}.{}", source.name, metric.name);
        report.metrics.push(metric);
    }
}

/// Names of the sources whose reports were handed over without a configuration: the tool's own, made fit for conditions.
pub(crate) fn name_of(foreign_tool: &str, taken: &BTreeSet<String>) -> String {
    let mut name = String::new();
    for c in foreign_tool.chars().take(LONGEST_NAME) {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c.to_ascii_lowercase()),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    let name = name.trim_matches('-').trim_start_matches(|c: char| c.is_ascii_digit());
    let name = if name.is_empty() { "unnamed" } else { name };
    let numbered = (2..).map(|n| format!("{name}-{n}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default()
}
