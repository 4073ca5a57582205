//! What the trials say of each check: whether it can tell good from bad, and if not, why.

mod checks;
mod gates;
mod never;
mod words;

use std::rc::Rc;

use tollgate_model::Confidence;

use crate::bench::Bench;
use crate::bench::trials::{JobRecord, StepRecord};
use crate::machine::seen::Loss;
use crate::machine::site::Link;
use crate::model::Job;

pub(crate) use self::checks::missing_message;
pub(crate) use self::never::unreachable;

/// Whether a check can tell good from bad, and if not, what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Class {
    /// It can turn its job red, and does so for what it found.
    Effective,
    /// It says that all is well and looks at nothing.
    PrintsOnly,
    /// It looks, and what it finds changes nothing.
    ResultIgnored,
    /// It passes where there is nothing to look at.
    PassesWithoutInput,
    /// It is not run.
    NeverRuns,
    /// It fails whatever it is given.
    CannotPass,
}

impl Class {
    /// All of them, in the order in which they are told.
    pub(crate) const ALL: [Self; 6] = [
        Self::Effective,
        Self::PrintsOnly,
        Self::ResultIgnored,
        Self::PassesWithoutInput,
        Self::NeverRuns,
        Self::CannotPass,
    ];

    /// The word that reports and conditions use.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Effective => "effective",
            Self::PrintsOnly => "prints-only",
            Self::ResultIgnored => "result-ignored",
            Self::PassesWithoutInput => "passes-without-input",
            Self::NeverRuns => "never-runs",
            Self::CannotPass => "cannot-pass",
        }
    }
}

/// One check of the inventory.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    /// Where it stands: the line of the command, or of the step.
    pub(crate) place: Link,
    /// The job, or the hook.
    pub(crate) job: String,
    /// The step.
    pub(crate) step: String,
    /// The tool, script or gate.
    pub(crate) tool: String,
    /// What kind of check.
    pub(crate) kind: String,
    /// Whether it can tell good from bad.
    pub(crate) class: Class,
    /// How sure that is.
    pub(crate) confidence: Confidence,
    /// The rule that says so; none of an effective one.
    pub(crate) rule: Option<&'static str>,
    /// Why, in a sentence or two.
    pub(crate) message: String,
    /// From the workflow to the command.
    pub(crate) chain: Vec<Link>,
    /// Where it is lost, or where it is judged.
    pub(crate) cause: Option<Link>,
    /// The command without what says how and where it prints.
    pub(crate) essence: String,
    /// Packages that a task runner runs it in.
    pub(crate) covers: Vec<String>,
    /// Packages that have no such script.
    pub(crate) uncovered: Vec<String>,
}

/// Something that is noticed beside the checks.
#[derive(Clone, Debug)]
pub(crate) struct Remark {
    /// The rule.
    pub(crate) rule: &'static str,
    /// Where.
    pub(crate) place: Link,
    /// How sure it is.
    pub(crate) confidence: Confidence,
    /// What is wrong and what follows.
    pub(crate) message: String,
    /// What becomes of a check for it.
    pub(crate) class: Class,
}

