//! The command: reads, and makes sure of what it is about.

use clap::ArgMatches;
use tollgate_forge::{Client, Settings};
use tollgate_model::Exit;

use crate::arguments::{Options, Target};
use crate::environment::Environment;
use crate::event::{Event, Kind};
use crate::gates;
use crate::judged::Judged;
use crate::posting::Posting;
use crate::report::{Output, Reporter};
use crate::{PostError, pull_request};

/// Runs the command; `variable` answers environment variables.
///
/// # Errors
/// Nothing was posted: what was asked for does not go together, or what was judged is not what the event is about.
pub fn run(
    arguments: &ArgMatches,
    variable: &dyn Fn(&str) -> Option<String>,
    output: &mut Output,
) -> Result<Exit, PostError> {
    run_with(arguments, variable, output, &|_| {})
}

/// The same, with other times than the usual.
pub(crate) fn run_with(
    arguments: &ArgMatches,
    variable: &dyn Fn(&str) -> Option<String>,
    output: &mut Output,
    tune: &dyn Fn(&mut Settings),
) -> Result<Exit, PostError> {
    let options = Options::read(arguments)?;
    let environment = Environment::new(variable);
    let event = Event::read(&environment)?;
    let pull = pull_of(&options, &event)?;
    let judged = Judged::read(&options.dir)?;
    let commit = judged.commit()?;
    event.admit(commit)?;
    let gates = gates::chosen(&judged.run, &options.gate)?;
    let client = match environment.token() {
        Some(token) if options.to.iter().any(|target| needs_forge(*target)) => {
            let mut settings = environment.settings(token)?;
            tune(&mut settings);
            Some(Client::new(settings).map_err(|e| PostError::usage(e.to_string()))?)
        }
        _ => None,
    };
    let page = environment.run_page(event.key.run);
    let mut posting = Posting {
        category: options.category.clone().unwrap_or_default(),
        reporter: Reporter::new(output, environment.in_actions()),
        options: &options,
        environment: &environment,
        event: &event,
        judged: &judged,
        commit,
        gates: &gates,
        client: client.as_ref(),
        page: page.as_deref(),
    };
    posting.all(pull)
}

fn needs_forge(target: Target) -> bool {
    matches!(target, Target::Comment | Target::Sarif | Target::Statuses | Target::Issues)
}

/// The pull request that was named, or that the event is about, and whether the forge has to say so first.
fn pull_of(options: &Options, event: &Event) -> Result<Option<Claim>, PostError> {
    let given = options.pull_request.as_deref();
    let sure = |number: u64| Ok(Some(Claim { number, sure: true }));
    let claimed = |given: &str| pull_request::number(given).map(|number| Some(Claim { number, sure: false }));
    match &event.kind {
        Kind::Pull { number, .. } => match given.map(pull_request::number).transpose()? {
            Some(other) if other != *number => {
                Err(PostError::usage(format!("--pull-request {other}: this run is about pull request {number}")))
            }
            _ => sure(*number),
        },
        Kind::After { event, number, .. } => {
            if options.wants(Target::Statuses) || options.wants(Target::Issues) {
                let text = "statuses and issues cannot be posted on workflow_run: what was judged rests on what the change's own \
                            run reported";
                return Err(PostError::usage(text));
            }
            match (given, number) {
                (Some(given), _) => claimed(given),
                (None, Some(number)) => Ok(Some(Claim { number: *number, sure: false })),
                (None, None) if event.starts_with("pull_request") => {
                    Err(PostError::usage("which pull request it is about is not known; name it by --pull-request"))
                }
                (None, None) => Ok(None),
            }
        }
        Kind::Queue { .. } => Ok(None),
        Kind::Commit | Kind::Local => given.map_or(Ok(None), claimed),
    }
}

/// A pull request's number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim {
    pub(crate) number: u64,
    /// Whether the event says it, of its own run.
    pub(crate) sure: bool,
}
