//! Steps that judge by themselves: numbers, files, results of jobs. And those that only say that they do.

use tollgate_model::Confidence;

use super::{Check, Class, check, words};
use crate::bench::trials::{JobRecord, Outcome, StepRecord};
use crate::bench::{Bench, step_name};
use crate::machine::Trial;
use crate::machine::site::Link;
use crate::machine::value::{CHECK, GIVEN, MEASURED, RESULT};
use crate::names;
use crate::shell::ast::{Block, Kind, Statement};

/// Adds what the step at `index` judges itself. `judged`: what it judges was counted where it was found.
pub(super) fn of_step(bench: &Bench<'_>, record: &JobRecord<'_>, index: usize, judged: bool, all: &mut Vec<Check>) {
    let step = &record.steps[index];
    if step.diagnostic || !step.seen.is_empty() || !step.hollow.is_empty() || !step.missing.is_empty() || judged {
        return;
    }
    let Some(place) = place(bench, step) else { return };
    let sure = names::step(crate::bench::claim(step.step));
    let script = step.step.run.as_ref().and_then(|run| bench.world.parse(&run.text));
    let can_fail =
        script.as_ref().is_some_and(|parsed| fails(&parsed.script.body, 0)) || !step.facts.verdicts.is_empty();
    // What only goes around results of other jobs is judged with its job.
    let gathers = !record.job.needs.is_empty() && names::gathers(&job_name(record));
    let found = match can_fail {
        true => gate(bench, record, index, sure, &place).or_else(|| {
            // It says that it fails, and no path leads there.
            let never = step.facts.verdicts.is_empty() && !gathers;
            if never { printing(record, index, sure, &place) } else { None }
        }),
        false if gathers => None,
        false => printing(record, index, sure, &place),
    };
    all.extend(found);
}

fn job_name(record: &JobRecord<'_>) -> String {
    let id = &record.job.id.text;
    record.job.name.as_ref().map_or_else(|| id.clone(), |name| format!("{} {id}", name.text))
}

fn place(bench: &Bench<'_>, step: &StepRecord<'_>) -> Option<Link> {
    let text = step.step.name.as_ref().or(step.step.run.as_ref()).or(step.step.uses.as_ref())?;
    Some(Link { file: bench.source.path.into(), line: bench.line(text), text: step_name(step.step).into() })
}

