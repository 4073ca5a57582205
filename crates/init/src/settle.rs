//! From goals and what was measured to what is written: a goal that holds is enforced, one that does not becomes the base's
//! value for now, one that could not be measured waits for the first run of the workflow.

use tollgate_model::{Date, Metric, Reason, Report, Run, Verdict, format};

use crate::detect::{Found, Input};
use crate::goals::{Asked, Gate, Goal, Kind, Rests, names};
use crate::policy_file::{BundleSection, CoverageSection, GateSection, Line, Place, PolicyFile};

/// What became of a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Enforced at once.
    Holds,
    /// Does not hold, and blocks all the same.
    Blocks,
    /// Does not hold: compared with the base for now.
    NotYet,
    /// Nobody knows yet.
    NotMeasured,
    /// Left out, for there is nothing to judge.
    LeftOut,
}

/// One goal, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose it is.
    pub gate: Gate,
    /// The goal as a condition.
    pub condition: String,
    /// What became of it.
    pub standing: Standing,
    /// The number, and where it comes from; why there is none.
    pub measured: String,
    /// Who asks for the goal; nobody where it is the usual one.
    pub asked: Option<Asked>,
    /// Whether it is only shown, whatever it is.
    pub shown: bool,
}

/// What is written, and why.
#[derive(Clone, Debug)]
pub(crate) struct Settled {
    pub(crate) file: PolicyFile,
    pub(crate) rows: Vec<Row>,
}

impl Settled {
    /// Whether a condition compares with what a run of the base left behind.
    pub(crate) fn compares_with_base(&self) -> bool {
        let lines = self.file.gates.iter().flat_map(|gate| &gate.conditions);
        lines.map(|line| &line.condition).any(|condition| {
            condition.ends_with(" base")
                && ["coverage.", "bundle.", "tests."].iter().any(|name| condition.starts_with(name))
        })
    }
}

/// The sections and goals that can be measured here, each goal as a condition that blocks.
pub(crate) fn candidate(found: &Found, goals: &[Goal]) -> PolicyFile {
    let mut file = PolicyFile { coverage: None, bundles: Vec::new(), ..PolicyFile::default() };
    let reports = if all_there(&found.coverage) { found.coverage.as_slice() } else { &[] };
    let tests = if all_there(&found.tests) { found.tests.as_slice() } else { &[] };
    if !reports.is_empty() || !tests.is_empty() {
        file.coverage = Some(coverage(reports, tests, Place::Everywhere));
    }
    file.bundles =
        bundles(found).into_iter().zip(&found.builds).filter(|(_, build)| build.there).map(|(one, _)| one).collect();
    for gate in Gate::ALL {
        let of_gate = goals.iter().filter(|goal| goal.gate == gate && is_measurable(found, goal));
        let line = |goal: &Goal| Line { condition: goal.condition(), comment: String::new(), place: Place::Everywhere };
        let conditions: Vec<Line> = of_gate.map(line).collect();
        if !conditions.is_empty() {
            file.gates.push(GateSection { gate, observe: None, conditions, warn: Vec::new(), later: Vec::new() });
        }
    }
    file
}

fn all_there(inputs: &[Input]) -> bool {
    !inputs.is_empty() && inputs.iter().all(|input| input.there)
}

fn is_measurable(found: &Found, goal: &Goal) -> bool {
    goal.rests == Rests::Tree || all_there(inputs(found, goal.rests))
}

/// What is written: `run` judged the candidate of the same goals; gates that only observe do so until `enforce_from`.
pub(crate) fn settle(found: &Found, goals: &[Goal], run: &Run, enforce_from: Date) -> Settled {
    let judged: Vec<(&Goal, Row)> = goals.iter().map(|goal| (goal, judge(found, goal, run))).collect();
    let mut file = PolicyFile { coverage: section_of_coverage(found, &judged), ..PolicyFile::default() };
    let builds = bundles(found).into_iter().enumerate();
    file.bundles =
        builds.map(|(at, section)| BundleSection { place: place(&judged, Rests::Build(at)), ..section }).collect();
    for gate in Gate::ALL {
        let of_gate = judged.iter().filter(|(goal, _)| goal.gate == gate);
        let mut section =
            GateSection { gate, observe: None, conditions: Vec::new(), warn: Vec::new(), later: Vec::new() };
        for (goal, row) in of_gate {
            write(goal, row, &mut section);
        }
        if section.observe.is_none() && section.conditions.is_empty() && section.warn.is_empty() {
            continue;
        }
        if judged.iter().any(|(goal, row)| goal.gate == gate && puts_off(goal, row)) {
            section.observe = Some(enforce_from);
        }
        file.gates.push(section);
    }
    Settled { file, rows: judged.into_iter().map(|(_, row)| row).collect() }
}

