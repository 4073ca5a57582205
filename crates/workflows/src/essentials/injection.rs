//! `workflows/script-injection`: text that an outsider chooses, put into a script before anything reads it.

mod sources;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use tollgate_input::Span;
use tollgate_model::Confidence;

use self::sources::{Source, sources_in};
use super::commands;
use super::env::{Env, Variables};
use super::events::{Upstream, carries, upstream};
use super::flows::Taken;
use super::outsider::{Run, Truth, condition};
use super::standing::{Ways, triggers};
use super::{File, Seen, short, span_in};
use crate::model::{Job, Step, Text, Trigger};

const RULE: &str = "workflows/script-injection";

/// Events in which an outsider's run has neither secrets nor a token that writes, or that only insiders start with what
/// outsiders wrote.
const WEAK: &[&str] =
    &["gollum", "pull_request", "pull_request_review", "pull_request_review_comment", "push", "workflow_call"];

/// How many places in one script are looked at; nobody writes as many by hand.
const MOST_PLACES: usize = 1_000;

/// What the scripts of the workflow take in.
pub(crate) fn look(file: &File<'_>) -> Vec<Seen> {
    let mut ways = Ways::of(file.workflow);
    let variables = Variables::of(&file.workflow.env);
    file.workflow.jobs.iter().flat_map(|job| in_job(file, &mut ways, job, &variables)).collect()
}

/// One finding for each source in a job, with every place of it.
struct Found {
    confidence: Confidence,
    event: String,
    variable: Option<String>,
    places: Vec<Span>,
}

fn in_job<'a>(file: &File<'a>, ways: &mut Ways<'a>, job: &'a Job, all: &Variables<'_>) -> Vec<Seen> {
    let mut found: BTreeMap<&'static str, Found> = BTreeMap::new();
    let jobs = Variables::of(&job.env);
    for step in &job.steps {
        let Some(script) = Script::of(step) else { continue };
        let own = Variables::of(&step.env);
        let env = Env::of(&own, &jobs, all);
        for taken in env.taken(&script.text.text).into_iter().take(MOST_PLACES) {
            for source in sources_in(&taken.flow) {
                if script.harmless(&taken, source) {
                    continue;
                }
                let Some((confidence, event)) = worst(file, ways, job, step, source) else { continue };
                let place = span_in(script.text, file.source, file.lines, taken.at.start, taken.at.len());
                let entry = found.entry(source.path).or_insert_with(|| Found {
                    confidence,
                    event: event.to_owned(),
                    variable: variable(&taken),
                    places: Vec::new(),
                });
                if confidence > entry.confidence {
                    (entry.confidence, entry.event) = (confidence, event.to_owned());
                }
                if !entry.places.contains(&place) {
                    entry.places.push(place);
                }
            }
        }
    }
    found.into_iter().filter_map(|(path, found)| seen(job, path, found)).collect()
}

/// The variable that stands in the script for the source.
fn variable(taken: &Taken<'_>) -> Option<String> {
    let inner = taken.inner.trim();
    (inner.starts_with("env.") && !taken.flow.path.starts_with("env.")).then(|| inner.to_owned())
}

fn seen(job: &Job, path: &'static str, found: Found) -> Option<Seen> {
    let source = sources::named(path)?;
    let what = match &found.variable {
        Some(variable) => format!("`{}`, which holds `{path}`,", short(variable)),
        None => format!("`{path}`"),
    };
    let reach = if found.confidence == Confidence::High {
        "runs commands with this job's token and secrets"
    } else if found.event == "pull_request" {
        "runs commands in this job, from a fork without secrets"
    } else {
        "runs commands in this job"
    };
    let message = format!(
        "{what} is put into the script before anything quotes it. {}, and text with quotes or `$(…)` in it {reach}; \
         hand it over in `env:` and use the variable in quotes.",
        source.who
    );
    let mut places = found.places;
    let place = *places.first()?;
    places.remove(0);
    let context = format!("{} {path}", job.id.text);
    Some(Seen { rule: RULE, confidence: found.confidence, message, place, related: places, context })
}

/// The event in which an outsider comes furthest with `source`, and how sure that is.
fn worst<'a>(
    file: &File<'a>,
    ways: &mut Ways<'a>,
    job: &'a Job,
    step: &Step,
    source: Source,
) -> Option<(Confidence, &'a str)> {
    let mut worst = None;
    for trigger in triggers(file.workflow) {
        let event = trigger.event.text.as_str();
        if !carries(event, source.path) {
            continue;
        }
        let run = Run { event, theirs: source.theirs() };
        let text = step.condition.as_ref().map(|c| c.text.as_str());
        let truth = ways.to(job, trigger, run).min(condition(text, run));
        let confidence = match truth {
            Truth::Never => continue,
            Truth::Guarded => Confidence::Medium,
            Truth::Open | Truth::Always if WEAK.contains(&event) => Confidence::Medium,
            Truth::Open | Truth::Always => match before(file, trigger, event) {
                Upstream::PullRequests => Confidence::High,
                Upstream::Others => continue,
                Upstream::Unknown => Confidence::Medium,
            },
        };
        if worst.is_none_or(|(known, _)| confidence > known) {
            worst = Some((confidence, event));
        }
    }
    worst
}

/// What came before the run; of anything but a `workflow_run` the outsider.
fn before(file: &File<'_>, trigger: &Trigger, event: &str) -> Upstream {
    if event == "workflow_run" { upstream(file, trigger) } else { Upstream::PullRequests }
}

/// A text that is run.
struct Script<'a> {
    text: &'a Text,
    /// JSON is a value in it: a script for github-script or Python.
    takes_json: bool,
    /// It is one for a shell.
    shell: bool,
    /// The here-documents in which nothing is replaced.
    quoted: OnceCell<Vec<Range<usize>>>,
}

impl<'a> Script<'a> {
    fn of(step: &'a Step) -> Option<Self> {
        if let Some(text) = &step.run {
            let shell = step.shell.as_ref().map_or("", |shell| shell.text.as_str());
            let takes_json = ["python", "node"].iter().any(|other| shell.starts_with(other));
            return Some(Self { text, takes_json, shell: !takes_json, quoted: OnceCell::new() });
        }
        let uses = step.uses.as_ref()?.text.to_lowercase();
        let script = || step.with.iter().find(|(key, _)| key.text.eq_ignore_ascii_case("script"));
        if !uses.starts_with("actions/github-script@") {
            return None;
        }
        script().map(|(_, text)| Self { text, takes_json: true, shell: false, quoted: OnceCell::new() })
    }

    /// Whether the text of `flow` cannot become code where it stands.
    fn harmless(&self, taken: &Taken<'_>, source: Source) -> bool {
        let script = &self.text.text;
        let before = script.get(..taken.at.start).unwrap_or_default();
        if self.takes_json && taken.flow.json && !before.ends_with(['\'', '"', '`']) {
            return true;
        }
        if source.lines {
            return false;
        }
        // A single line does not leave its comment, nor a here-document in which nothing is replaced.
        let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
        let comment = if self.shell { line.starts_with('#') } else { line.starts_with("//") };
        comment || self.quoted().iter().any(|range| range.contains(&taken.at.start))
    }

    fn quoted(&self) -> &[Range<usize>] {
        self.quoted.get_or_init(|| {
            if !self.shell || !self.text.text.contains("<<") {
                return Vec::new();
            }
            let script = commands::Script::of(&self.text.text);
            script.commands().iter().flat_map(commands::Command::quoted).collect()
        })
    }
}
