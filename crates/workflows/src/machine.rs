//! Scripts run without running anything.
//!
//! The machine follows a script on every path that it can take. Programs are not started: what they print and whether they
//! fail is unknown, or, for the check under trial, assumed (see [`Trial`]). Values carry what they depend on
//! ([`Taint`](crate::expr::Taint)), so that a failure can be told to be due to that check. The shell's own rules are kept:
//! `set -e` and where it does not hold, pipes and `pipefail`, subshells and what is lost in them, functions, `$?`.
//!
//! What cannot be told is taken to be able to fail on account of the check: a check is called ignored only where no path at
//! all leads from it to a failure.

mod arithmetic;
mod builtins;
mod commands;
mod conditions;
mod filters;
mod flow;
mod jq;
mod programs;
pub(crate) mod seen;
pub(crate) mod site;
pub(crate) mod state;
mod unwrap;
pub(crate) mod value;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use self::flow::Flow;
use self::seen::{CheckSeen, Hollow, Loss, LossKind, Missing, StepFacts};
use self::site::{Frame, Link};
use self::state::State;
use self::value::{CHECK, Status, Value};
use crate::shell::ast::Script;
use crate::world::World;

/// How many paths are followed side by side: while there is plenty left to run, and later.
const PATHS: (usize, usize) = (12, 2);

/// How many statements one trial may run.
const FUEL: u32 = 20_000;

/// How deep scripts may call each other.
const DEEPEST: usize = 12;

/// What is assumed of the programs that scripts run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trial {
    /// All of them do their work and find nothing.
    Nothing,
    /// This check finds something bad.
    Finds(Rc<str>),
    /// This check fails, whatever its flags say of that.
    Fails(Rc<str>),
    /// This check does not work: it fails, prints this, and writes no report.
    Breaks(Rc<str>, &'static str),
    /// This program is not installed.
    Absent(Rc<str>),
    /// Files that nobody is known to have written are not there.
    Unfed,
}

impl Trial {
    /// The check that is tried.
    pub(crate) fn subject(&self) -> Option<&str> {
        match self {
            Self::Finds(key) | Self::Fails(key) | Self::Breaks(key, _) => Some(key),
            Self::Nothing | Self::Absent(_) | Self::Unfed => None,
        }
    }
}

/// Runs scripts under one assumption.
pub(crate) struct Machine<'a> {
    world: &'a World<'a>,
    trial: Trial,
    frame: Frame,
    chain: Vec<Link>,
    fuel: u32,
    /// How deep functions, texts and programs lie within each other.
    calls: usize,
    /// How much of the chain is local actions.
    base: usize,
    /// Where in the step's own script the command stands that led here.
    top: Option<usize>,
    /// The tool that was tried last.
    last_tried: Option<Rc<str>>,
    /// Name of the tool whose failure is being answered by another attempt.
    retried: Option<Rc<str>>,
    /// What programs before may have made or fetched.
    made: Vec<String>,
    /// Whether files of other repositories or archives may lie about.
    foreign_tree: bool,
    /// Checks that were reached, by key.
    pub(crate) seen: BTreeMap<Rc<str>, CheckSeen>,
    /// Where the check's failure got lost, in the order in which it did.
    pub(crate) losses: Vec<Loss>,
    /// Whether what a command says on its second output goes where its first one goes.
    errors_join: bool,
    /// Whether the check under trial was reached.
    reached: bool,
    /// Whether a check that may write files of any name has failed to do its work.
    broke: bool,
    /// How often a check was reached.
    checks: usize,
    /// How often something was run that is more than printing.
    work: usize,
    /// Where what ran last stands.
    last: Link,
    /// Whether what ran last judges what it reads by its status: `grep`, `jq -e`, `[`.
    judges: bool,
    /// The script that a task runner runs in several packages: its checks are one.
    group: Option<Rc<str>>,
    /// Scripts that nobody defines.
    pub(crate) missing: Vec<Missing>,
    /// Scripts named like checks that do nothing.
    pub(crate) hollow: Vec<Hollow>,
    /// Programs that scripts ask about before they use them.
    pub(crate) asked: BTreeSet<Rc<str>>,
    /// What is noticed about the step that runs.
    pub(crate) facts: StepFacts,
    /// Whether every unknown program of the step counts as a check, since the step is named like one.
    pub(crate) named_like_check: bool,
    /// What stands before keys: which job and step.
    pub(crate) prefix: String,
}

/// How a script ended, on one path.
pub(crate) struct End {
    /// Where the run stands then.
    pub(crate) state: State,
    /// Its exit status.
    pub(crate) status: Status,
}

impl<'a> Machine<'a> {
    /// A machine that assumes `trial`.
    pub(crate) fn new(world: &'a World<'a>, trial: Trial) -> Self {
        Self {
            world,
            trial,
            frame: Frame::default(),
            chain: Vec::new(),
            fuel: FUEL,
            calls: 0,
            base: 0,
            top: None,
            last_tried: None,
            retried: None,
            made: Vec::new(),
            foreign_tree: false,
            seen: BTreeMap::new(),
            losses: Vec::new(),
            errors_join: false,
            reached: false,
            broke: false,
            checks: 0,
            work: 0,
            last: Link { file: "".into(), line: 1, text: "".into() },
            judges: false,
            group: None,
            missing: Vec::new(),
            hollow: Vec::new(),
            asked: BTreeSet::new(),
            facts: StepFacts::default(),
            named_like_check: false,
            prefix: String::new(),
        }
    }

    /// Gives the machine what it needs for another step.
    pub(crate) fn refuel(&mut self) {
        self.fuel = FUEL;
    }