/// Whether the gate of a goal can only observe.
fn puts_off(goal: &Goal, row: &Row) -> bool {
    let waits = matches!(row.standing, Standing::NotYet | Standing::NotMeasured);
    waits && !matches!(goal.kind, Kind::Shown | Kind::Always) && (goal.certain || row.standing == Standing::NotYet)
}

/// What became of a goal.
fn judge(found: &Found, goal: &Goal, run: &Run) -> Row {
    let row = |standing, measured: String| Row {
        gate: goal.gate,
        condition: goal.condition(),
        standing,
        measured,
        asked: goal.asked.clone(),
        shown: goal.kind == Kind::Shown,
    };
    if !is_measurable(found, goal) {
        return row(Standing::NotMeasured, missing(found, goal));
    }
    let condition = goal.condition();
    let gates = run.decision.gates.iter().filter(|gate| gate.name == goal.gate.name());
    let Some(reason) = gates.flat_map(|gate| &gate.reasons).find(|reason| reason.condition == condition) else {
        return row(Standing::NotMeasured, "the check said nothing of it".to_owned());
    };
    let measured = measured(found, goal, reason, run);
    let about_changes = matches!(goal.kind, Kind::Change | Kind::Always);
    match reason.verdict {
        Verdict::Pass if reason.applies => row(Standing::Holds, measured),
        Verdict::Pass | Verdict::Warn if about_changes => {
            row(Standing::Holds, "asks about changes alone, and there is none here".to_owned())
        }
        Verdict::Fail if goal.kind == Kind::Always => row(Standing::Blocks, measured),
        Verdict::Pass | Verdict::Warn | Verdict::Fail => row(Standing::NotYet, measured),
        Verdict::Unknown if !goal.certain => row(Standing::LeftOut, reason.text.clone()),
        Verdict::Unknown if goal.series == "workflows.ineffective" && saw_nothing(run, "workflows") => {
            row(Standing::LeftOut, "no workflow and no hook to judge".to_owned())
        }
        Verdict::Unknown => row(Standing::NotMeasured, reason.text.clone()),
    }
}

fn saw_nothing(run: &Run, checker: &str) -> bool {
    let reports = run.reports.iter().filter(|report| report.checker == checker);
    reports.flat_map(|report| &report.evidence).next().is_none()
}

/// What is not there.
fn missing(found: &Found, goal: &Goal) -> String {
    let missing: Vec<&Input> = inputs(found, goal.rests).iter().filter(|input| !input.there).collect();
    match missing.as_slice() {
        [] => "nothing to measure lies here".to_owned(),
        [one] => format!("{} does not lie here", one.path),
        [one, rest @ ..] => format!("{} and {} more do not lie here", one.path, rest.len()),
    }
}

/// The number and where it comes from.
fn measured(found: &Found, goal: &Goal, reason: &Reason, run: &Run) -> String {
    let series = goal.series.replace(", ", ",");
    let of = |report: &&Report| reason.checker.as_deref().is_none_or(|checker| report.checker == checker);
    let reports: Vec<&Report> = run.reports.iter().filter(of).collect();
    let instance = |report: &Report, metric: &Metric| {
        let mut metric = metric.clone();
        if let Some(name) = &report.instance {
            metric.labels.insert("target".to_owned(), name.clone());
        }
        metric.series() == series
    };
    let number = reports.iter().find_map(|report| {
        report.metrics.iter().find(|metric| instance(report, metric)).map(|metric| (*report, metric))
    });
    let Some((report, metric)) = number else {
        // Counts of findings are policy's own: its sentence begins with the number.
        let text = reason.text.strip_prefix(&series).and_then(|rest| rest.strip_prefix(" is ")).unwrap_or(&reason.text);
        return text.split(':').next().unwrap_or(text).to_owned();
    };
    let value = match (metric.numerator, metric.denominator) {
        (Some(hit), Some(all)) => {
            format!("{} ({} of {})", format::ratio(hit, all), format::count(hit), format::count(all))
        }
        _ => format::value(metric.value, metric.unit),
    };
    format!("{value}{}", source(found, goal, report))
}

