//! The command from arguments to files.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::{ArgMatches, FromArgMatches as _};
use tollgate_input::{Entry, Root};
use tollgate_model::{Date, Exit, Run, Verdict};
use tollgate_tree::Repository;

use crate::InitError;
use crate::command::{Arguments, WorkflowKind};
use crate::detect::{Found, detect};
use crate::goals::goals;
use crate::measure::measure;
use crate::owners::{self, Owners};
use crate::page::{Words, page};
use crate::policy_file::PolicyFile;
use crate::settle::{Settled, candidate, settle};
use crate::workflow::{self, Workflow};
use crate::write::{NewFile, write};

/// Name of the policy in the folder that is checked.
const FILE: &str = "tollgate.toml";

/// For how many days a gate observes of which not every goal holds.
pub const DAYS: u64 = 30;

/// Runs the command with this program as the one that checks.
///
/// # Errors
/// Nothing was written then.
pub fn run(matches: &ArgMatches) -> Result<(Exit, String), InitError> {
    let arguments = Arguments::from_arg_matches(matches).map_err(|e| InitError::Usage(e.to_string()))?;
    let program =
        std::env::current_exe().map_err(|e| InitError::Failed(format!("init: this program was not found: {e}")))?;
    run_with(&program, &arguments)
}

/// The same with `program` as the one that checks; what it prints is returned.
///
/// # Errors
/// Nothing was written then.
pub fn run_with(program: &Path, arguments: &Arguments) -> Result<(Exit, String), InitError> {
    let place = Place::open(arguments)?;
    let tree = place.repository.working_copy();
    let found = detect(tree.as_ref(), &place.root)?;
    let goals = goals(&found);
    let tried = measure(program, place.root.path(), &candidate(&found, &goals).text())?;
    let (today, until) = days();
    let mut settled = settle(&found, &goals, &tried, until);
    settled.file.about = about(today, &settled.file);
    let text = settled.file.text();
    let judged = measure(program, place.root.path(), &text)?;
    let made = place.workflow(arguments, &found, &settled);
    let owners = if arguments.no_codeowners || !place.is_top() {
        None
    } else {
        Some(owners::find(&place.repository, arguments.owner.as_deref())?)
    };
    let mut plan = Planned::default();
    plan.add(arguments, &place, place.joined(FILE), text, "");
    if let Some(Workflow { text, .. }) = &made {
        let about = format!("{} is there and was left as it is; --force replaces it by", workflow::PATH);
        plan.add(arguments, &place, workflow::PATH.to_owned(), text.clone(), &about);
    }
    plan.owners(arguments, owners);
    if !arguments.dry_run {
        write(place.repository.top(), &plan.files)?;
    }
    let words = Words {
        found: &found,
        settled: &settled,
        until,
        verdict: verdict(&judged),
        written: plan.written(arguments),
        remarks: place.remarks(arguments, &found, &settled, made.is_some()),
        contexts: made.map(|made| made.contexts).unwrap_or_default(),
        next: next(arguments, &place, &plan),
        by_hand: plan.shown(arguments),
    };
    Ok((Exit::Pass, page(&words)))
}

/// Today, and the day on which gates begin to block that observe.
fn days() -> (Date, Date) {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs());
    (Date::from_unix(now), Date::from_unix(now + DAYS * 86_400))
}

/// The folder and its repository.
struct Place {
    root: Root,
    repository: Repository,
}

impl Place {
    fn open(arguments: &Arguments) -> Result<Self, InitError> {
        let root = Root::new(&arguments.root).map_err(|e| InitError::Usage(format!("--root: {e}")))?;
        let Some(repository) = Repository::discover(root.path())? else {
            return Err(InitError::Usage(format!(
                "init: {} lies in no git repository, and gates judge changes: run `git init` and commit first",
                arguments.root.display()
            )));
        };
        if root.entry(FILE).is_ok_and(|entry| entry != Entry::Folder) && !arguments.force {
            let message = format!("init: {FILE} is there already and was left as it is; --force replaces it");
            return Err(InitError::Usage(message));
        }
        Ok(Self { root, repository })
    }

    fn is_top(&self) -> bool {
        self.repository.root_in_repository() == "."
    }

    /// A file of the folder, from the top of the repository.
    fn joined(&self, name: &str) -> String {
        if self.is_top() { name.to_owned() } else { format!("{}/{name}", self.repository.root_in_repository()) }
    }

    fn has(&self, path: &str) -> bool {
        std::fs::symlink_metadata(self.repository.top().join(path)).is_ok()
    }

    fn workflow(&self, arguments: &Arguments, found: &Found, settled: &Settled) -> Option<Workflow> {
        if !self.is_top() {
            return None;
        }
        let gates: Vec<_> = settled.file.gates.iter().map(|gate| gate.gate).collect();
        let upstream = self.repository.upstream();
        let upstream = upstream.as_ref().and_then(|(name, _)| name.split_once('/')).map(|(_, branch)| branch);
        workflow::workflow(arguments.workflow, found, &gates, upstream.or(self.repository.branch()))
    }

