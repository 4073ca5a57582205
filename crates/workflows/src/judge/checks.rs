//! Steps that run something which checks.

use std::rc::Rc;

use tollgate_model::{Confidence, format};

use super::{Check, Class, at_most, check, main_loss, quoted, words};
use crate::bench::Bench;
use crate::bench::trials::{JobRecord, Outcome, StepRecord, Tried};
use crate::catalogue::{self, Role};
use crate::machine::Trial;
use crate::machine::seen::{CheckSeen, Hollow, LossKind, Missing};
use crate::machine::site::Link;
use crate::names;

/// What audit tools print when they could not look.
const ERROR_DOCUMENT: &str = "{\"error\":{\"code\":\"ERROR\",\"message\":\"could not look\"}}\n";

/// Adds the checks of one step; `judged` gets the steps that judge what others found.
pub(super) fn of_step(
    bench: &Bench<'_>,
    record: &JobRecord<'_>,
    index: usize,
    all: &mut Vec<Check>,
    judged: &mut Vec<usize>,
) {
    let step = &record.steps[index];
    if step.diagnostic {
        return;
    }
    let from = all.len();
    for (key, seen) in step.seen.iter().filter(|(_, seen)| counts(step, seen)) {
        let check = one(bench, record, index, key, seen, judged);
        // Whether something has changed is mostly asked to go on differently, not to fail.
        let mends = seen.command.split_whitespace().any(|word| {
            matches!(
                word,
                "--fix"
                    | "--write"
                    | "-w"
                    | "--fix-only"
                    | "--autofix"
                    | "--auto-fix"
                    | "--install-types"
                    | "-i"
                    | "--in-place"
                    | "-a"
                    | "-A"
            )
        });
        // `git diff --quiet` is mostly asked to go on differently, not to fail.
        let asks = seen.tool.starts_with("git diff") && !seen.command.contains("--exit-code");
        let here = check.cause.as_ref() == Some(&bench.step_link(step.step));
        if if check.class == Class::Effective { !asks || here } else { !asks && !mends } {
            all.push(check);
        }
    }
    merge(all, from);
    for hollow in &step.hollow {
        all.push(nothing_in_it(record, step, hollow));
    }
    for missing in step.missing.iter().filter(|missing| missing.like_check) {
        all.push(nobody_defines(record, step, missing));
    }
}

/// Whether a command counts as a check: a build does where the step says that it checks.
fn counts(step: &StepRecord<'_>, seen: &CheckSeen) -> bool {
    let builds = seen.kind.as_ref() == "build" || seen.tool.contains(", ") && seen.command.contains("build");
    !builds || names::step(&crate::bench::step_name(step.step)).is_some()
}

/// Makes one check of those of a step that are the same but for how they print: the one that fares best speaks for all.
fn merge(all: &mut Vec<Check>, from: usize) {
    let mut kept: Vec<Check> = Vec::new();
    for check in all.drain(from..) {
        match kept.iter_mut().find(|other| other.tool == check.tool && other.essence == check.essence) {
            Some(other) => {
                if fares(&check) < fares(other) {
                    *other = check;
                }
            }
            None => kept.push(check),
        }
    }
    all.extend(kept);
}

fn fares(check: &Check) -> u8 {
    match check.class {
        Class::Effective => 0,
        Class::PassesWithoutInput => 1,
        Class::ResultIgnored => 2,
        _ => 3,
    }
}

/// A command without the words that say how and where it prints.
fn essence(command: &str) -> String {
    const VALUED: [&str; 17] = [
        "--format",
        "-f",
        "--output",
        "-o",
        "--output-file",
        "--output-file-path",
        "--report",
        "--report-format",
        "--report-path",
        "--reporter",
        "--audit-level",
        "--severity",
        "--severity-threshold",
        "--sarif-output",
        "--json-output",
        "--out",
        "-r",
    ];
    let mut words = Vec::new();
    let mut all = command.split_whitespace();
    while let Some(word) = all.next() {
        let flag = word.split('=').next().unwrap_or(word);
        if VALUED.contains(&flag) {
            if !word.contains('=') {
                all.next();
            }
        } else if !matches!(
            flag,
            "--json"
                | "--sarif"
                | "--xml"
                | "--quiet"
                | "-q"
                | "--verbose"
                | "-v"
                | "--silent"
                | "--no-color"
                | "--csv"
        ) {
            words.push(word);
        }
    }
    words.join(" ")
}

