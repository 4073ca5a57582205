//! One verb of a checker: run in this process, then printed and written.

use std::panic::{AssertUnwindSafe, catch_unwind};

use clap::{ArgMatches, Command};
use tollgate_check::{CheckError, Context, Facts, FoundChanges, Outcome, Tool};
use tollgate_model::{Cause, Exit, Problem, format};

use crate::arguments::Common;
use crate::change::{Difference, WithBase};
use crate::configuration;
use crate::frame::Frame;
use crate::inside;
use crate::options::{self, Given};
use crate::plan::Plan;
use crate::session::Session;
use crate::terminal::{self, Word};
use crate::usage::usage;

/// Runs the verb of `tool` that `own` is the command of.
pub(crate) fn run(
    tools: &[&dyn Tool],
    tool: &dyn Tool,
    command: &Command,
    own: &Command,
    matches: &ArgMatches,
) -> anyhow::Result<Exit> {
    let common = Common::of_verb(matches)?;
    let frame = Frame::open(tools, command, &common)?;
    let given = Given::of(tool, own, matches)?;
    let config = configuration::find(&common, &frame.session, tools, &frame.catalog)?;
    let target = matches.get_one::<String>("target").map(String::as_str);
    let plan = Plan::alone(tool, config, &frame.catalog, &given, target, Vec::new())?;
    let outcome = outcome(tool, own.get_name(), &frame, &plan, &common, matches)?;
    deliver(outcome, &frame, &common)
}

/// What comes of the verb.
fn outcome(
    tool: &dyn Tool,
    verb: &str,
    frame: &Frame,
    plan: &Plan<'_>,
    common: &Common,
    matches: &ArgMatches,
) -> anyhow::Result<Outcome> {
    let [instance] = plan.instances.as_slice() else {
        let message = format!("several [[{}]] are configured; say with --target which one is meant", tool.name());
        return Err(usage(message));
    };
    let (session, tree) = (&frame.session, frame.session.tree());
    let targets = plan.targets(tool);
    let facts = Facts {
        changes: Err("what differs from the base was not looked for".to_owned()),
        root_in_repository: session.root_in_repository().to_owned(),
        targets: &targets,
        jobs: frame.jobs(plan, common),
        today: session.today,
        input: None,
        base_report: None,
        service: None,
        stop: None,
    };
    let ctx = Context::new(&session.root, tree.as_ref(), facts).changes_later(|| changes(session));
    let options = options::values(&instance.settings);
    // It runs here and not in a child; a parser that stumbles must still end in words and with the right code.
    let ended = catch_unwind(AssertUnwindSafe(|| tool.run_verb(verb, &ctx, options, matches)));
    match ended {
        Ok(Ok(outcome)) => Ok(outcome),
        Ok(Err(CheckError::Option { key, message })) => Err(usage(format!("{key}: {message}"))),
        Ok(Err(CheckError::Problem(problem))) => Ok(Outcome { problems: vec![problem], ..Outcome::default() }),
        Err(_) => {
            let message = format!("{} {verb} did not finish: it panicked, which is a bug", tool.name());
            Ok(Outcome { problems: vec![Problem::new(Cause::Unfinished, message)], ..Outcome::default() })
        }
    }
}

/// What differs from the base, worked out when it is asked for.
fn changes(session: &Session) -> FoundChanges<'_> {
    match session.difference() {
        Difference::Known(list) => {
            let root = session.root_at_base()?;
            let repository = session.repository.as_ref().map(|repository| (repository, root));
            Ok(Box::new(WithBase::new(list, repository)))
        }
        Difference::NotYet(because) | Difference::Unknown(because) => Err(because.clone()),
    }
}

/// Writes, prints and says what came of it. Where there is a problem, no file is written.
fn deliver(outcome: Outcome, frame: &Frame, common: &Common) -> anyhow::Result<Exit> {
    let exit = outcome.exit();
    let note = |text: &str| terminal::say(Word::Note, text, common.color);
    let mut written = Vec::new();
    if exit == Exit::Pass {
        let size = |bytes: &[u8]| format::bytes(bytes.len() as u64);
        written = outcome.files.iter().map(|f| format!("wrote {} ({})", f.path, size(&f.bytes))).collect();
        inside::write(&frame.session.root, outcome.files)?;
    }
    terminal::print(&outcome.text)?;
    if !common.quiet {
        frame.warnings.iter().chain(&outcome.notes).for_each(|text| note(text));
    }
    if common.verbose {
        written.iter().for_each(|text| note(text));
    }
    for problem in &outcome.problems {
        terminal::say(Word::Error, &problem.message, common.color);
    }
    Ok(exit)
}
