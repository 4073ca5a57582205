//! The child's side: one checker, run on one tree, its report on standard output.

use std::io::{BufRead as _, Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tollgate_check::{Changes, CheckError, Context, Facts, Needs, Service, Tool, Tree};
use tollgate_input::Root;
use tollgate_model::{Cause, Date, Problem, Report, Rule, Status, Target, Word};
use tollgate_tree::Repository;

use crate::change::{ChangeList, WithBase};

/// Everything a child needs to know, one line of JSON on its standard input.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) checker: String,
    pub(crate) instance: Option<String>,
    pub(crate) root: PathBuf,
    /// The root within the repository, `.` for its top.
    pub(crate) root_in_repository: String,
    /// The same as the base has it.
    pub(crate) root_at_base: String,
    /// The commit that is checked out.
    pub(crate) head: Option<String>,
    /// The commit whose tree is looked at, and the root in it; the working copy when absent.
    pub(crate) commit: Option<(String, String)>,
    pub(crate) changes: Result<ChangeList, String>,
    pub(crate) targets: Vec<Target>,
    pub(crate) options: Value,
    pub(crate) jobs: usize,
    /// The day by which policy is judged.
    pub(crate) today: Date,
    /// Where standard input was put, if the checker asked for it.
    #[serde(default)]
    pub(crate) input: Option<PathBuf>,
    /// What the base's own run reported of the same, for a checker that shows differences.
    pub(crate) base_report: Option<Box<Report>>,
    /// The program under test, for a checker that asks it.
    #[serde(default)]
    pub(crate) service: Option<Result<Service, String>>,
}

/// What a child answers, one line of JSON on its standard output.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Answer {
    /// A report.
    Report(Box<Report>),
    /// An option makes no sense; nothing was looked at.
    Usage(String),
}

/// Set once the parent asks to stop.
static STOP: AtomicBool = AtomicBool::new(false);

/// Runs the checker that the request on standard input names.
pub(crate) fn serve(tools: &[&dyn Tool]) -> ExitCode {
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line).is_err() {
        return ExitCode::FAILURE;
    }
    let Ok(request) = serde_json::from_str::<Request>(&line) else { return ExitCode::FAILURE };
    let Some(tool) = tools.iter().find(|tool| tool.name() == request.checker) else { return ExitCode::FAILURE };
    end_with_parent();
    if tool.exclusive() {
        // Where it cannot be set, an interrupt ends this process, and the parent says so.
        let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
    }
    let answer = answer(*tool, &request);
    let written = serde_json::to_vec(&answer).is_ok_and(|bytes| {
        let mut out = std::io::stdout().lock();
        out.write_all(&bytes).and_then(|()| out.flush()).is_ok()
    });
    if written { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Adds the checker's own rules, which a child leaves out: the parent knows them, and of some there are hundreds. What they are tried on is for their pages; a
/// report says which rules ran.
pub(crate) fn put_in_rules(tool: &dyn Tool, report: &mut Report) {
    report.rules.extend(tool.rules().iter().map(Rule::bare));
    report.rules.sort_by(|a, b| a.id.cmp(&b.id));
}

/// The parent keeps our standard input open for as long as it lives.
#[expect(clippy::exit, reason = "nobody is left to report to")]
fn end_with_parent() {
    std::thread::spawn(|| {
        let mut byte = [0];
        while matches!(std::io::stdin().read(&mut byte), Ok(1)) {}
        std::process::exit(1)
    });
}

fn answer(tool: &dyn Tool, request: &Request) -> Answer {
    match run(tool, request) {
        Ok(report) => Answer::Report(Box::new(report)),
        Err(CheckError::Option { key, message }) => Answer::Usage(format!("{key}: {message}")),
        Err(CheckError::Problem(problem)) => {
            let mut report = unfinished(tool, request);
            report.problems = vec![problem];
            Answer::Report(Box::new(report))
        }
    }
}

fn run(tool: &dyn Tool, request: &Request) -> Result<Report, CheckError> {
    let root = Root::new(&request.root)?;
    let repository = Repository::discover(root.path())?;
    let tree = tree(&root, repository.as_ref(), request)?;
    let changes = request.changes.as_ref().map(|list| {
        let repository = repository.as_ref().map(|repository| (repository, request.root_at_base.as_str()));
        WithBase::new(list, repository)
    });
    let facts = Facts {
        changes: match &changes {
            Ok(changes) => Ok(changes as &dyn Changes),
            Err(because) => Err((*because).clone()),
        },
        root_in_repository: request.root_in_repository.clone(),
        targets: &request.targets,
        jobs: request.jobs,
        today: request.today,
        input: request.input.as_deref(),
        base_report: request.base_report.as_deref(),
        service: request.service.as_ref().map(|service| service.as_ref().map_err(String::as_str)),
        stop: tool.exclusive().then_some(&STOP),
    };
    let mut report = tool.run(&Context::new(&root, tree.as_ref(), facts), request.options.clone())?;
    name_instance(&mut report, request.instance.as_deref());
    Ok(report)
}

fn tree(root: &Root, repository: Option<&Repository>, request: &Request) -> Result<Box<dyn Tree>, CheckError> {
    match (repository, &request.commit) {
        (Some(repository), Some((commit, root))) => Ok(repository.commit_tree_at(commit, root)?),
        (Some(repository), None) => Ok(repository.working_copy()),
        (None, None) => Ok(tollgate_tree::folder(root)),
        (None, Some((commit, _))) => {
            let message = format!("commit {commit} was asked for, and the folder lies in no git repository");
            Err(CheckError::Problem(Problem::new(Cause::Missing, message)))
        }
    }
}

/// A report of a checker that did not come to its end: incomplete.
fn unfinished(tool: &dyn Tool, request: &Request) -> Report {
    let subject = tollgate_model::Subject {
        root: request.root_in_repository.clone(),
        commit: request.commit.as_ref().map(|(commit, _)| commit.clone()).or_else(|| request.head.clone()),
        base: request.changes.as_ref().ok().map(|c| c.base.clone()),
        word: if tool.needs() == Needs::Tree { Word::Tree } else { Word::OwnRun },
    };
    let mut report = Report::new(tool.name(), tool.version(), subject);
    report.status = Status::Incomplete;
    name_instance(&mut report, request.instance.as_deref());
    report
}

/// A report in place of the one that a child did not deliver, with every rule that its checker knows.
pub(crate) fn in_place(tool: &dyn Tool, request: &Request, cause: Cause, message: String) -> Report {
    let mut report = unfinished(tool, request);
    report.problems = vec![Problem::new(cause, message)];
    put_in_rules(tool, &mut report);
    report
}

/// Tells the series of several instances apart.
fn name_instance(report: &mut Report, instance: Option<&str>) {
    let Some(name) = instance else { return };
    report.instance = Some(name.to_owned());
    for metric in &mut report.metrics {
        metric.labels.insert("target".to_owned(), name.to_owned());
    }
    if let Some(base) = &mut report.base {
        name_instance(base, instance);
    }
}