fn one(
    bench: &Bench<'_>,
    record: &JobRecord<'_>,
    index: usize,
    key: &Rc<str>,
    seen: &CheckSeen,
    judged: &mut Vec<usize>,
) -> Check {
    let step = &record.steps[index];
    let place = seen.chain.first().cloned().unwrap_or_else(|| bench.link_of(record.job));
    let mut result = check(record, step, place);
    result.tool = seen.tool.to_string();
    result.kind = seen.kind.to_string();
    result.essence = essence(&seen.command);
    result.chain.clone_from(&seen.chain);
    result.covers.clone_from(&seen.covers);
    result.uncovered.clone_from(&seen.uncovered);
    let finds = bench.attempt(record, index, Trial::Finds(Rc::clone(key)));
    match &finds.outcome {
        Outcome::Unclear => {
            result.message = "too much runs here to follow; taken to be effective".to_owned();
            result.confidence = Confidence::Low;
        }
        Outcome::Green => {
            // Where its flags keep it from failing, it is asked whether its failure would change anything.
            let quiet = seen.muted.is_some() || !seen.can_fail;
            let fails = quiet.then(|| bench.attempt(record, index, Trial::Fails(Rc::clone(key))));
            let fails = fails.filter(|tried| tried.outcome == Outcome::Green && seen.muted.is_none());
            ignored(bench, record, step, seen, fails.as_ref().unwrap_or(&finds), &mut result);
        }
        Outcome::Red(link) => {
            let judge = record.steps.iter().position(|other| bench.step_link(other.step) == *link);
            judged.extend(judge.filter(|judge| *judge != index));
            result.cause = Some(link.clone());
            let always = !step.statuses.is_empty() && step.statuses.iter().all(|status| status.ok == Some(false));
            if always && !step.exhausted && step.step.condition.is_none() && record.job.condition.is_none() {
                result.class = Class::CannotPass;
                result.rule = Some("workflows/cannot-pass");
                result.message =
                    format!("{} ({}): the step fails even where nothing is found", quoted(&seen.command), seen.tool);
                return result;
            }
            if judge != Some(index) {
                result.message = format!("judged at {}", words::place(link));
            }
            without_input(bench, record, index, key, seen, &mut result);
        }
    }
    result
}

/// A check whose finding turns nothing red.
fn ignored(
    bench: &Bench<'_>,
    record: &JobRecord<'_>,
    step: &StepRecord<'_>,
    seen: &CheckSeen,
    tried: &Tried,
    result: &mut Check,
) {
    let later = record
        .steps
        .iter()
        .filter_map(|other| other.step.uses.as_ref())
        .filter_map(|uses| catalogue::action(&uses.text));
    let measures = seen.kind.as_ref() == "coverage" || seen.tool.contains("cov") || seen.tool.contains("tarpaulin");
    if measures && later.into_iter().any(|action| action.role == Role::Service) {
        result.message = "its report goes to a service that posts a status of its own".to_owned();
        return;
    }
    if seen.own_status {
        result.message = "its result becomes a status of its own on the commit".to_owned();
        return;
    }
    if !step.statuses.is_empty() && step.statuses.iter().all(|status| status.ok == Some(false)) {
        result.message = "the step expects it to fail, and fails where it does not".to_owned();
        return;
    }
    let Some(main) = main_loss(&tried.losses) else {
        result.class = Class::ResultIgnored;
        result.rule = Some("workflows/result-ignored");
        result.confidence = at_most(seen.confidence, Confidence::Medium);
        result.message =
            format!("{} ({}): no path leads from what it finds to a failure", quoted(&seen.command), seen.tool);
        return;
    };
    let muted = matches!(main.kind, LossKind::Muted(_));
    result.class = if muted { Class::PassesWithoutInput } else { Class::ResultIgnored };
    result.rule = Some(words::rule(&main.kind));
    result.cause = Some(main.link.clone());
    let also = words::also(&tried.losses, main);
    let note = seen.note.as_ref().filter(|_| matches!(main.kind, LossKind::NeverFails)).map(|note| format!(" {note}"));
    result.message = format!(
        "{} ({}): whatever it finds, the run stays green: {}.{}{also}",
        quoted(&seen.command),
        seen.tool,
        words::loss(main),
        note.unwrap_or_default()
    );
    let mut confidence = seen.confidence;
    let job = record.job.name.as_ref().unwrap_or(&record.job.id);
    if names::optional(&result.step) || names::optional(&job.text) || names::optional(&record.job.id.text) {
        confidence = at_most(confidence, Confidence::Medium);
    }
    // What no change starts reports to people and stops nobody.
    let started = ["push", "pull_request", "pull_request_target", "merge_group", "workflow_call"];
    let events = bench.events();
    if !events.is_empty() && !started.iter().any(|event| events.contains(event)) {
        confidence = at_most(confidence, Confidence::Medium);
    }
    // Results that leave the workflow may be judged where this checker does not see.
    if tried.uploaded && bench.followed {
        confidence = at_most(confidence, Confidence::Medium);
    }
    let informs = seen.command.contains("outdated") || seen.command.contains("licenses list");
    if matches!(main.kind, LossKind::NeverFails) || seen.kind.as_ref() == "build" || informs {
        confidence = at_most(confidence, Confidence::Medium);
    }
    // The job's own check run stays red: only what rests on the workflow's result is misled.
    let needed = bench.workflow.jobs.iter().any(|other| other.needs.iter().any(|need| need.text == record.job.id.text));
    if main.kind == LossKind::JobContinues && !needed {
        confidence = at_most(confidence, Confidence::Medium);
    }
    if step.exhausted {
        confidence = at_most(confidence, Confidence::Low);
    }
    result.confidence = confidence;
}

