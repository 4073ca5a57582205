//! `workflows/secrets-in-artifact`: a secret written to a file that a later step uploads.

mod upload;
mod writes;

use tollgate_input::Span;
use tollgate_model::Confidence;

use self::upload::Upload;
use self::writes::Written;
use super::env::{Env, Variables};
use super::{File, Seen, short, span_in};
use crate::model::Job;

const RULE: &str = "workflows/secrets-in-artifact";

/// How many files with secrets are followed in a job.
const MOST_FILES: usize = 100;

/// How often a file is compared with an upload in one workflow.
const MOST_COMPARED: usize = 1_000;

/// What the jobs write and upload.
pub(crate) fn look(file: &File<'_>) -> Vec<Seen> {
    let variables = Variables::of(&file.workflow.env);
    let mut compared = 0;
    file.workflow.jobs.iter().flat_map(|job| in_job(file, job, &variables, &mut compared)).collect()
}

/// A file with a secret, and where it was written.
struct Kept {
    written: Written,
    place: Span,
}

fn in_job(file: &File<'_>, job: &Job, all: &Variables<'_>, compared: &mut usize) -> Vec<Seen> {
    if !job.steps.iter().any(|step| step.uses.as_ref().is_some_and(|uses| upload::is_upload(&uses.text))) {
        return Vec::new();
    }
    let variables = Variables::of(&job.env);
    let defaults = [&job.defaults.working_directory, &file.workflow.defaults.working_directory];
    let default = defaults.into_iter().flatten().next();
    let mut kept: Vec<Kept> = Vec::new();
    let mut found: Vec<Seen> = Vec::new();
    for step in &job.steps {
        if let Some(upload) = Upload::of(step, file.source) {
            for kept in &kept {
                let context = format!("{} {} {}", job.id.text, kept.written.path, kept.written.secret);
                *compared += 1;
                let new = *compared < MOST_COMPARED && found.iter().all(|seen| seen.context != context);
                if new && upload.takes(&kept.written.path) {
                    found.push(seen(file, kept, &upload, context));
                }
            }
        } else if let Some(script) = step.run.as_ref().filter(|_| kept.len() < MOST_FILES) {
            let own = Variables::of(&step.env);
            let env = Env::of(&own, &variables, all);
            let folder = step.working_directory.as_ref().or(default).map_or("", |folder| folder.text.as_str());
            let (new, removed) = writes::of(&script.text, folder, &env);
            kept.retain(|kept| !removed.iter().any(|path| writes::is_within(&kept.written.path, path)));
            kept.extend(new.into_iter().take(MOST_FILES).map(|written| {
                let (start, length) = (written.range.start, written.range.end.saturating_sub(written.range.start));
                Kept { place: span_in(script, file.source, file.lines, start, length), written }
            }));
        }
    }
    found
}

fn seen(file: &File<'_>, kept: &Kept, upload: &Upload<'_>, context: String) -> Seen {
    let (line, _) = file.lines.position(upload.place().start);
    let (secret, path) = (short(&kept.written.secret), short(&kept.written.path));
    let message = format!(
        "{secret} is written to {path}, and the upload in line {line} takes that file. Whoever may read the runs of \
         this repository, in a public one everybody with an account, can download it; delete the file before the \
         upload or upload only what is needed."
    );
    Seen {
        rule: RULE,
        confidence: Confidence::High,
        message,
        place: kept.place,
        related: vec![upload.place()],
        context,
    }
}