/// What is noticed beside the checks: scripts that nobody defines, reports that hold commands instead of what they print.
pub(crate) fn remarks(records: &[JobRecord<'_>]) -> Vec<Remark> {
    let mut all: Vec<Remark> = Vec::new();
    for step in records.iter().flat_map(|record| &record.steps) {
        for missing in step.missing.iter().filter(|missing| !missing.like_check) {
            let Some(place) = missing.chain.first().cloned() else { continue };
            let message = missing_message(missing);
            all.push(Remark {
                rule: "workflows/missing-script",
                place,
                confidence: Confidence::Medium,
                message,
                class: Class::NeverRuns,
            });
        }
        for place in &step.facts.unexpanded {
            let message = "the here-document is quoted, so what stands in `$( … )` is written into the file as it is and the report is no report".to_owned();
            let place = place.clone();
            all.push(Remark {
                rule: "workflows/unexpanded-report",
                place,
                confidence: Confidence::High,
                message,
                class: Class::PrintsOnly,
            });
        }
    }
    all
}

/// What was seen of every job whose checks find nothing.
pub(crate) fn records<'a>(bench: &Bench<'a>, jobs: &'a [Job]) -> Vec<JobRecord<'a>> {
    jobs.iter().map(|job| bench.baseline(job)).collect()
}

/// Judges every check of a workflow.
pub(crate) fn checks<'a>(bench: &Bench<'a>, records: &[JobRecord<'a>]) -> Vec<Check> {
    let mut all = Vec::new();
    for record in records {
        let mut judged_elsewhere = Vec::new();
        let from = all.len();
        for index in 0..record.steps.len() {
            checks::of_step(bench, record, index, &mut all, &mut judged_elsewhere);
        }
        for index in 0..record.steps.len() {
            let judged = judged_elsewhere.contains(&index);
            gates::of_step(bench, record, index, judged, &mut all);
        }
        said_elsewhere(&mut all[from..]);
        gates::of_printing_job(bench, record, &mut all, from);
        gates::of_job(bench, record, &mut all, from);
    }
    for check in &mut all {
        // Within its own file a place is a line.
        check.message = check.message.replace(&format!("{}:", check.place.file), "line ");
    }
    all
}

/// Where the same tool stands in a job once more and can fail there, the one that cannot is for show.
fn said_elsewhere(checks: &mut [Check]) {
    let effective: Vec<String> =
        checks.iter().filter(|check| check.class == Class::Effective).map(|check| check.tool.clone()).collect();
    let quiet = |check: &&mut Check| matches!(check.class, Class::ResultIgnored | Class::PassesWithoutInput);
    for check in checks.iter_mut().filter(quiet) {
        let again =
            effective.iter().any(|tool| *tool == check.tool || check.kind == "tests" && tool.contains(&check.tool));
        if again {
            check.confidence = check.confidence.min(Confidence::Medium);
        }
    }
}

/// A file that GitHub refuses and of which nothing more is known: one check that never runs.
pub(crate) fn whole_file(path: &str, name: &str, line: u32) -> Check {
    let place = Link { file: path.into(), line, text: name.into() };
    Check {
        chain: vec![place.clone()],
        place,
        job: String::new(),
        step: name.to_owned(),
        tool: "workflow".to_owned(),
        kind: "other".to_owned(),
        class: Class::NeverRuns,
        confidence: Confidence::High,
        rule: None,
        message: format!("GitHub refuses the file for line {line}, so nothing in it runs"),
        cause: None,
        essence: String::new(),
        covers: Vec::new(),
        uncovered: Vec::new(),
    }
}

/// A check as it stands in the inventory before it is judged.
fn check(record: &JobRecord<'_>, step: &StepRecord<'_>, place: Link) -> Check {
    Check {
        place,
        job: record.job.id.text.clone(),
        step: crate::bench::step_name(step.step),
        tool: String::new(),
        kind: "other".to_owned(),
        class: Class::Effective,
        confidence: Confidence::High,
        rule: None,
        message: String::new(),
        chain: Vec::new(),
        cause: None,
        essence: String::new(),
        covers: Vec::new(),
        uncovered: Vec::new(),
    }
}

/// The lower of two confidences.
fn at_most(a: Confidence, b: Confidence) -> Confidence {
    a.min(b)
}

/// The loss that explains most: the first one, unless the tool itself is muted.
fn main_loss(losses: &[Loss]) -> Option<&Loss> {
    use crate::machine::seen::LossKind::{Branch, Muted, NeverFails, Subshell, Unread};
    let muted = losses.iter().find(|loss| matches!(loss.kind, Muted(_) | NeverFails));
    let plain = losses.iter().find(|loss| !matches!(loss.kind, Subshell(_) | Branch | Unread(_)));
    let subshell = losses.iter().find(|loss| matches!(loss.kind, Subshell(_)));
    let branch = losses.iter().find(|loss| loss.kind == Branch);
    muted.or(plain).or(subshell).or(branch).or(losses.first())
}

/// The name of a check for messages: the command as it is written.
fn quoted(command: &Rc<str>) -> String {
    let command = command.replace('`', "'");
    if command.chars().count() > 80 {
        let short: String = command.chars().take(79).collect();
        return format!("`{short}…`");
    }
    format!("`{command}`")
}
