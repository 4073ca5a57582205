//! Expressions that GitHub cannot read.

use tollgate_input::Span;

use crate::expr::{self, ExprError};
use crate::mistake::{Mistake, MistakeKind};
use crate::model::{Pairs, Step, Text, Workflow};

/// Adds what is wrong with the expressions of `workflow`, where nothing was said of their place yet.
pub(super) fn check(workflow: &Workflow, mistakes: &mut Vec<Mistake>) {
    let mut found = Vec::new();
    pairs(&workflow.env, &mut found);
    for job in &workflow.jobs {
        condition(job.condition.as_ref(), &mut found);
        texts([&job.name, &job.continue_on_error].into_iter().flatten(), &mut found);
        texts(job.runs_on.iter(), &mut found);
        for table in [&job.env, &job.with, &job.outputs] {
            pairs(table, &mut found);
        }
        job.steps.iter().for_each(|step| of_step(step, &mut found));
    }
    for (span, error) in found {
        let said = mistakes.iter().any(|mistake| mistake.span.start <= span.end && span.start <= mistake.span.end);
        if !said && mistakes.len() < 200 {
            let message = format!("the expression cannot be read: {}", error.message);
            mistakes.push(Mistake { span, message, fatal: true, kind: MistakeKind::Expression });
        }
    }
    mistakes.sort_by_key(|mistake| mistake.span.start);
}

/// Conditions that hold whatever they seem to ask.
pub(super) fn always_true(workflow: &Workflow) -> Vec<&Text> {
    let of_steps = workflow.jobs.iter().flat_map(|job| &job.steps).filter_map(|step| step.condition.as_ref());
    let of_jobs = workflow.jobs.iter().filter_map(|job| job.condition.as_ref());
    of_jobs
        .chain(of_steps)
        .filter(|text| expr::parse_condition(&text.text).is_ok_and(|parsed| parsed.is_always_true_text()))
        .collect()
}

fn of_step(step: &Step, found: &mut Vec<(Span, ExprError)>) {
    condition(step.condition.as_ref(), found);
    texts([&step.name, &step.run, &step.working_directory, &step.continue_on_error].into_iter().flatten(), found);
    pairs(&step.env, found);
    pairs(&step.with, found);
}

fn condition(text: Option<&Text>, found: &mut Vec<(Span, ExprError)>) {
    let Some(text) = text else { return };
    match expr::parse_condition(&text.text) {
        Ok(parsed) => found.extend(unknown_function(&parsed).map(|error| (text.span, error))),
        Err(error) => found.push((text.span, error)),
    }
}

/// The first function that GitHub does not have.
fn unknown_function(parsed: &expr::Expr) -> Option<ExprError> {
    const KNOWN: [&str; 13] = [
        "contains",
        "startswith",
        "endswith",
        "format",
        "join",
        "tojson",
        "fromjson",
        "hashfiles",
        "success",
        "failure",
        "always",
        "cancelled",
        "case",
    ];
    let unknown = parsed.functions().into_iter().find(|name| !KNOWN.contains(&name.to_lowercase().as_str()))?;
    Some(ExprError { offset: 0, message: format!("there is no function `{unknown}`") })
}

fn pairs(pairs: &Pairs, found: &mut Vec<(Span, ExprError)>) {
    texts(pairs.iter().map(|(_, value)| value), found);
}

fn texts<'t>(all: impl Iterator<Item = &'t Text>, found: &mut Vec<(Span, ExprError)>) {
    for text in all {
        for part in expr::parts(&text.text) {
            let expr::Part::Expression { text: inner, .. } = part else { continue };
            match expr::parse(inner) {
                Ok(parsed) => found.extend(unknown_function(&parsed).map(|error| (text.span, error))),
                Err(error) => found.push((text.span, error)),
            }
        }
    }
}