/// Where a number comes from.
fn source(found: &Found, goal: &Goal, report: &Report) -> String {
    let inputs = match (goal.rests, &report.headline) {
        (Rests::Tree, Some(headline)) if goal.gate == Gate::Quality => return format!("; {}", headline.text),
        (rests, _) => inputs(found, rests),
    };
    match inputs {
        [] => String::new(),
        [one] => format!(" in {}", one.path),
        [one, rest @ ..] => format!(" in {} and {} more", one.path, rest.len()),
    }
}

/// What goals of this kind are measured from.
fn inputs(found: &Found, rests: Rests) -> &[Input] {
    match rests {
        Rests::Tree => &[],
        Rests::Coverage => &found.coverage,
        Rests::Tests => &found.tests,
        Rests::Build(at) => found.builds.get(at..=at).unwrap_or_default(),
    }
}

/// Whether sections on which goals of `rests` stand are judged everywhere.
fn place(judged: &[(&Goal, Row)], rests: Rests) -> Place {
    let waits = |(goal, row): &(&Goal, Row)| goal.rests == rests && row.standing == Standing::NotMeasured;
    if judged.iter().any(waits) { Place::Workflows } else { Place::Everywhere }
}

fn section_of_coverage(found: &Found, judged: &[(&Goal, Row)]) -> Option<CoverageSection> {
    if found.coverage.is_empty() && found.tests.is_empty() {
        return None;
    }
    let places = [Rests::Coverage, Rests::Tests].map(|rests| place(judged, rests));
    let place = if places.contains(&Place::Workflows) { Place::Workflows } else { Place::Everywhere };
    Some(coverage(&found.coverage, &found.tests, place))
}

fn coverage(reports: &[Input], tests: &[Input], place: Place) -> CoverageSection {
    let pair = |input: &Input| (input.path.clone(), input.by.clone());
    CoverageSection { reports: reports.iter().map(pair).collect(), tests: tests.iter().map(pair).collect(), place }
}

fn bundles(found: &Found) -> Vec<BundleSection> {
    let several = found.builds.len() > 1;
    let section = |(name, build): (String, &Input)| BundleSection {
        name: several.then_some(name),
        dir: build.path.clone(),
        by: build.by.clone(),
        place: Place::Everywhere,
    };
    names(found).into_iter().zip(&found.builds).map(section).collect()
}

/// Puts a goal into its gate.
fn write(goal: &Goal, row: &Row, section: &mut GateSection) {
    let asked = row.asked.as_ref().map(|asked| format!("; asked in {}", asked.place)).unwrap_or_default();
    let line = |condition: String, comment: String| Line { condition, comment, place: Place::Everywhere };
    let goal_line = |lead: &str| line(goal.condition(), format!("{lead}{}{asked}", row.measured));
    match (row.standing, goal.kind) {
        (Standing::LeftOut, _) => {}
        (Standing::NotMeasured, Kind::Shown) => {}
        (_, Kind::Shown) => section.warn.push(goal_line("now: ")),
        (Standing::Holds | Standing::Blocks, _) => section.conditions.push(goal_line("now: ")),
        (Standing::NotYet, Kind::Change | Kind::Always) => section.warn.push(goal_line("not yet: ")),
        (Standing::NotYet, Kind::State) => {
            section.conditions.push(line(goal.against_base(), format!("not to get worse; now: {}", row.measured)));
            section.warn.push(line(goal.condition(), format!("the goal{asked}; put it above once it holds")));
        }
        (Standing::NotMeasured, _) if !goal.certain => {
            let once =
                if goal.rests == Rests::Coverage { "a report tells of them" } else { "the build has such files" };
            section.later.push(line(goal.condition(), format!("once {once}{asked}")));
        }
        (Standing::NotMeasured, _) => {
            // Of a report that is not there the section says so; what only a workflow's base can tell says it here.
            let place = if goal.rests == Rests::Tree { Place::Workflows } else { Place::Everywhere };
            let why = if goal.rests == Rests::Tree { row.measured.as_str() } else { "its report did not lie here" };
            section.conditions.push(Line { place, ..line(goal.condition(), format!("not measured: {why}{asked}")) });
        }
    }
}

#[cfg(test)]
mod tests;