/// A check whose finding does turn something red: whether it also does where it could not look.
fn without_input(
    bench: &Bench<'_>,
    record: &JobRecord<'_>,
    index: usize,
    key: &Rc<str>,
    seen: &CheckSeen,
    result: &mut Check,
) {
    let step = &record.steps[index];
    let empty = bench.attempt(record, index, Trial::Breaks(Rc::clone(key), ""));
    let error = bench.attempt(record, index, Trial::Breaks(Rc::clone(key), ERROR_DOCUMENT));
    let judged_at = result.cause.as_ref().map(words::place).unwrap_or_default();
    if empty.outcome == Outcome::Green || error.outcome == Outcome::Green {
        let asks_for_file = empty.outcome == Outcome::Green && !empty.facts.file_tests.is_empty();
        let takes_default = error.outcome == Outcome::Green && !error.facts.defaults.is_empty() && !asks_for_file;
        let nothing_at_all = empty.outcome == Outcome::Green && !takes_default;
        let green = if nothing_at_all { &empty } else { &error };
        let (rule, why) = why_green(green, nothing_at_all, &judged_at, &seen.chain);
        result.class = Class::PassesWithoutInput;
        result.rule = Some(rule);
        result.message = format!("{} ({}): {why}", quoted(&seen.command), seen.tool);
        result.confidence = seen.confidence;
        if rule == "workflows/pipe-hides-status" || why.contains("nothing fails,") {
            result.confidence = at_most(result.confidence, Confidence::Medium);
        }
        return;
    }
    if step.asked.contains(&seen.program) && !installed(bench, record, index, seen) {
        let absent = bench.attempt(record, index, Trial::Absent(Rc::clone(&seen.program)));
        if absent.outcome == Outcome::Green {
            result.class = Class::PassesWithoutInput;
            result.rule = Some("workflows/tool-may-be-absent");
            result.message = format!(
                "{} ({}): where `{}` is not installed the step passes over it and stays green, and nothing here installs it",
                quoted(&seen.command),
                seen.tool,
                seen.program
            );
            result.confidence = seen.confidence;
            return;
        }
    }
    if let Some(flag) = &seen.empty {
        result.class = Class::PassesWithoutInput;
        result.rule = Some("workflows/passes-on-nothing");
        result.message = format!(
            "{} ({}): `{flag}` makes it pass where there is nothing to look at",
            quoted(&seen.command),
            seen.tool
        );
        // Patterns of a linter name files that lie there; tests are what goes missing.
        let patterns = matches!(seen.kind.as_ref(), "lint" | "format");
        result.confidence = if patterns { seen.confidence.min(Confidence::Medium) } else { seen.confidence };
    }
}

/// Why a check that did not work leaves the run green.
fn why_green(tried: &Tried, nothing_at_all: bool, judge: &str, chain: &[Link]) -> (&'static str, String) {
    let facts = &tried.facts;
    let when = if nothing_at_all {
        "where it does not work and leaves no report"
    } else {
        "where it answers with an error instead of a result"
    };
    if let Some((path, link)) = facts.file_tests.first().filter(|_| nothing_at_all) {
        let at = words::place(link);
        return (
            "workflows/missing-report-passes",
            format!("{when}, {path} is not there, and the step judges only where it is ({at}); the run stays green"),
        );
    }
    // That the check's own failure is passed over is one thing, that its result is taken for granted another.
    let or_else = tried.losses.iter().find(|loss| loss.kind == LossKind::OrElse && !chain.contains(&loss.link));
    if let Some(link) = facts.not_numbers.first().filter(|_| facts.defaults.is_empty() && or_else.is_none()) {
        let at = words::place(link);
        return (
            "workflows/empty-number",
            format!(
                "{when}, {at} compares something that is no number; the shell takes that for false, and the run stays green"
            ),
        );
    }
    if tried.losses.iter().any(|loss| loss.kind == LossKind::Pipe) && facts.defaults.is_empty() {
        return (
            "workflows/pipe-hides-status",
            format!(
                "{when}, the command behind `|` reads nothing and finds nothing wrong; the run stays green (judged at {judge})"
            ),
        );
    }
    let zero = facts.defaults.first().map(words::place);
    let or_else = or_else.map(|loss| words::place(&loss.link));
    match (zero, or_else) {
        (Some(at), _) if !nothing_at_all => (
            "workflows/error-document-passes",
            format!("{when}, {at} finds no count in it and takes a default; the run stays green (judged at {judge})"),
        ),
        (Some(at), _) => (
            "workflows/defaults-to-zero",
            format!("{when}, {at} puts a default in the place of the count; the run stays green (judged at {judge})"),
        ),
        (None, Some(at)) => (
            "workflows/defaults-to-zero",
            format!(
                "{when}, `||` at {at} goes on as if nothing had been found; the run stays green (judged at {judge})"
            ),
        ),
        (None, None) => (
            "workflows/missing-report-passes",
            format!("{when}, nothing fails, and the run stays green (judged at {judge})"),
        ),
    }
}

