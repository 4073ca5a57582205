//! What branch protection asks for, held against what jobs report.

use tollgate_model::{Confidence, Region};

use super::load::Loaded;
use super::{Found, Survey, by_path};
use crate::contexts::{self, Lack};
use crate::judge::Class;
use crate::options::Options;

/// Adds what is wrong with required checks, and the names that jobs report.
pub(super) fn all(loaded: &[Loaded], options: &Options, survey: &mut Survey) {
    let workflows = by_path(loaded);
    let mut reported = Vec::new();
    for one in loaded.iter().filter(|one| one.refused.is_none()) {
        let Some(workflow) = &one.workflow else { continue };
        let source = one.source();
        let line_of = |text: &crate::model::Text| source.index.position(text.span.start).0;
        reported.extend(contexts::reported(workflow, &line_of, &workflows, 0));
    }
    let merge_queue = options.merge_queue.unwrap_or_default();
    for required in &options.required {
        for (lack, at) in contexts::lacks(required, &reported, &workflows, merge_queue) {
            let (rule, message) = told(required, &lack);
            let (path, line) = at.map_or((first_path(loaded), 1), |one| (one.workflow.clone(), one.line));
            survey.found.push(Found {
                rule,
                confidence: Confidence::High,
                message,
                path,
                region: Region::lines(line, line),
                related: Vec::new(),
                context: format!("{rule} {required}"),
                class: Some(Class::NeverRuns),
            });
        }
    }
    survey.reported = reported;
}

fn first_path(loaded: &[Loaded]) -> String {
    loaded.first().map_or_else(|| ".github/workflows".to_owned(), |one| one.path.clone())
}

fn told(required: &str, lack: &Lack) -> (&'static str, String) {
    match lack {
        Lack::NoJob { near } => {
            let near = near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            (
                "workflows/required-check-missing",
                format!(
                    "branch protection requires the check `{required}`, and no job reports it: every pull request waits for it{near}"
                ),
            )
        }
        Lack::NoPullRequest => (
            "workflows/required-check-missing",
            format!("the required check `{required}` is reported by a workflow that pull requests do not start"),
        ),
        Lack::Filtered(filter) => (
            "workflows/required-check-filtered",
            format!(
                "the required check `{required}` is behind `{filter}`: a pull request that the filter leaves out waits for it and cannot be merged"
            ),
        ),
        Lack::NoMergeGroup => (
            "workflows/no-merge-group",
            format!(
                "the required check `{required}` is not started by `merge_group`, so the merge queue waits for it until it gives up"
            ),
        ),
    }
}
