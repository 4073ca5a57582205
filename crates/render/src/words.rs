//! Sentences that several formats share. They hold foreign text as it is; each format escapes them.

use tollgate_model::{GateDecision, Problem, Reason, Relaxed, Report, Run, Status, Verdict, Word, format};

use crate::escape;
use crate::layout::{names, width};

/// The sign that stands before every verdict.
pub(crate) fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓",
        Verdict::Warn => "!",
        Verdict::Fail => "✗",
        Verdict::Unknown => "?",
    }
}

/// Sign and word.
pub(crate) fn signed(verdict: Verdict) -> String {
    format!("{} {}", sign(verdict), verdict.word())
}

/// What was decided, without sign and verdict: `1 of 3 gates fails (Tests); 2 pass`. In at most about `columns`: gates
/// that do not fit are counted.
pub(crate) fn headline(run: &Run, columns: usize) -> String {
    let gates: Vec<&GateDecision> = run.decision.gates.iter().filter(|gate| gate.judged).collect();
    if gates.is_empty() {
        return "no gate was judged".to_owned();
    }
    if run.decision.verdict == Verdict::Pass {
        return all_pass(&gates, columns);
    }
    let groups: Vec<(Verdict, Vec<&str>)> = [Verdict::Unknown, Verdict::Fail, Verdict::Warn, Verdict::Pass]
        .map(|verdict| {
            let group = gates.iter().filter(|gate| gate.verdict == verdict);
            (verdict, group.map(|gate| gate.name.as_str()).collect())
        })
        .into_iter()
        .filter(|(_, group): &(_, Vec<&str>)| !group.is_empty())
        .collect();
    let unfinished: Vec<&str> = match groups.first() {
        Some((Verdict::Unknown, _)) => Vec::new(),
        _ => run.decision.unfinished.iter().map(String::as_str).collect(),
    };
    let unfinished =
        (!unfinished.is_empty()).then(|| format!("{} did not see everything", names(&unfinished, columns / 3)));
    // Once without names, to see how much room they have.
    let sentence = |which: &dyn Fn(&[&str]) -> String| {
        let counts = groups.iter().enumerate().map(|(i, (verdict, group))| {
            let of = if i == 0 { format!(" of {}", format::things(gates.len() as u64, "gate")) } else { String::new() };
            let which = if *verdict == Verdict::Pass { String::new() } else { format!(" ({})", which(group)) };
            format!("{}{of} {}{which}", group.len(), verb(*verdict, group.len()))
        });
        unfinished.iter().cloned().chain(counts).collect::<Vec<_>>().join("; ")
    };
    let open = groups.iter().filter(|(verdict, _)| *verdict != Verdict::Pass).count().max(1);
    let room = columns.saturating_sub(width(&sentence(&|_| String::new()))) / open;
    sentence(&|group| names(group, room))
}

fn verb(verdict: Verdict, count: usize) -> &'static str {
    match (verdict, count) {
        (Verdict::Unknown, 1) => "is unknown",
        (Verdict::Unknown, _) => "are unknown",
        (Verdict::Fail, 1) => "fails",
        (Verdict::Fail, _) => "fail",
        (Verdict::Warn, 1) => "warns",
        (Verdict::Warn, _) => "warn",
        (Verdict::Pass, 1) => "passes",
        (Verdict::Pass, _) => "pass",
    }
}

fn all_pass(gates: &[&GateDecision], columns: usize) -> String {
    let hold = match gates.iter().map(|gate| holding(gate)).sum() {
        0 => "no condition applies".to_owned(),
        1 => "1 condition holds".to_owned(),
        count => format!("{} hold", format::things(count, "condition")),
    };
    let count = format::things(gates.len() as u64, "gate");
    let which: Vec<&str> = gates.iter().map(|gate| gate.name.as_str()).collect();
    let room = columns.saturating_sub(width(&count) + width(&hold) + 5);
    format!("{count} ({}), {hold}", names(&which, room))
}

/// How many conditions of the gate apply and hold.
pub(crate) fn holding(gate: &GateDecision) -> u64 {
    gate.reasons.iter().filter(|reason| reason.applies && reason.verdict == Verdict::Pass).count() as u64
}

/// `3 other conditions hold`, `1 condition holds`.
pub(crate) fn conditions_hold(count: u64, other: bool) -> String {
    let what = if other { "other condition" } else { "condition" };
    format!("{} {}", format::things(count, what), if count == 1 { "holds" } else { "hold" })
}

/// How many places there are beyond the first `shown`.
pub(crate) fn more_places(reason: &Reason, shown: usize) -> u64 {
    reason.more_places.saturating_add(reason.places.len().saturating_sub(shown) as u64)
}

/// Judged conditions that do not hold, or are not known to.
pub(crate) fn open(gate: &GateDecision) -> impl Iterator<Item = &Reason> {
    gate.reasons.iter().filter(|reason| reason.applies && reason.verdict != Verdict::Pass)
}

/// The same of one gate by why they do not, in order: `a == 0, b == 0 do not apply: it is a local run`.
pub(crate) fn sparing(gate: &GateDecision) -> Vec<String> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for reason in gate.reasons.iter().filter(|reason| !reason.applies) {
        match groups.iter_mut().find(|(text, _)| *text == reason.text) {
            Some((_, conditions)) => conditions.push(&reason.condition),
            None => groups.push((&reason.text, vec![&reason.condition])),
        }
    }
    let sentence = |(text, conditions): (&str, Vec<&str>)| {
        let verb = if conditions.len() == 1 { "does" } else { "do" };
        format!("{} {verb} not apply: {text}", conditions.join(", "))
    };
    groups.into_iter().map(sentence).collect()
}

