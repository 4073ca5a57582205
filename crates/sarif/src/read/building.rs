//! The log while it is put together, run by run.

use std::collections::{HashMap, HashSet};

use tollgate_digest::Digester;
use tollgate_model::{Cause, Finding, Fingerprinter, Foreign, Problem, ToolInfo};

use super::finish::Context;
use super::rules::{At, Tool};
use super::run::{Given, Run};
use super::tally::Tally;
use super::{Bounds, Log, RunSaid};

/// How many problems, and notes of single runs, are kept.
const PROBLEMS: usize = 200;
const NOTES: usize = 50;
/// How often names are looked through for equal ones.
const ROUNDS: usize = 8;

/// The log as far as it was read.
pub(super) struct Building<'a> {
    pub(super) bounds: &'a Bounds,
    pub(super) digester: Option<&'a Digester>,
    pub(super) log: Log,
    pub(super) tally: Tally,
    pub(super) names: Fingerprinter,
    /// Names and versions of the tools that are listed, and ids of the rules.
    tools: HashSet<(String, String)>,
    listed: HashSet<String>,
    /// How many bytes of texts of findings may still be kept.
    texts: usize,
    others: usize,
    more_problems: u64,
}

impl<'a> Building<'a> {
    pub(super) fn new(bounds: &'a Bounds, digester: Option<&'a Digester>) -> Self {
        let log = Log { foreign: Foreign::default(), ordinals: Vec::new(), results: 0, runs: Vec::new() };
        Self {
            bounds,
            digester,
            log,
            tally: Tally::default(),
            names: Fingerprinter::default(),
            tools: HashSet::new(),
            listed: HashSet::new(),
            texts: bounds.texts,
            others: 0,
            more_problems: 0,
        }
    }

    /// Takes up a problem.
    pub(super) fn problem(&mut self, cause: Cause, message: String) {
        let problem = Problem::new(cause, message);
        if self.log.foreign.problems.len() >= PROBLEMS {
            self.more_problems += 1;
        } else if !self.log.foreign.problems.contains(&problem) {
            self.log.foreign.problems.push(problem);
        }
    }

    /// Takes up a note, unless there are very many.
    pub(super) fn note(&mut self, note: String) {
        let notes = &mut self.log.foreign.notes;
        if notes.len() < NOTES && !notes.contains(&note) {
            notes.push(note);
        }
    }

    /// Takes up what `run` says.
    pub(super) fn run(&mut self, mut run: Run) {
        self.tally.rules_left_out += run.tool.rules_left_out;
        self.tally.texts_left_out += run.tool.texts_left_out;
        let name = match run.tool.name() {
            "" => format!("run {}", self.log.runs.len() + 1),
            name => name.to_owned(),
        };
        self.problems_of(&run, &name);
        self.facts_of(&run, &name);
        let mut levels = run.others;
        let mut used: HashSet<At> = HashSet::new();
        let pending = std::mem::take(&mut run.pending);
        self.log.foreign.findings.reserve(pending.len());
        self.log.ordinals.reserve(pending.len());
        let context = Context::of(&run, &name);
        for result in pending {
            let at = context.rule(&result);
            used.extend(at);
            let descriptor = at.and_then(|at| run.tool.at(at));
            let said = context.level(&result, at, descriptor);
            levels.count(said);
            // What findings name by index or id may be many times what the file holds.
            if self.texts == 0 {
                self.tally.over += 1;
                continue;
            }
            self.log.ordinals.push(result.ordinal);
            let finding = context.finding(result, descriptor, said, self);
            self.texts = self.texts.saturating_sub(size(&finding));
            self.log.foreign.findings.push(finding);
        }
        let successful = !run.invocations.iter().any(|invocation| invocation.failed) && run.more_failed == 0;
        self.log.results += run.results;
        self.log.runs.push(RunSaid {
            name: run.tool.name().to_owned(),
            version: run.tool.version().to_owned(),
            category: run.category.clone(),
            results: run.results,
            levels,
            successful,
        });
        self.rules_of(&mut run.tool, &used);
    }

