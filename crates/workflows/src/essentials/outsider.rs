//! Conditions, judged for somebody outside the repository: can they make it true?

use super::events::{carries, is_of_pull_request};
use super::flows::{path, read, texts};
use crate::expr::{Expr, Operator, Value, parse_condition};

/// What a condition is in a run that an outsider started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Truth {
    /// Never true.
    Never,
    /// True only after somebody inside did something: set a label, wrote a comment, was asked for a permission.
    Guarded,
    /// The outsider decides, or nobody does.
    Open,
    /// Always true.
    Always,
}

/// The run a condition is judged for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Run<'a> {
    /// The event that started it.
    pub(crate) event: &'a str,
    /// What the outsider brings: the object of the event that is theirs, as `github.event.comment`, or [`CODE`].
    pub(crate) theirs: &'static str,
}

/// What an outsider brings: the code of a pull request.
pub(crate) const CODE: &str = "github.event.pull_request";

/// The condition of a job or a step; none is always true.
pub(crate) fn condition(text: Option<&str>, run: Run<'_>) -> Truth {
    let Some(text) = text else { return Truth::Always };
    parse_condition(text).map_or(Truth::Open, |expr| judge(&expr, run))
}

fn judge(expr: &Expr, run: Run<'_>) -> Truth {
    match expr {
        Expr::Literal(value) => value.truth().map_or(Truth::Open, known),
        Expr::Context(segments) => truthy(&path(segments), run),
        Expr::Not(inner) => not(judge(inner, run)),
        Expr::Compare(Operator::Equal, a, b) => equal(a, b, run),
        // An output is as unknown when it must differ from something.
        Expr::Compare(Operator::NotEqual, a, b) => match equal(a, b, run) {
            Truth::Guarded if outputs(a) || outputs(b) => Truth::Guarded,
            equal => not(equal),
        },
        Expr::And(parts) => parts.iter().map(|p| judge(p, run)).min().unwrap_or(Truth::Open),
        Expr::Or(parts) => parts.iter().map(|p| judge(p, run)).max().unwrap_or(Truth::Open),
        Expr::Call { name, arguments } => call(&name.to_ascii_lowercase(), arguments, run),
        Expr::Index(inner, _) if outputs(inner) => Truth::Guarded,
        Expr::Index(..) | Expr::Compare(..) => Truth::Open,
        // A text around an expression is a text, and a text is true.
        Expr::Mixture(_) => Truth::Always,
    }
}

fn known(value: bool) -> Truth {
    if value { Truth::Always } else { Truth::Never }
}

fn not(truth: Truth) -> Truth {
    match truth {
        Truth::Never => Truth::Always,
        Truth::Always => Truth::Never,
        // What needs somebody inside is untrue without them.
        Truth::Guarded | Truth::Open => Truth::Open,
    }
}

/// A value alone.
fn truthy(path: &str, run: Run<'_>) -> Truth {
    if !carries(run.event, path) {
        return Truth::Never;
    }
    match kind(path) {
        Kind::Fork => Truth::Always,
        Kind::Merged | Kind::Label | Kind::Output => guard(path, run),
        _ if matches!(path, "github.event_name" | "github.event.pull_request" | "github.head_ref") => Truth::Always,
        _ => Truth::Open,
    }
}

/// What a path is to a guard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    EventName,
    /// The event of the run before a `workflow_run`.
    EventBefore,
    Action,
    Association,
    Fork,
    HeadRepository,
    Person,
    Merged,
    Label,
    Ref,
    Output,
    Anything,
}

fn kind(path: &str) -> Kind {
    let last = path.rsplit('.').next().unwrap_or_default();
    let head = path.contains(".head.repo.") || path.contains(".head_repository.") || path.contains(".head.user.");
    match path {
        "github.event_name" => Kind::EventName,
        "github.event.workflow_run.event" => Kind::EventBefore,
        "github.event.action" => Kind::Action,
        "github.ref" | "github.ref_type" => Kind::Ref,
        "github.actor" | "github.actor_id" | "github.triggering_actor" => Kind::Person,
        _ if head && last == "fork" => Kind::Fork,
        _ if head => Kind::HeadRepository,
        _ if last == "author_association" => Kind::Association,
        _ if path.contains(".user.") || path.contains(".sender.") || path.contains(".actor.") => Kind::Person,
        _ if path.ends_with(".pull_request.merged") => Kind::Merged,
        _ if path.contains(".label.") || path.contains(".labels") => Kind::Label,
        _ if is_output(path) => Kind::Output,
        _ => Kind::Anything,
    }
}

fn is_output(path: &str) -> bool {
    (path.starts_with("needs.") || path.starts_with("steps.")) && path.contains(".outputs.")
}

fn outputs(expr: &Expr) -> bool {
    read(expr).iter().any(|path| is_output(path))
}

/// A condition that the outsider does not meet: somebody inside may, unless it is about what the outsider brings.
fn guard(path: &str, run: Run<'_>) -> Truth {
    let about_theirs = path.strip_prefix(run.theirs).is_some_and(|rest| rest.starts_with('.'));
    if about_theirs && !matches!(kind(path), Kind::Label) { Truth::Never } else { Truth::Guarded }
}