/// A step that can fail of its own accord.
fn gate(
    bench: &Bench<'_>,
    record: &JobRecord<'_>,
    index: usize,
    sure: Option<Confidence>,
    place: &Link,
) -> Option<Check> {
    let step = &record.steps[index];
    let facts = &step.facts;
    let mut result = check(record, step, place.clone());
    result.chain = vec![place.clone()];
    let always_fails = !step.statuses.is_empty() && step.statuses.iter().all(|status| status.ok == Some(false));
    // What fails on some paths only depends on the choice of the path too.
    let path = if always_fails { crate::expr::Taint::NONE } else { facts.path };
    let taint = facts.verdicts.iter().fold(path, |all, (_, taint)| all.union(*taint));
    if facts.verdicts.is_empty() {
        // It says `exit 1` somewhere, and no path leads there.
        let (link, _) = facts.constants.first()?;
        result.tool = "constant".to_owned();
        result.class = Class::PrintsOnly;
        result.rule = Some("workflows/constant-judged");
        result.cause = Some(link.clone());
        let at = words::place(link);
        result.message = match facts.by_hand.first() {
            Some((path, written)) => {
                result.rule = Some("workflows/literal-report");
                format!(
                    "the step judges {path}, which it wrote by hand at {}: what {at} compares never changes, and the step always passes",
                    words::place(written)
                )
            }
            None => format!("what {at} compares stands in the script itself and never changes: the step always passes"),
        };
        result.confidence = if step.exhausted { Confidence::Low } else { Confidence::High };
        return Some(result);
    }
    let conditional = step.step.condition.is_some() || record.job.condition.is_some();
    if always_fails && !conditional && taint.is_empty() && !step.exhausted {
        let verdict = || facts.verdicts.first().map(|(link, _)| link.clone());
        let link = facts.constants.first().map(|(link, _)| link.clone()).or_else(verdict)?;
        let link = &link;
        if facts.constants.is_empty() && sure.is_none() {
            result.confidence = Confidence::Medium;
        }
        result.tool = "constant".to_owned();
        result.class = Class::CannotPass;
        result.rule = Some("workflows/cannot-pass");
        result.cause = Some(link.clone());
        result.message = match facts.constants.is_empty() {
            true => format!("the step always fails, at {}, whatever the change does", words::place(link)),
            false => format!(
                "what {} compares stands in the script itself and never changes: the step always fails, whatever the change does",
                words::place(link)
            ),
        };
        return Some(result);
    }
    let measures = taint.contains(MEASURED) || taint.contains(CHECK);
    if !measures && taint.contains(RESULT) {
        result.tool = "results of jobs or steps".to_owned();
        result.kind = "gate".to_owned();
        result.message = "fails on account of the results that it reads".to_owned();
        return Some(result);
    }
    if !measures && (sure.is_none() || !taint.contains(GIVEN)) {
        return None;
    }
    result.tool = "own script".to_owned();
    result.kind = "gate".to_owned();
    result.message = "fails on account of what it measures".to_owned();
    let of_step = step.step.continue_on_error.as_ref().filter(|_| step.step.continues() == Some(true));
    let of_job = record.job.continue_on_error.as_ref().filter(|_| record.job.continues() == Some(true));
    if let Some(goes_on) = of_step.or(of_job)
        && step.step.id.is_none()
    {
        let line = bench.line(goes_on);
        result.class = Class::ResultIgnored;
        result.rule = Some("workflows/continue-on-error");
        result.confidence = Confidence::Medium;
        result.message = format!("`continue-on-error` at {}:{line} lets what it judges pass", bench.source.path);
        return sure.map(|_| result);
    }
    // What it judges may have been read by a step before it.
    let reports = |at: usize| record.steps[at].facts.unfed.iter().find(|(path, _)| crate::paths::like_report(path));
    let first = (0..=index).filter(|at| !record.steps[*at].diagnostic).find_map(|at| Some((at, reports(at)?)));
    if sure.is_none() && reports(index).is_none() {
        return None;
    }
    if let Some((first, (path, read))) = first {
        let tried = bench.attempt(record, first, Trial::Unfed);
        if tried.outcome == Outcome::Green {
            result.class = Class::PassesWithoutInput;
            result.rule = Some("workflows/missing-report-passes");
            result.cause = Some(read.clone());
            result.message = format!(
                "the step judges {path} ({}); where that file is not there it passes, and no step before surely writes it",
                words::place(read)
            );
            let others =
                record.steps.iter().take(index).enumerate().filter(|(at, _)| *at != first).map(|(_, other)| other);
            let written_before = others.into_iter().any(|other| {
                let base = crate::paths::base(path);
                other.step.run.as_ref().is_some_and(|run| run.text.contains(base))
                    || other.step.with.iter().any(|(_, value)| value.text.contains(base))
            });
            result.confidence =
                if written_before || step.exhausted || sure.is_none() { Confidence::Medium } else { Confidence::High };
        }
    }
    Some(result)
}

/// A step that cannot fail of its own accord: whether it claims to check something all the same.
fn printing(record: &JobRecord<'_>, index: usize, sure: Option<Confidence>, place: &Link) -> Option<Check> {
    let step = &record.steps[index];
    let sure = sure.filter(|sure| *sure >= Confidence::Medium)?;
    let run = step.step.run.as_ref()?;
    if step.statuses.is_empty() {
        return None;
    }
    let real: Vec<&str> = step.facts.programs.iter().map(|name| &**name).filter(|name| !is_idle(name)).collect();
    let hands_on =
        run.text.contains("GITHUB_OUTPUT") || run.text.contains("GITHUB_ENV") || run.text.contains("set-output");
    let looks = run.text.contains("grep ") && real.iter().all(|name| crate::machine::is_utility(name));
    if looks && !hands_on && names::claims_success(&run.text) {
        let first = step.facts.prints.iter().find(|link| names::claims_success(&link.text));
        let mut result = check(record, step, place.clone());
        result.chain = vec![place.clone()];
        result.tool = "own script".to_owned();
        result.kind = "gate".to_owned();
        result.class = Class::ResultIgnored;
        result.rule = Some("workflows/result-ignored");
        result.confidence = Confidence::Medium;
        result.cause = first.cloned();
        result.message = "the step searches, and whatever it finds it goes on and says that all is well".to_owned();
        return Some(result);
    }
    if let Some((link, _)) = step.facts.constants.first().filter(|_| real.is_empty()) {
        let mut result = check(record, step, place.clone());
        result.chain = vec![place.clone()];
        result.tool = "constant".to_owned();
        result.class = Class::PrintsOnly;
        result.rule = Some("workflows/constant-judged");
        result.cause = Some(link.clone());
        result.message = format!(
            "what {} compares stands in the script itself and never changes: the step always passes",
            words::place(link)
        );
        return Some(result);
    }
    if !real.is_empty() || step.facts.prints.is_empty() && step.facts.by_hand.is_empty() {
        return None;
    }
    let admits = names::admits_simulation(&run.text);
    let claims = names::claims_success(&run.text);
    if hands_on && !admits {
        return None;
    }
    let mut result = check(record, step, place.clone());
    result.chain = vec![place.clone()];
    result.tool = step_name(step.step);
    result.class = Class::PrintsOnly;
    let confident = admits || claims && sure == Confidence::High;
    result.confidence = if confident { Confidence::High } else { Confidence::Medium };
    let first = step.facts.prints.iter().find(|link| names::claims_success(&link.text)).or(step.facts.prints.first());
    result.cause = first.cloned();
    if let Some((path, link)) = step.facts.by_hand.first().filter(|(path, _)| is_report(path)) {
        result.rule = Some("workflows/literal-report");
        result.cause = Some(link.clone());
        result.message = format!(
            "the step `{}` runs nothing that checks, and writes its result by hand into {path} ({})",
            step_name(step.step),
            words::place(link)
        );
    } else if admits {
        result.rule = Some("workflows/simulated-check");
        result.message =
            format!("the step `{}` says itself that it stands for a check; it only prints", step_name(step.step));
    } else {
        result.rule = Some("workflows/prints-only");
        let says = first.map(|link| format!(": `{}`", link.text.replace('`', "'"))).unwrap_or_default();
        let name = step_name(step.step);
        result.message = format!(
            "the step `{name}` is named like a check and only prints{says}; it passes whatever the change does"
        );
    }
    Some(result)
}

