//! What the machine notices on its way.

use std::collections::BTreeSet;
use std::rc::Rc;

use tollgate_model::Confidence;

use super::site::Link;
use crate::expr::Taint;

/// A check that was reached.
#[derive(Clone, Debug)]
pub(crate) struct CheckSeen {
    /// What people call the tool, or the script it is known by.
    pub(crate) tool: Rc<str>,
    /// What kind of check: `tests`, `lint`, ….
    pub(crate) kind: Rc<str>,
    /// The command as it is written.
    pub(crate) command: Rc<str>,
    /// From the workflow to the command.
    pub(crate) chain: Vec<Link>,
    /// How sure it is that this is a check.
    pub(crate) confidence: Confidence,
    /// The flag by which it ends with success whatever it finds.
    pub(crate) muted: Option<Rc<str>>,
    /// The flag by which nothing examined is a pass.
    pub(crate) empty: Option<Rc<str>>,
    /// Whether it fails on what it finds at all.
    pub(crate) can_fail: bool,
    /// The program, as `command -v` would ask for it.
    pub(crate) program: Rc<str>,
    /// How the tool ends, where that is not what people expect.
    pub(crate) note: Option<Rc<str>>,
    /// Packages that bring the program.
    pub(crate) brought_by: Vec<String>,
    /// Whether its result becomes a status of its own on the commit.
    pub(crate) own_status: bool,
    /// Packages that a task runner runs it in.
    pub(crate) covers: Vec<String>,
    /// Packages that the task runner was asked about too, and that have no such script.
    pub(crate) uncovered: Vec<String>,
}

/// Where what a check found gets lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loss {
    /// How.
    pub(crate) kind: LossKind,
    /// Where.
    pub(crate) link: Link,
}

/// How what a check found gets lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LossKind {
    /// `check || something that succeeds`.
    OrElse,
    /// `if check; then …` without a branch that fails.
    Branch,
    /// `check && more` in the middle of a script: `set -e` does not hold there.
    AndList,
    /// Without `set -e` the next command goes on.
    NoErrexit,
    /// `check | more` without `pipefail`.
    Pipe,
    /// A variable set in a subshell.
    Subshell(Rc<str>),
    /// Kept in a variable that nothing reads which can fail.
    Unread(Rc<str>),
    /// `trap 'exit 0' EXIT`.
    Trap,
    /// The runner was told to go on: `make -i`.
    RunnerIgnores,
    /// `echo "$(check)"`.
    Substitution,
    /// `local X=$(check)`.
    Declaration,
    /// `check &`.
    Background,
    /// `! check` in the middle of a script.
    Negation,
    /// `find -exec check {} \;`.
    FindExec,
    /// A flag or input that makes it succeed.
    Muted(Rc<str>),
    /// It fails only with a flag or input that is not there.
    NeverFails,
    /// `continue-on-error` of the step.
    StepContinues,
    /// `continue-on-error` of the job.
    JobContinues,
}

/// A script that nobody defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// What was called: `script test:ci`.
    pub(crate) what: String,
    /// Where it was looked for.
    pub(crate) looked_in: Vec<String>,
    /// A name that is there and much alike.
    pub(crate) near: Option<String>,
    /// Whether the runner says nothing.
    pub(crate) silent: bool,
    /// From the workflow to the command.
    pub(crate) chain: Vec<Link>,
    /// Whether its name, or the step's, is a check's.
    pub(crate) like_check: bool,
}

/// A script named like a check in which nothing is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hollow {
    /// The script's name.
    pub(crate) name: String,
    /// What it does instead.
    pub(crate) text: String,
    /// From the workflow to the script.
    pub(crate) chain: Vec<Link>,
}

/// What is noticed about one step.
#[derive(Clone, Debug, Default)]
pub(crate) struct StepFacts {
    /// Where the step can end with a failure of its own making: `exit 1`, `false`; and what that depends on, on the paths
    /// that were taken.
    pub(crate) verdicts: Vec<(Link, Taint)>,
    /// What the choice of the paths that lead to verdicts depends on.
    pub(crate) path: Taint,
    /// Comparisons whose outcome was known beforehand though they name a variable; with the text compared.
    pub(crate) constants: Vec<(Link, bool)>,
    /// Programs that do something which cannot be looked into.
    pub(crate) programs: BTreeSet<Rc<str>>,
    /// Lines that print something.
    pub(crate) prints: Vec<Link>,
    /// Files that are read and that nobody is known to have written: path, and where it is read.
    pub(crate) unfed: Vec<(Rc<str>, Link)>,
    /// Files whose whole content the script wrote by hand.
    pub(crate) by_hand: Vec<(Rc<str>, Link)>,
    /// Quoted here-documents that hold what looks like an expansion.
    pub(crate) unexpanded: Vec<Link>,
    /// A default that stands for what was not found: where, and how.
    pub(crate) defaults: Vec<Link>,
    /// Comparisons of numbers of which one may be empty or no number.
    pub(crate) not_numbers: Vec<Link>,
    /// Files that were asked for and are not there: path and place of the question.
    pub(crate) file_tests: Vec<(Rc<str>, Link)>,
}