    /// What is to be known about the workflow.
    fn remarks(&self, arguments: &Arguments, found: &Found, settled: &Settled, made: bool) -> Vec<String> {
        let mut remarks = Vec::new();
        if settled.compares_with_base() {
            let how = match made {
                true => "the workflow keeps the numbers of the base branch from its first push on",
                false => "`tollgate check --write-base` writes the numbers that it means; commit them",
            };
            remarks.push(format!("`base`: {how}; until then such conditions warn"));
        }
        if !self.is_top() && arguments.workflow != WorkflowKind::None {
            remarks.push(
                "workflow and CODEOWNERS belong to the top of the repository, and were not written from a folder in it"
                    .to_owned(),
            );
        }
        if let Some(build) = found.builds.iter().find(|build| build.path.ends_with(".next/static")) {
            remarks.push(format!(
                "{} holds what all pages load together; a limit meant for one page is seldom met there: raise it, or \
                 count with encoding = \"gzip\"",
                build.path
            ));
        }
        if made {
            if arguments.workflow == WorkflowKind::Reusable {
                remarks.push("--workflow composite names the checks after the gates alone".to_owned());
            }
            let by_nobody: Vec<&str> = found
                .coverage
                .iter()
                .chain(&found.tests)
                .chain(&found.builds)
                .filter(|input| input.by == "it lies there")
                .map(|input| input.path.as_str())
                .collect();
            if let Some(first) = by_nobody.first() {
                let more =
                    if by_nobody.len() > 1 { format!(" and {} more", by_nobody.len() - 1) } else { String::new() };
                remarks
                    .push(format!("no command that writes {first}{more} was found: add it to `run` in the workflow"));
            }
            remarks.extend(workflow::left_out(found).map(|path| {
                format!("{path} is not in the workflow, for its name has characters that do not belong there")
            }));
        }
        remarks
    }
}

/// What is to be written, and what is only shown.
#[derive(Default)]
struct Planned {
    files: Vec<NewFile>,
    by_hand: Vec<(String, String)>,
}

impl Planned {
    /// A file, or its text to be shown where one is there that stays; `about` says so.
    fn add(&mut self, arguments: &Arguments, place: &Place, path: String, text: String, about: &str) {
        if place.has(&path) && !arguments.force {
            self.by_hand.push((format!("{about}:"), text));
        } else {
            self.files.push(NewFile { path, text, replaces: arguments.force });
        }
    }

    fn owners(&mut self, arguments: &Arguments, owners: Option<Owners>) {
        match owners {
            None | Some(Owners::There(_)) => {}
            Some(Owners::Missing { lines, file: None }) => {
                self.files.push(NewFile {
                    path: ".github/CODEOWNERS".to_owned(),
                    text: lines,
                    replaces: arguments.force,
                });
            }
            Some(Owners::Missing { lines, file: Some((path, _)) }) if !arguments.force => {
                self.by_hand.push((format!("{path} was left as it is; add:"), lines));
            }
            Some(Owners::Missing { lines, file: Some((path, text)) }) => {
                let gap = if text.is_empty() || text.ends_with('\n') { "\n" } else { "\n\n" };
                self.files.push(NewFile { path, text: format!("{text}{gap}{lines}"), replaces: true });
            }
        }
    }

    fn written(&self, arguments: &Arguments) -> (&'static str, Vec<String>) {
        let paths = self.files.iter().map(|file| file.path.clone()).collect();
        (if arguments.dry_run { "would be written" } else { "written" }, paths)
    }

    /// What is shown in full.
    fn shown(self, arguments: &Arguments) -> Vec<(String, String)> {
        let mut shown = self.by_hand;
        if arguments.dry_run {
            shown.extend(self.files.into_iter().map(|file| (format!("{}:", file.path), file.text)));
        }
        shown
    }
}

/// What stands at the top of the policy.
fn about(today: Date, file: &PolicyFile) -> Vec<String> {
    let mut about = vec![
        format!("Written by `tollgate init` on {today} from what it measured: the number beside each condition."),
        "What decides is read from the base branch, so no change can lower its own bar.".to_owned(),
    ];
    if file.gates.iter().any(|gate| gate.observe.is_some()) {
        about.push(
            "A gate of which not every goal holds yet observes until its day: it shows, and blocks nothing.".to_owned(),
        );
    }
    about
}

/// What a check says of the repository now.
fn verdict(run: &Run) -> String {
    let named = |verdict: Verdict| -> Vec<&str> {
        let gates = run.decision.gates.iter().filter(|gate| gate.verdict == verdict && gate.applies);
        gates.map(|gate| gate.name.as_str()).collect()
    };
    let beside: Vec<&str> =
        run.decision.gates.iter().filter(|gate| !gate.applies).map(|gate| gate.name.as_str()).collect();
    let parts =
        [Verdict::Unknown, Verdict::Fail, Verdict::Warn, Verdict::Pass].map(|verdict| (verdict, named(verdict)));
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(verdict, names)| format!("{verdict} {}", names.join(", ")))
        .collect();
    let beside = (!beside.is_empty()).then(|| format!("in workflows alone {}", beside.join(", ")));
    let parts: Vec<String> = parts.into_iter().chain(beside).collect();
    format!("{} (exit code {})", parts.join("; "), run.decision.exit().code())
}

fn next(arguments: &Arguments, place: &Place, plan: &Planned) -> Vec<String> {
    if arguments.dry_run {
        return vec!["tollgate init, without --dry-run".to_owned()];
    }
    let mut next = vec!["tollgate check".to_owned()];
    let paths: Vec<PathBuf> = plan.files.iter().map(|file| PathBuf::from(&file.path)).collect();
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let top = if place.is_top() { "" } else { " at the top of the repository" };
    next.push(format!("git add {}{top}, and open a pull request", paths.join(" ")));
    next
}
