//! Everything that is looked at, and what was found in it.

mod expressions;
mod hooks;
mod load;
mod repair;
mod required;

use std::collections::{BTreeMap, BTreeSet};

use tollgate_check::{CheckError, Globs};
use tollgate_input::{LineIndex, Span};
use tollgate_model::{Confidence, Problem, Region};

use self::load::Loaded;
use crate::bench::{Actions, Bench, Source};
use crate::judge::{self, Check, Class};
use crate::machine::site::Link;
use crate::mistake::MistakeKind;
use crate::model::Workflow;
use crate::options::Options;
use crate::world::{Repository, World};
use crate::{contexts, essentials, runbooks};

/// One thing that was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The rule.
    pub(crate) rule: &'static str,
    /// How sure it is.
    pub(crate) confidence: Confidence,
    /// What is wrong and what follows.
    pub(crate) message: String,
    /// The file.
    pub(crate) path: String,
    /// Where in it.
    pub(crate) region: Region,
    /// Further places.
    pub(crate) related: Vec<(String, Region)>,
    /// What names the finding from run to run.
    pub(crate) context: String,
    /// What becomes of the check, where it is about one.
    pub(crate) class: Option<Class>,
}

/// What was found in a repository.
#[derive(Default)]
pub(crate) struct Survey {
    /// Every check.
    pub(crate) checks: Vec<Check>,
    /// Everything that was found beside.
    pub(crate) found: Vec<Found>,
    /// How many workflows there are.
    pub(crate) workflows: usize,
    /// How many hooks.
    pub(crate) hooks: usize,
    /// How many runbooks.
    pub(crate) runbooks: usize,
    /// What stopped it from seeing all.
    pub(crate) problems: Vec<Problem>,
    /// The checks that jobs report.
    pub(crate) reported: Vec<contexts::Reported>,
    /// Files that were read.
    pub(crate) examined: BTreeSet<String>,
}

/// Looks at all that `options` name in `files`.
pub(crate) fn survey(files: &Repository<'_>, options: &Options) -> Result<Survey, CheckError> {
    let globs = Globs::new("workflows.files", &options.files)?;
    let books = Globs::new("workflows.runbooks", &options.runbooks)?;
    let mut survey = Survey::default();
    let world = World::new(files);
    let loaded: Vec<Loaded> =
        files.paths().filter(|path| globs.matches(path)).map(|path| load::workflow(files, path)).collect();
    let local = load::actions(files, &loaded);
    let actions: Actions<'_> = local.iter().filter_map(|loaded| loaded.action()).collect();
    survey.workflows = loaded.len();
    world.allow(loaded.len());
    let all: Vec<Workflow> =
        loaded.iter().filter(|one| one.refused.is_none()).filter_map(|one| one.workflow.clone()).collect();
    let followed: BTreeSet<String> = all
        .iter()
        .flat_map(|workflow| &workflow.triggers)
        .flat_map(|trigger| &trigger.workflows)
        .map(|name| name.text.clone())
        .collect();
    for one in &loaded {
        of_workflow(&world, &actions, one, &all, &followed, options, &mut survey);
    }
    for one in &local {
        one.mistakes(&mut survey);
        if let Some((action, source)) = one.action.as_ref().map(|action| (action, one.source())) {
            let seen = essentials::look_at_action(action, &options.trusted_owners);
            survey.found.extend(seen.into_iter().map(|seen| essential(&source, seen)));
        }
    }
    hooks::all(&world, &actions, files, &mut survey);
    for path in files.paths().filter(|path| books.matches(path)).map(str::to_owned).collect::<Vec<_>>() {
        survey.runbooks += 1;
        for (link, missing) in runbooks::missing(&world, &path) {
            survey.found.push(Found {
                rule: "workflows/missing-command-in-docs",
                confidence: Confidence::High,
                message: judge::missing_message(&missing),
                path: path.clone(),
                region: Region::lines(link.line, link.line),
                related: Vec::new(),
                context: format!("{} {}", missing.what, link.text),
                class: Some(Class::NeverRuns),
            });
        }
    }
    required::all(&loaded, options, &mut survey);
    for path in world.unfinished() {
        let message = format!(
            "{path}: its scripts are more than this checker follows, so what becomes of some checks is not known"
        );
        survey.problems.push(Problem::new(tollgate_model::Cause::Unfinished, message).at(path));
    }
    for (path, message) in files.refused() {
        survey.problems.push(Problem::new(tollgate_model::Cause::Unreadable, message).at(path));
    }
    survey.checks.sort_by(|a, b| (&a.place.file, a.place.line, &a.tool).cmp(&(&b.place.file, b.place.line, &b.tool)));
    survey.examined = files.examined();
    Ok(survey)
}