fn equal(a: &Expr, b: &Expr, run: Run<'_>) -> Truth {
    use Expr::{Context, Literal};
    use Value::{Bool, String};
    match (a, b) {
        (Context(segments), Literal(String(text))) | (Literal(String(text)), Context(segments)) => {
            equal_text(&path(segments), text, run)
        }
        (Context(segments), Literal(Bool(value))) | (Literal(Bool(value)), Context(segments)) => {
            let truth = truthy(&path(segments), run);
            if *value { truth } else { not(truth) }
        }
        (Context(a), Context(b)) => equal_paths(&path(a), &path(b), run),
        (Literal(String(a)), Literal(String(b))) => known(a.eq_ignore_ascii_case(b)),
        _ if outputs(a) || outputs(b) => Truth::Guarded,
        _ => Truth::Open,
    }
}

fn equal_paths(a: &str, b: &str, run: Run<'_>) -> Truth {
    if [a, b].iter().any(|path| !carries(run.event, path)) {
        return Truth::Never;
    }
    match (kind(a), kind(b)) {
        (Kind::HeadRepository, Kind::HeadRepository) => Truth::Open,
        (Kind::HeadRepository, _) | (_, Kind::HeadRepository) => Truth::Never,
        (Kind::Person, _) => guard(a, run),
        (_, Kind::Person) => guard(b, run),
        _ if is_output(a) || is_output(b) => Truth::Guarded,
        _ => Truth::Open,
    }
}

fn equal_text(path: &str, text: &str, run: Run<'_>) -> Truth {
    if !carries(run.event, path) {
        return known(text.is_empty());
    }
    let text = text.to_lowercase();
    match kind(path) {
        Kind::EventName if run.event == "workflow_call" => Truth::Open,
        Kind::EventName => known(text == run.event),
        Kind::EventBefore if text == "pull_request" => Truth::Always,
        Kind::EventBefore if is_of_pull_request(&text) => Truth::Open,
        Kind::EventBefore | Kind::HeadRepository => Truth::Never,
        Kind::Action if matches!(text.as_str(), "labeled" | "assigned" | "milestoned") => Truth::Guarded,
        Kind::Association if matches!(text.as_str(), "owner" | "member" | "collaborator") => guard(path, run),
        Kind::Fork => known(text == "true"),
        Kind::Merged if text == "true" => guard(path, run),
        Kind::Person if !path.ends_with(".type") || text != "user" => guard(path, run),
        Kind::Ref if is_of_pull_request(run.event) && run.event != "pull_request_target" => {
            if text.starts_with("refs/pull") { Truth::Open } else { Truth::Never }
        }
        Kind::Label | Kind::Output => Truth::Guarded,
        _ => Truth::Open,
    }
}

fn call(name: &str, arguments: &[Expr], run: Run<'_>) -> Truth {
    let paths: Vec<_> = arguments.iter().flat_map(read).collect();
    let part_of = |text: &str| arguments.iter().flat_map(texts).any(|t| t.to_lowercase().contains(text));
    let has = |wanted: Kind| paths.iter().find(|path| kind(path) == wanted);
    match name {
        "always" | "success" => Truth::Always,
        "contains" | "startswith" | "endswith" => {
            if paths.iter().any(|path| !carries(run.event, path)) {
                Truth::Never
            } else if has(Kind::EventName).is_some() && run.event != "workflow_call" {
                event_name(name, arguments, run)
            } else if let Some(path) = has(Kind::Association) {
                if part_of("none") || part_of("contributor") { Truth::Open } else { guard(path, run) }
            } else if let Some(path) = has(Kind::Person) {
                guard(path, run)
            } else if has(Kind::Label).is_some() || has(Kind::Output).is_some() {
                Truth::Guarded
            } else {
                Truth::Open
            }
        }
        _ if has(Kind::Output).is_some() => Truth::Guarded,
        _ => Truth::Open,
    }
}

/// `contains` and its like about the event's name.
fn event_name(name: &str, arguments: &[Expr], run: Run<'_>) -> Truth {
    use Expr::{Call, Context, Literal};
    use Value::String;
    match arguments {
        [Context(_), Literal(String(part))] => {
            let part = part.to_lowercase();
            known(match name {
                "startswith" => run.event.starts_with(&part),
                "endswith" => run.event.ends_with(&part),
                _ => run.event.contains(&part),
            })
        }
        [Literal(String(whole)), Context(_)] => known(whole.to_lowercase().contains(run.event)),
        [Call { name, arguments }, Context(_)] if name.eq_ignore_ascii_case("fromjson") => match arguments.as_slice() {
            [Literal(String(list))] => known(list.to_lowercase().contains(&format!("\"{}\"", run.event))),
            _ => Truth::Open,
        },
        _ => Truth::Open,
    }
}

#[cfg(test)]
mod tests;