/// A job that is named like a check and in which everything only prints.
pub(super) fn of_printing_job(bench: &Bench<'_>, record: &JobRecord<'_>, all: &mut Vec<Check>, from: usize) {
    let job = record.job;
    let name = job.name.as_ref().map_or(job.id.text.as_str(), |name| name.text.as_str());
    let checks = all[from..].iter().any(|one| one.job == job.id.text);
    if checks || names::step(name) != Some(Confidence::High) || job.uses.is_some() || !job.needs.is_empty() {
        return;
    }
    let runs: Vec<&StepRecord<'_>> =
        record.steps.iter().filter(|step| step.step.run.is_some() && !step.diagnostic).collect();
    let prints = |step: &&StepRecord<'_>| {
        step.facts.verdicts.is_empty()
            && step.facts.programs.iter().all(|name| is_idle(name))
            && !step
                .step
                .run
                .as_ref()
                .is_some_and(|run| run.text.contains("GITHUB_OUTPUT") || run.text.contains("GITHUB_ENV"))
    };
    let other_work = record.steps.iter().filter(|step| step.step.uses.is_some()).any(|step| {
        let action = step.step.uses.as_ref().and_then(|uses| crate::catalogue::action(&uses.text));
        action.is_none_or(|action| {
            !matches!(
                action.role,
                crate::catalogue::Role::Checkout | crate::catalogue::Role::Setup | crate::catalogue::Role::Cache
            )
        })
    });
    if runs.is_empty() || other_work || !runs.iter().all(prints) {
        return;
    }
    let says = |step: &&&StepRecord<'_>| {
        step.step
            .run
            .as_ref()
            .is_some_and(|run| names::claims_success(&run.text) || names::admits_simulation(&run.text))
    };
    let Some(step) = runs.iter().find(says) else { return };
    let Some(place) = place(bench, step) else { return };
    let mut result = check(record, step, place.clone());
    result.step = name.to_owned();
    result.tool = name.to_owned();
    result.chain = vec![place];
    result.class = Class::PrintsOnly;
    result.rule = Some("workflows/prints-only");
    result.cause = step.facts.prints.first().cloned();
    result.message =
        format!("the job `{name}` is named like a check, and its steps only print; it passes whatever the change does");
    all.push(result);
}