fn of_workflow(
    world: &World<'_>,
    actions: &Actions<'_>,
    one: &Loaded,
    all: &[Workflow],
    followed: &BTreeSet<String>,
    options: &Options,
    survey: &mut Survey,
) {
    one.mistakes(survey);
    let Some(workflow) = &one.workflow else {
        if let Some(refused) = &one.refused {
            survey.checks.push(judge::whole_file(&one.path, &one.path, refused.line));
        }
        return;
    };
    let source = one.source();
    let name = workflow.name.as_ref().map_or(workflow.path.as_str(), |name| name.text.as_str());
    let bench = Bench { world, workflow, source: &source, actions, followed: followed.contains(name) };
    let records = judge::records(&bench, &workflow.jobs);
    let mut checks = judge::checks(&bench, &records);
    if let Some(refused) = &one.refused {
        if checks.is_empty() {
            checks.push(judge::whole_file(workflow.path.as_str(), name, refused.line));
        }
        for check in &mut checks {
            // What is wrong with the file is told once, by what is wrong.
            check.class = Class::NeverRuns;
            check.rule = None;
            check.confidence = Confidence::High;
            check.cause = Some(Link { file: workflow.path.as_str().into(), line: refused.line, text: "".into() });
            check.message = format!("GitHub refuses the file for line {}, so this never runs", refused.line);
        }
    } else {
        unreachable(&bench, &mut checks);
        survey.found.extend(judge::remarks(&records).into_iter().map(remark));
        local_targets(world, &source, workflow, survey);
        for condition in expressions::always_true(workflow) {
            let shown = crate::machine::site::shown(condition.text.lines().next().unwrap_or_default());
            survey.found.push(Found {
                rule: "workflows/always-true-condition",
                confidence: Confidence::High,
                message: format!("`if: {shown}` is a text with an expression in it, and a text always counts as true"),
                path: source.path.to_owned(),
                region: source.index.region(condition.span.start, condition.span.end),
                related: Vec::new(),
                context: condition.text.clone(),
                class: None,
            });
        }
        let file = essentials::File { workflow, source: &one.text, lines: &source.index, siblings: all };
        let seen = essentials::look(&file, &options.trusted_owners);
        survey.found.extend(seen.into_iter().map(|seen| essential(&source, seen)));
    }
    survey.checks.extend(checks);
}

/// Checks in jobs and steps that no event reaches.
fn unreachable(bench: &Bench<'_>, checks: &mut [Check]) {
    for dead in judge::unreachable(bench) {
        let job = &bench.workflow.jobs[dead.job];
        let lines = dead.step.map(|index| {
            let span = job.steps[index].span;
            (bench.source.index.position(span.start).0, bench.source.index.position(span.end).0)
        });
        for check in checks.iter_mut().filter(|check| check.job == job.id.text) {
            let inside = lines.is_none_or(|(first, last)| (first..=last).contains(&check.place.line));
            if inside {
                check.class = Class::NeverRuns;
                check.rule = Some("workflows/unreachable");
                check.confidence = Confidence::High;
                check.cause = Some(dead.place.clone());
                check.message.clone_from(&dead.message);
            }
        }
    }
}