/// Whether something before the step brings the program.
fn installed(bench: &Bench<'_>, record: &JobRecord<'_>, index: usize, seen: &CheckSeen) -> bool {
    const THERE: [&str; 16] = [
        "git",
        "node",
        "npm",
        "npx",
        "docker",
        "jq",
        "python",
        "python3",
        "pip",
        "gh",
        "curl",
        "go",
        "cargo",
        "shellcheck",
        "java",
        "yarn",
    ];
    if THERE.contains(&&*seen.program) {
        return true;
    }
    let brings =
        |word: &str| word == seen.program.to_lowercase() || seen.brought_by.iter().any(|package| package == word);
    let names_it = |text: &str| text.to_lowercase().split([' ', '/', '@', '=', '"', '\'']).any(brings);
    let installs = |line: &str| {
        let line = line.trim_start().to_lowercase();
        let said = line.starts_with("echo") || line.starts_with("printf") || line.starts_with('#');
        let fetches = ["install", "add ", "curl", "wget", "download", "get "].iter().any(|word| line.contains(word));
        !said && fetches && names_it(&line)
    };
    let before = record.steps.iter().take(index + 1).any(|other| {
        let run = other.step.run.as_ref().is_some_and(|run| run.text.lines().any(installs));
        let uses = other.step.uses.as_ref().is_some_and(|uses| {
            let inputs: Vec<(String, String)> =
                other.step.with.iter().map(|(name, value)| (name.text.clone(), value.text.clone())).collect();
            let known =
                catalogue::action(&uses.text).is_some_and(|action| action.installed(&inputs).into_iter().any(brings));
            known || names::words(&uses.text).iter().any(|word| brings(word))
        });
        run || uses
    });
    before || bench.world.packages_name(&seen.program)
}

fn nothing_in_it(record: &JobRecord<'_>, step: &StepRecord<'_>, hollow: &Hollow) -> Check {
    let place = hollow.chain.first().cloned().unwrap_or_else(|| crate::machine::site::Link {
        file: "".into(),
        line: 1,
        text: "".into(),
    });
    let mut result = check(record, step, place);
    result.tool.clone_from(&hollow.name);
    result.class = Class::PrintsOnly;
    result.rule = Some("workflows/prints-only");
    result.cause = hollow.chain.last().cloned();
    result.chain.clone_from(&hollow.chain);
    result.message =
        format!("`{}` is named like a check and only does this: {}", hollow.name, quoted(&hollow.text.as_str().into()));
    result
}

fn nobody_defines(record: &JobRecord<'_>, step: &StepRecord<'_>, missing: &Missing) -> Check {
    let place = missing.chain.first().cloned().unwrap_or_else(|| crate::machine::site::Link {
        file: "".into(),
        line: 1,
        text: "".into(),
    });
    let mut result = check(record, step, place);
    result.tool.clone_from(&missing.what);
    result.class = Class::NeverRuns;
    result.rule = Some("workflows/missing-script");
    result.chain.clone_from(&missing.chain);
    result.message = missing_message(missing);
    // `--if-present` says that it need not be there.
    if missing.chain.last().is_some_and(|link| link.text.contains("--if-present")) {
        result.confidence = Confidence::Medium;
    }
    result
}

/// What is said of a script that nobody defines.
pub(crate) fn missing_message(missing: &Missing) -> String {
    let mut message = format!("{} is called, and nothing defines it", missing.what);
    if !missing.looked_in.is_empty() {
        let shown: Vec<&str> = missing.looked_in.iter().take(3).map(String::as_str).collect();
        message.push_str(&format!(" (looked in {})", format::few(&shown, missing.looked_in.len())));
    }
    if let Some(near) = &missing.near {
        message.push_str(&format!("; did you mean `{near}`?"));
    }
    if missing.silent {
        message.push_str("; the runner says nothing and succeeds");
    }
    message
}