/// A job that claims to speak for others and reads none of their results.
pub(super) fn of_job(bench: &Bench<'_>, record: &JobRecord<'_>, all: &mut Vec<Check>, from: usize) {
    let job = record.job;
    let name = job.name.as_ref().map_or(job.id.text.as_str(), |name| name.text.as_str());
    let always =
        job.condition.as_ref().is_some_and(|text| text.text.contains("always()") || text.text.contains("!cancelled()"));
    if job.needs.is_empty()
        || job.needs.len() < 2 && !always
        || !(names::gathers(name) || names::gathers(&job.id.text))
        || job.environment
    {
        return;
    }
    let reads = job.steps.iter().any(|step| {
        let texts = [&step.run, &step.condition]
            .into_iter()
            .flatten()
            .chain(step.env.iter().chain(&step.with).map(|(_, value)| value));
        let mut texts = texts;
        texts.any(|text| text.text.contains("needs"))
    });
    let own: Vec<&Check> = all[from..].iter().filter(|one| one.job == job.id.text).collect();
    let judges = own.iter().any(|one| one.class == Class::Effective);
    let fails = record.steps.iter().any(|step| step.facts.verdicts.iter().any(|(_, taint)| taint.contains(RESULT)));
    let in_condition = job.condition.as_ref().is_some_and(|text| {
        text.text.contains("needs") || text.text.contains("failure()") || text.text.contains("success()")
    });
    let other_work = record.steps.iter().any(|step| step.facts.programs.iter().any(|name| !is_idle(name)));
    if fails || judges || in_condition || other_work || reads && env_reaches(record) {
        return;
    }
    let Some(step) = record.steps.first() else { return };
    let place = Link {
        file: bench.source.path.into(),
        line: bench.line(job.name.as_ref().unwrap_or(&job.id)),
        text: name.into(),
    };
    let mut result = check(record, step, place.clone());
    result.step = name.to_owned();
    result.tool = "results of jobs".to_owned();
    result.kind = "gate".to_owned();
    result.chain = vec![place];
    result.class = Class::ResultIgnored;
    result.rule = Some("workflows/unread-summary");
    let (message, confidence) = if always {
        (
            format!(
                "the job `{name}` runs whatever becomes of the {} jobs it needs, and no step of it fails on account of their results: it is always green",
                job.needs.len()
            ),
            Confidence::High,
        )
    } else {
        (
            format!(
                "where one of the {} jobs that `{name}` needs fails, it is skipped, and a skipped job satisfies a required check; run it with `if: always()` and fail on `needs.*.result`",
                job.needs.len()
            ),
            Confidence::Medium,
        )
    };
    result.message = message;
    result.confidence = confidence;
    // A step of the job that only prints is the same thing told twice.
    let mut kept = Vec::new();
    for one in all.drain(from..) {
        if !(one.job == job.id.text && one.class == Class::PrintsOnly) {
            kept.push(one);
        }
    }
    all.extend(kept);
    all.push(result);
}

/// Whether a step that is given results can fail at all.
fn env_reaches(record: &JobRecord<'_>) -> bool {
    record.steps.iter().any(|step| !step.facts.verdicts.is_empty())
}

/// Programs that look at nothing.
fn is_idle(name: &str) -> bool {
    matches!(name, "git" | "tree" | "ps" | "clear" | "tput" | "figlet" | "npm" | "pnpm" | "yarn")
}

fn is_report(path: &str) -> bool {
    matches!(path.rsplit('.').next(), Some("json" | "xml" | "sarif" | "csv" | "yml" | "yaml" | "html" | "txt" | "md"))
}

/// Whether a script says anywhere that it fails.
fn fails(block: &Block, depth: usize) -> bool {
    depth < 60 && block.iter().any(|statement| statement_fails(statement, depth + 1))
}

fn statement_fails(statement: &Statement, depth: usize) -> bool {
    match &statement.kind {
        Kind::Command(command) => {
            let words: Vec<Option<String>> = command.words.iter().take(2).map(|word| word.literal()).collect();
            match words.as_slice() {
                [Some(name)] => name == "false",
                [Some(name), code] if matches!(name.as_str(), "exit" | "return") => code.as_deref() != Some("0"),
                _ => false,
            }
        }
        Kind::Pipeline(parts) => parts.iter().any(|part| statement_fails(part, depth)),
        Kind::And(left, right) | Kind::Or(left, right) => statement_fails(left, depth) || statement_fails(right, depth),
        Kind::Not(inner) | Kind::Background(inner) | Kind::Redirected(inner, _) => statement_fails(inner, depth),
        Kind::Group(block) | Kind::Subshell(block) => fails(block, depth),
        Kind::If { arms, otherwise } => {
            arms.iter().any(|(condition, then)| fails(condition, depth) || fails(then, depth))
                || otherwise.as_ref().is_some_and(|block| fails(block, depth))
        }
        Kind::Loop { condition, body, .. } => fails(condition, depth) || fails(body, depth),
        Kind::For { body, .. } | Kind::Function { body, .. } => fails(body, depth),
        Kind::Case { arms, .. } => arms.iter().any(|(_, body)| fails(body, depth)),
        Kind::Test { .. } | Kind::Arithmetic(_) => false,
        Kind::Broken => true,
    }
}