/// Local actions and workflows that are used and are not there.
fn local_targets(world: &World<'_>, source: &Source<'_>, workflow: &Workflow, survey: &mut Survey) {
    let mut missing: Vec<(&crate::model::Text, String)> = Vec::new();
    for job in &workflow.jobs {
        if let Some(uses) = &job.uses
            && let Some(path) = uses.text.strip_prefix("./").filter(|path| !path.contains("${{"))
            && !world.contains(path)
        {
            missing.push((
                uses,
                format!("the workflow {path} is called and is not there; GitHub runs nothing of this file"),
            ));
        }
        // Another repository may have been checked out, and anything made, before a local action is used.
        let mut alone = true;
        for step in &job.steps {
            let Some(uses) = &step.uses else {
                alone &= !step.run.as_ref().is_some_and(|run| run.text.contains("git ") || run.text.contains("curl"));
                continue;
            };
            let Some(path) = uses.text.strip_prefix("./").filter(|path| !path.contains("${{")) else {
                let checkout = uses.text.starts_with("actions/checkout@");
                let elsewhere =
                    step.with.iter().any(|(name, _)| matches!(name.text.as_str(), "repository" | "path" | "ref"));
                alone &= crate::catalogue::action(&uses.text).is_some() && !(checkout && elsewhere);
                continue;
            };
            let folder = path.trim_end_matches('/');
            let there = ["action.yml", "action.yaml", "Dockerfile"].iter().any(|name| {
                let place = if folder.is_empty() { (*name).to_owned() } else { format!("{folder}/{name}") };
                world.contains(&place)
            });
            if alone && !there {
                missing.push((
                    uses,
                    format!("the action ./{folder} is used and is not there: the step fails before it does anything"),
                ));
            }
        }
    }
    for (uses, message) in missing {
        survey.found.push(Found {
            rule: "workflows/unresolvable-action",
            confidence: Confidence::High,
            message,
            path: source.path.to_owned(),
            region: source.index.region(uses.span.start, uses.span.end),
            related: Vec::new(),
            context: uses.text.clone(),
            class: Some(Class::NeverRuns),
        });
    }
}

fn remark(remark: judge::Remark) -> Found {
    Found {
        rule: remark.rule,
        confidence: remark.confidence,
        message: remark.message,
        path: remark.place.file.to_string(),
        region: Region::lines(remark.place.line, remark.place.line),
        related: Vec::new(),
        context: remark.place.text.to_string(),
        class: Some(remark.class),
    }
}

fn essential(source: &Source<'_>, seen: essentials::Seen) -> Found {
    let region = |span: Span| source.index.region(span.start, span.end);
    Found {
        rule: seen.rule,
        confidence: seen.confidence,
        message: seen.message,
        path: source.path.to_owned(),
        region: region(seen.place),
        related: seen.related.into_iter().map(|span| (source.path.to_owned(), region(span))).collect(),
        context: seen.context,
        class: None,
    }
}

/// The rule that a mistake belongs to.
fn rule_of(kind: MistakeKind) -> &'static str {
    match kind {
        MistakeKind::Schema | MistakeKind::Expression | MistakeKind::DuplicateKey => "workflows/invalid-workflow",
        MistakeKind::Needs => "workflows/needs-missing-job",
        MistakeKind::Uses => "workflows/unresolvable-action",
    }
}

/// Workflows by path.
fn by_path(loaded: &[Loaded]) -> BTreeMap<&str, &Workflow> {
    let good = loaded.iter().filter(|one| one.refused.is_none()).filter_map(|one| one.workflow.as_ref());
    good.map(|workflow| (workflow.path.as_str(), workflow)).collect()
}

/// The index of a text that lives as long as `loaded`.
fn index(text: &str) -> LineIndex<'_> {
    LineIndex::new(text)
}