    /// Whether half of what may be run is used up, so that from here on less is told apart.
    pub(crate) fn hurries(&self) -> bool {
        self.fuel < FUEL / 2
    }

    /// How many paths are followed side by side.
    pub(crate) fn most_paths(&self) -> usize {
        if self.hurries() { PATHS.1 } else { PATHS.0 }
    }

    /// Goes into a local action, from `link`.
    pub(crate) fn enter(&mut self, link: Link) {
        self.chain.push(link);
        self.base += 1;
    }

    /// Comes back from it.
    pub(crate) fn leave_action(&mut self) {
        self.chain.pop();
        self.base = self.base.saturating_sub(1);
    }

    /// How much was run that is more than printing.
    pub(crate) fn work(&self) -> usize {
        self.work
    }

    /// Whether the check under trial was reached.
    pub(crate) fn has_tried(&self) -> bool {
        self.reached
    }

    /// Notes something that is named like a check and in which nothing is checked.
    pub(crate) fn note_nothing(&mut self, name: &str, text: &str, link: Link) {
        let hollow = Hollow { name: name.to_owned(), text: text.to_owned(), chain: vec![link] };
        if self.trial == Trial::Nothing && !self.hollow.contains(&hollow) {
            self.hollow.push(hollow);
        }
    }

    /// Notes that files which are not the repository's may lie about.
    pub(crate) fn fetched(&mut self) {
        self.foreign_tree = true;
    }

    /// Notes a checkout of another repository, or to another place.
    pub(crate) fn fetched_elsewhere(&mut self, inputs: &[(String, String)]) {
        self.foreign_tree |=
            inputs.iter().any(|(name, _)| matches!(name.as_str(), "repository" | "ref" | "path" | "submodules"));
    }

    /// What is assumed.
    pub(crate) fn trial(&self) -> &Trial {
        &self.trial
    }

    /// Cuts the run short.
    pub(crate) fn exhaust(&mut self) {
        self.fuel = 0;
    }

    /// Whether the run was cut short, so that nothing follows from what was not seen.
    pub(crate) fn exhausted(&self) -> bool {
        self.fuel == 0
    }

    /// Runs a script from every one of `states` to its ends.
    pub(crate) fn run(&mut self, script: &Script, frame: Frame, states: Vec<State>) -> Vec<End> {
        let outer = std::mem::replace(&mut self.frame, frame);
        let ended = self.block(&script.body, states, false);
        let trap = std::mem::replace(&mut self.frame, outer).trap;
        let mut ends: Vec<End> = ended.into_iter().map(|(state, flow)| end(state, flow)).collect();
        // `trap 'exit 0' EXIT` has the last word.
        if let Some((_, link)) =
            trap.filter(|(action, _)| action.split([';', '\n', '&']).any(|part| part.trim() == "exit 0"))
        {
            for end in &mut ends {
                if end.status.fails_by_check() {
                    self.lose(LossKind::Trap, link.clone());
                }
                end.status = Status::OK.tainted(end.status.taint);
            }
        }
        ends
    }

    /// The same for a script that another one calls, from `link`.
    fn call(&mut self, script: &Script, frame: Frame, state: State, link: Link) -> Vec<End> {
        if self.chain.len() >= DEEPEST {
            self.work += 1;
            return vec![End { state, status: Status::either(CHECK) }];
        }
        self.chain.push(link);
        let ends = self.run(script, frame, vec![state]);
        self.chain.pop();
        ends
    }

    /// Notes that what the check found is lost here.
    pub(crate) fn lose(&mut self, kind: LossKind, link: Link) {
        let loss = Loss { kind, link };
        if !matches!(self.trial, Trial::Nothing | Trial::Unfed) && !self.losses.contains(&loss) {
            self.losses.push(loss);
        }
    }

    /// Where the byte `at` of the script that runs stands.
    fn link(&self, at: usize) -> Link {
        self.frame.link(at)
    }

    /// The scripts that led here, the place `at` last.
    fn chain_to(&self, at: usize) -> Vec<Link> {
        let mut chain = self.chain.clone();
        chain.push(self.link(at));
        chain
    }
}

fn end(state: State, flow: Flow) -> End {
    let control = state.control;
    let status = match flow {
        Flow::Exit(status) | Flow::Return(status) => status,
        Flow::Next | Flow::Break(_) | Flow::Continue(_) => {
            // Where a script ends by itself, only what it ran last counts, not the branches it went through.
            state.status
        }
    };
    End { status: status.tainted(control), state }
}

/// Whether a program looks at something or carries it about, and judges nothing.
pub(crate) fn is_utility(name: &str) -> bool {
    programs::UTILITIES.contains(&name) || programs::CARRIERS.contains(&name)
}

/// The variables that the runner sets and scripts write to.
pub(crate) fn magic_variables() -> BTreeMap<Rc<str>, Value> {
    let magic = [
        ("GITHUB_OUTPUT", commands::OUTPUT),
        ("GITHUB_ENV", commands::ENV),
        ("GITHUB_STEP_SUMMARY", commands::SUMMARY),
        ("GITHUB_PATH", commands::PATH),
        ("GITHUB_WORKSPACE", "/github/workspace"),
        ("CI", "true"),
        ("GITHUB_ACTIONS", "true"),
    ];
    magic.into_iter().map(|(name, text)| (Rc::from(name), Value::known(text))).collect()
}

/// One value after another with blanks between.
fn joined(values: &[Value]) -> Value {
    let mut all = Value::known("");
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            all.push(&Value::known(" "));
        }
        all.push(value);
    }
    all
}