/// What to do about a reason; an unknown without a next step says at least whose answer is awaited.
pub(crate) fn next(run: &Run, reason: &Reason) -> Option<String> {
    if reason.next.is_some() || reason.verdict != Verdict::Unknown {
        return reason.next.clone();
    }
    let named = |checker: &String| run.reports.iter().any(|r| r.checker == *checker && !r.problems.is_empty());
    let read = |checker: &String| run.reports.iter().any(|r| r.checker == *checker && !r.evidence.is_empty());
    Some(match (&reason.checker, reason.own_run) {
        (Some(checker), true) if named(checker) => "mend that, then check again".to_owned(),
        (Some(checker), true) if read(checker) => format!("run `tollgate {checker} -v` to see what it looked at"),
        (Some(checker), true) => {
            format!("give {checker} something to read, then check again; only the change's own run can tell")
        }
        (Some(checker), false) if named(checker) => format!("{checker} can tell, once that is mended"),
        (Some(checker), false) => format!("run `tollgate {checker} -v` to see what it looked at"),
        (None, _) => format!("the owner of {} can tell what is awaited", run.subject.policy),
    })
}

/// What the verdict rests on, in at most `columns` where that is possible: commit, base, inputs, whose word.
pub(crate) fn rests_on(run: &Run, columns: usize) -> String {
    let subject = &run.subject;
    let commit = subject.commit.as_deref().map_or("no commit".to_owned(), |id| format!("commit {}", short(id)));
    let uncommitted = match subject.uncommitted {
        None | Some(0) => String::new(),
        Some(count) => format!(" + {} uncommitted", format::count(count)),
    };
    let base = subject.base.as_deref().map_or("no base".to_owned(), |id| format!("base {}", short(id)));
    let changed = subject.changed_files.map(|count| format!(" ({})", format::things(count, "changed file")));
    let inputs = format::things(run.reports.iter().map(|report| report.evidence.len() as u64).sum(), "input");
    let own: Vec<String> = run.reports.iter().filter(|r| r.subject.word == Word::OwnRun).map(name).collect();
    let own_names = escape::terminal(&own.join(", ")).into_owned();
    let words = match own.len() {
        0 => ["read from the tree".to_owned(), "from the tree".to_owned(), "tree".to_owned()],
        count => [
            format!("reported by the change's own run: {own_names}"),
            format!("own run: {own_names}"),
            format!("own run: {count} of {}", run.reports.len()),
        ],
    };
    let facts = format!("{commit}{uncommitted}, {base}");
    let candidates = [
        format!("{facts}{}, {inputs}; {}", changed.unwrap_or_default(), words[0]),
        format!("{facts}, {inputs}; {}", words[0]),
        format!("{facts}, {inputs}; {}", words[1]),
    ];
    let fits = candidates.into_iter().find(|text| width(text) <= columns);
    fits.unwrap_or_else(|| format!("{facts}, {inputs}; {}", words[2]))
}

/// The first digits of a commit or digest.
pub(crate) fn short(hex: &str) -> String {
    hex.chars().take(8).collect()
}

/// Checker and instance: `bundle`, `bundle web`.
pub(crate) fn name(report: &Report) -> String {
    match &report.instance {
        Some(instance) => format!("{} {instance}", report.checker),
        None => report.checker.clone(),
    }
}

/// How far a checker came, for people.
pub(crate) fn status(report: &Report) -> &'static str {
    match report.status {
        Status::Complete => "saw everything",
        Status::Incomplete => "did not see everything",
        Status::Empty => "saw nothing",
    }
}

/// On whose word a report rests, for people.
pub(crate) fn word(report: &Report) -> &'static str {
    match report.subject.word {
        Word::Tree => "read from the tree",
        Word::OwnRun => "reported by the change's own run",
    }
}

/// `missing: coverage/lcov.info: it is not there`, the path only where the message does not name it.
pub(crate) fn problem(problem: &Problem) -> String {
    let path = problem.path.as_deref().filter(|path| !problem.message.contains(path));
    match path {
        Some(path) => format!("{}: {path}: {}", problem.cause.word(), problem.message),
        None => format!("{}: {}", problem.cause.word(), problem.message),
    }
}

/// Problems of the report that no reason shown has already told word for word; none where they do not concern the change.
pub(crate) fn untold<'a>(run: &'a Run, report: &'a Report) -> impl Iterator<Item = &'a Problem> {
    let concern = run.decision.unfinished.contains(&report.checker).then_some(&report.problems);
    concern.into_iter().flatten().filter(|problem| {
        let gates = run.decision.gates.iter().filter(|gate| gate.judged);
        !gates.flat_map(open).any(|reason| reason.text.contains(&problem.message))
    })
}

/// What stands above the list of what a change would relax.
pub(crate) const RELAXES: &str = "This change relaxes the policy";

/// One thing that the change would relax, with the gate it concerns and who approved it.
pub(crate) fn relaxed(one: &Relaxed) -> String {
    let gate = one.gate.as_ref().map_or("every gate".to_owned(), Clone::clone);
    let approved = one.approved_by.as_ref().map(|by| format!(" (approved by {by})")).unwrap_or_default();
    format!("{gate}: {}{approved}", one.text)
}