    fn problems_of(&mut self, run: &Run, name: &str) {
        if run.results_elsewhere {
            let what = "its results are in another file (`externalPropertyFileReferences`), which is not read; \
                        have the tool write them into this one";
            self.problem(Cause::Unreadable, format!("{name}: {what}"));
        } else if run.given == Given::Absent {
            let what = "it has no `results`: that is no word on what was looked at; an empty list would be";
            self.problem(Cause::NoEvidence, format!("{name}: {what}"));
        }
        if let Given::Strange(kind) = run.given {
            self.problem(Cause::Unreadable, format!("{name}: `results` is {kind}, expected a list; write it again"));
        }
        if run.no_objects > 0 {
            let what = format!("{} of its `results` are no objects, and were not read; write it again", run.no_objects);
            self.problem(Cause::Unreadable, format!("{name}: {what}"));
        }
        if run.tool.rules_left_out > 0 {
            let what = format!(
                "{} of its rules are too many, and were not read: levels may be wrong",
                run.tool.rules_left_out
            );
            self.problem(Cause::Unreadable, format!("{name}: {what}"));
        }
        for part in &run.elsewhere {
            let what = format!("`{part}` is in another file, which is not read");
            // Whether it ran well, and how loud its rules are, is not known then.
            match part.as_str() {
                "invocations" | "driver" | "extensions" => self.problem(Cause::Unreadable, format!("{name}: {what}")),
                _ => self.note(format!("{name}: {what}")),
            }
        }
        for invocation in &run.invocations {
            for trouble in &invocation.troubles {
                self.problem(Cause::Unfinished, format!("{name} reported an error: {trouble}"));
            }
            if invocation.more_troubles > 0 {
                let what = format!("{name} reported {} more errors", invocation.more_troubles);
                self.problem(Cause::Unfinished, what);
            }
            if invocation.failed {
                let code = invocation.exit_code.as_ref().map(|code| format!(", exit code {code}")).unwrap_or_default();
                let what = format!("{name} says that it did not end well (`executionSuccessful`{code}); run it again");
                self.problem(Cause::Unfinished, what);
            } else if let Some(code) = &invocation.exit_code {
                self.note(format!("{name} ended with exit code {code}"));
            }
        }
        if run.more_failed > 0 {
            self.problem(Cause::Unfinished, format!("{name}: {} more invocations failed", run.more_failed));
        }
    }

    fn facts_of(&mut self, run: &Run, name: &str) {
        let foreign = &mut self.log.foreign;
        let tool = ToolInfo { name: name.to_owned(), version: run.tool.version().to_owned() };
        if self.tools.insert((tool.name.clone(), tool.version.clone())) {
            foreign.tools.push(tool);
        }
        // Of several runs the one that ended first: no part of the file is older than that.
        let ended = run.invocations.iter().filter_map(|invocation| invocation.ended).max();
        foreign.written = match (foreign.written, ended) {
            (Some(known), Some(ended)) => Some(known.min(ended)),
            (known, ended) => known.or(ended),
        };
        let Some(commit) = &run.commit else { return };
        match &foreign.commit {
            None => foreign.commit = Some(commit.clone()),
            Some(known) if known == commit => {}
            Some(known) => {
                let note = format!("{name} is about commit {commit}, other runs of the file about {known}");
                self.note(note);
            }
        }
    }

    /// Lists the rules that found something, and others as far as there is room.
    fn rules_of(&mut self, tool: &mut Tool, used: &HashSet<At>) {
        for (component, part) in tool.components.iter_mut().enumerate() {
            for (rule, descriptor) in part.rules.iter_mut().enumerate() {
                if descriptor.id.is_empty() || self.listed.contains(&descriptor.id) {
                    continue;
                }
                if !used.contains(&(component, rule)) {
                    if self.others >= self.bounds.other_rules {
                        self.tally.rules_not_listed += 1;
                        continue;
                    }
                    self.others += 1;
                }
                self.listed.insert(descriptor.id.clone());
                self.log.foreign.rules.push(descriptor.rule());
            }
        }
    }

    /// The whole, with what was counted.
    pub(super) fn end(mut self) -> Log {
        if self.tally.over > 0 {
            let kept = self.log.foreign.findings.len();
            let what = format!("{} findings are too many, and were left out; {kept} were read", self.tally.over);
            self.problem(Cause::Unfinished, what);
        }
        if self.more_problems > 0 {
            let what = format!("{} more problems like these", self.more_problems);
            self.log.foreign.problems.push(Problem::new(Cause::Unfinished, what));
        }
        self.log.foreign.notes.extend(self.tally.notes(self.bounds.message));
        unique(&mut self.log.foreign.findings);
        self.log
    }
}

/// How many bytes its texts have.
fn size(finding: &Finding) -> usize {
    let places = finding.location.iter().chain(&finding.related).map(|location| location.path.len());
    finding.rule.len() + finding.message.len() + finding.fingerprint.as_str().len() + places.sum::<usize>()
}

/// Numbers equal fingerprints, from the second on, in the order of the file.
fn unique(findings: &mut [Finding]) {
    for _ in 0..ROUNDS {
        let mut again = Vec::new();
        let mut seen: HashMap<&str, u32> = HashMap::with_capacity(findings.len());
        for (place, finding) in findings.iter().enumerate() {
            let count = seen.entry(finding.fingerprint.as_str()).or_default();
            *count += 1;
            if *count > 1 {
                again.push((place, *count));
            }
        }
        if again.is_empty() {
            return;
        }
        for (place, count) in again {
            if let Some(finding) = findings.get_mut(place) {
                finding.fingerprint.0.push_str(&format!("#{count}"));
            }
        }
    }
}
