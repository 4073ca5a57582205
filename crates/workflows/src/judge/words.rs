//! Sentences about what becomes of a check.

use crate::machine::seen::{Loss, LossKind};
use crate::machine::site::Link;

/// The rule that a loss belongs to.
pub(super) fn rule(kind: &LossKind) -> &'static str {
    match kind {
        LossKind::OrElse | LossKind::Branch | LossKind::Trap | LossKind::RunnerIgnores => "workflows/result-ignored",
        LossKind::Pipe => "workflows/pipe-hides-status",
        LossKind::Subshell(_) => "workflows/subshell-counter",
        LossKind::Muted(_) => "workflows/muted-tool",
        LossKind::NeverFails => "workflows/result-ignored",
        LossKind::StepContinues | LossKind::JobContinues => "workflows/continue-on-error",
        LossKind::AndList
        | LossKind::NoErrexit
        | LossKind::Substitution
        | LossKind::Declaration
        | LossKind::Background
        | LossKind::Negation
        | LossKind::Unread(_)
        | LossKind::FindExec => "workflows/status-unread",
    }
}

/// Why what was found changes nothing.
pub(super) fn loss(loss: &Loss) -> String {
    let at = place(&loss.link);
    match &loss.kind {
        LossKind::OrElse => format!("what stands behind `||` at {at} succeeds in its place"),
        LossKind::Branch => format!("no branch of the `if` at {at} fails"),
        LossKind::AndList => {
            format!("at {at} it stands before `&&`, where `set -e` does not hold, and the script goes on")
        }
        LossKind::NoErrexit => {
            format!("at {at} no `set -e` holds, and nothing reads the status before the next command")
        }
        LossKind::Pipe => format!("at {at} it stands before `|`, and without `pipefail` only the last command counts"),
        LossKind::Subshell(name) => {
            format!(
                "`{name}` is set in a subshell at {at} (a loop behind a pipe is one) and keeps its old value outside"
            )
        }
        LossKind::Unread(name) => format!("at {at} it is kept in `{name}`, which nothing reads that can fail"),
        LossKind::Trap => format!("`trap` at {at} ends the script with success whatever came before"),
        LossKind::RunnerIgnores => format!("at {at} the runner is told to pass over failures"),
        LossKind::Substitution => format!("at {at} it stands in `$( … )` among arguments, where its status is lost"),
        LossKind::Declaration => {
            format!("at {at} it stands in `$( … )` behind `local`, `export` or the like, whose own status is success")
        }
        LossKind::Background => format!("at {at} it is started with `&`, and nothing waits for its status"),
        LossKind::Negation => format!("at {at} it stands behind `!`, where `set -e` does not hold"),
        LossKind::FindExec => format!("at {at} `find -exec … ;` passes over the status of what it runs"),
        LossKind::Muted(flag) => format!("`{flag}` makes it succeed whatever it finds"),
        LossKind::NeverFails => "called like this it never ends with a failure for what it finds".to_owned(),
        LossKind::StepContinues => {
            format!("`continue-on-error` at {at} lets the job go on, and nothing that can fail reads the outcome")
        }
        LossKind::JobContinues => {
            format!(
                "`continue-on-error` of the job at {at} keeps the run green, and nothing that can fail reads the result"
            )
        }
    }
}

/// What else would still hide it, once the first is mended.
pub(super) fn also(losses: &[Loss], main: &Loss) -> String {
    let others: Vec<String> = losses
        .iter()
        .filter(|other| {
            *other != main && !matches!(other.kind, LossKind::Branch | LossKind::Unread(_) | LossKind::Negation)
        })
        .map(|other| match other.kind {
            LossKind::StepContinues | LossKind::JobContinues => format!("`continue-on-error` ({})", place(&other.link)),
            LossKind::OrElse => format!("`||` ({})", place(&other.link)),
            LossKind::Pipe => format!("the pipe ({})", place(&other.link)),
            _ => place(&other.link),
        })
        .collect();
    match others.as_slice() {
        [] => String::new(),
        [one] => format!(" Mending that alone is not enough: so does {one}"),
        many => format!(" Mending that alone is not enough: so do {}", many[..many.len().min(3)].join(", ")),
    }
}

/// `file:line`.
pub(super) fn place(link: &Link) -> String {
    format!("{}:{}", link.file, link.line)
}
