//! One condition against the evidence.

mod compare;
mod overdue;

use tollgate_model::{
    Finding, Labels, Metric, Op, PLACES, Reason, Report, State, Status, Target, Unmeasured, Verdict, Word, format,
    series,
};

use self::compare::compared;
use crate::adoption::{self, WOULD_BLOCK};
use crate::base::BaseReports;
use crate::catalog::TARGET;
use crate::condition::{Condition, Limit, Selector, Subject};
use crate::decide::{Input, UNKNOWN};
use crate::policy::{Clause, Gate, TooClose};
use crate::scope::{Change, Scope};
use crate::select;
use crate::words::Bound;

/// What a condition comes to, before its gate's leniencies.
struct Outcome {
    verdict: Verdict,
    applies: bool,
    text: String,
    places: Vec<String>,
    more_places: u64,
    next: Option<String>,
    labels: Labels,
    /// How far the number is from its limit, in the direction that is bad.
    excess: f64,
    /// A stricter limit that the change and its base keep.
    tighter: Option<String>,
}

impl Outcome {
    fn new(verdict: Verdict, text: impl Into<String>) -> Self {
        Self {
            verdict,
            applies: true,
            text: text.into(),
            places: Vec::new(),
            more_places: 0,
            next: None,
            labels: Labels::new(),
            excess: 0.0,
            tighter: None,
        }
    }

    fn does_not_apply(because: &str) -> Self {
        Self { applies: false, ..Self::new(Verdict::Pass, because) }
    }

    fn next(self, next: impl Into<String>) -> Self {
        Self { next: Some(next.into()), ..self }
    }
}

/// The reason for one clause of `gate`.
pub(crate) fn reason(input: &Input<'_>, gate: &Gate, clause: &Clause) -> Reason {
    let owner = input.catalog.owner(&clause.condition);
    let reports: Vec<&Report> = input.reports.iter().filter(|r| Some(r.checker.as_str()) == owner).collect();
    let outcome = lenient(input, gate, clause, outcome(input, gate, clause, &reports));
    let mut places = outcome.places;
    let more_places = outcome.more_places.saturating_add(places.len().saturating_sub(PLACES) as u64);
    places.truncate(PLACES);
    Reason {
        condition: clause.text.clone(),
        checker: owner.map(str::to_owned),
        verdict: outcome.verdict,
        applies: outcome.applies,
        text: outcome.text,
        places,
        more_places,
        next: outcome.next,
        labels: outcome.labels,
        own_run: reports.iter().any(|r| r.subject.word == Word::OwnRun),
        tighter: outcome.tighter.filter(|_| outcome.verdict == Verdict::Pass),
    }
}

/// What the gate makes of an outcome: `warn`, adoption.
fn lenient(input: &Input<'_>, gate: &Gate, clause: &Clause, mut outcome: Outcome) -> Outcome {
    if outcome.verdict == Verdict::Fail && !clause.blocks {
        outcome.verdict = Verdict::Warn;
    }
    if outcome.verdict == Verdict::Fail
        && let Some(adopt) = gate.adopt.filter(|a| a.observes(input.today))
    {
        outcome.verdict = Verdict::Warn;
        outcome.text = format!("{}; {WOULD_BLOCK} {}", outcome.text, adopt.enforce_from);
    }
    outcome
}

fn outcome(input: &Input<'_>, gate: &Gate, clause: &Clause, reports: &[&Report]) -> Outcome {
    let condition = &clause.condition;
    let by_checker = || match &condition.subject {
        Subject::Metric(s) => {
            let instance = s.labels.get(TARGET).map(String::as_str);
            input.policy.excludes(input.catalog.owner_of(s), instance, input.change, input.event)
        }
        Subject::Overdue(_) | Subject::Relaxations | Subject::Step(_) | Subject::Need(_) => None,
    };
    let by_scope = |scope: &Scope| scope.excludes(input.change, input.event);
    let excluded = by_scope(&clause.scope).or_else(|| by_scope(&gate.scope)).or_else(by_checker);
    if let Some(because) = excluded {
        return Outcome::does_not_apply(&because);
    }
    match &condition.subject {
        Subject::Step(id) => ended("step", id, input.steps),
        Subject::Need(job) => ended("job", job, input.needs),
        Subject::Relaxations => Outcome::new(Verdict::Pass, "this change does not relax the policy"),
        Subject::Overdue(selector) => overdue::outcome(input, gate, condition, selector),
        Subject::Metric(selector) => measured(input, gate, condition, selector, reports),
    }
}

/// `steps.<id>` and `needs.<job>`: only success is success.
fn ended(kind: &str, id: &str, outcomes: Option<&std::collections::BTreeMap<String, String>>) -> Outcome {
    let Some(outcomes) = outcomes else {
        return Outcome::does_not_apply(&format!("outside a workflow there is no {kind} `{id}`"));
    };
    match outcomes.get(id).map(String::as_str) {
        Some("success") => Outcome::new(Verdict::Pass, format!("the {kind} `{id}` ended in success")),
        Some(other) => Outcome::new(Verdict::Fail, format!("the {kind} `{id}` ended in {other}, not in success")),
        None => {
            let text = format!("the workflow handed in no {kind} `{id}`");
            Outcome::new(Verdict::Unknown, text).next(format!("give the {kind} that id, or mend the condition"))
        }
    }
}

fn measured(
    input: &Input<'_>,
    gate: &Gate,
    condition: &Condition,
    selector: &Selector,
    reports: &[&Report],
) -> Outcome {
    let owner = input.catalog.owner_of(selector);
    let reports: Vec<&Report> = reports.iter().copied().filter(|r| select::is_meant(r, selector)).collect();
    let target = selector.labels.get(TARGET).map(String::as_str);
    let meant = |checker: &str, instance: Option<&str>| checker == owner && (target.is_none() || instance == target);
    if let Some(silent) = input.silent(meant) {
        return Outcome::new(Verdict::Unknown, format!("{selector} is not known: {silent} left no report"));
    }
    if reports.is_empty() {
        return match (input.is_configured(owner), gate.optional.iter().any(|o| o == owner)) {
            (false, true) => Outcome::does_not_apply(&format!("{owner} is optional here and not configured")),
            (false, false) => {
                Outcome::new(Verdict::Unknown, format!("{selector} is not known: {owner} is not configured"))
                    .next(format!("add [{owner}] to the configuration, or take the condition out"))
            }
            (true, _) => {
                let outcome = Outcome::new(Verdict::Unknown, format!("{selector} matched nothing"));
                Outcome { next: look(input, owner), ..outcome }
            }
        };
    }
    if let Some(because) = not_applicable(&reports, selector) {
        return Outcome::does_not_apply(&because);
    }
    let base = base_of(&(input.base)(owner), owner, &reports);
    let spec = input.catalog.metric(&selector.metric);
    let noun = spec.and_then(|m| m.noun);
    let lacking = spec.and_then(|m| m.option).filter(|option| input.unset.contains(*option));
    let of_change = input.catalog.of_change(selector);
    let series = selector.to_string();
    let lacking_change = match input.change {
        Change::NotYet(because) if of_change => Some(no_base_yet(&series, because)),
        Change::Unknown(because) if of_change => Some(no_change(&series, because)),
        _ => None,
    };
    let lacking_base = match &base {
        BaseReports::NotYet(because) if condition.needs_base() => Some(no_base_yet(&series, because)),
        BaseReports::Unknown(because) if condition.needs_base() => Some(no_base(&series, because)),
        _ => None,
    };
    let look = look(input, owner);
    let evidence = Evidence { reports: &reports, base: &base, selector, owner, lacking, gate, look };
    let outcome = match lacking_change.or(lacking_base) {
        Some(lacking) => lacking,
        None if selector.counts_findings() => evidence.counted(condition),
        None => evidence.series(condition, noun),
    };
    only_complete_reports_pass(outcome, &reports, selector, owner)
}

/// The base of all `reports`: what one of them cannot be compared with, none is.
fn base_of<'a>(base: &BaseReports<'a>, owner: &str, reports: &[&Report]) -> BaseReports<'a> {
    let rank = |base: &BaseReports<'_>| match base {
        BaseReports::Known(_) => 0,
        BaseReports::NotYet(_) => 1,
        BaseReports::Unknown(_) => 2,
    };
    let bases = reports.iter().map(|report| base.of(owner, report));
    bases.max_by_key(rank).unwrap_or_else(|| BaseReports::NotYet(format!("{owner} left no report")))
}

/// The proof that the selector does not concern this change, where every report has one.
fn not_applicable(reports: &[&Report], selector: &Selector) -> Option<String> {
    let labels = selector.labels.iter().filter(|(label, _)| *label != TARGET);
    let series = series(&selector.metric, &labels.map(|(l, v)| (l.clone(), v.clone())).collect());
    let proof = |report: &&Report| {
        let mut proofs = report.not_applicable.iter().filter(|n| n.what == selector.metric || n.what == series);
        proofs.next().map(|n| n.because.clone())
    };
    let proofs: Option<Vec<String>> = reports.iter().map(proof).collect();
    proofs?.into_iter().next()
}

fn no_base_yet(what: &str, because: &str) -> Outcome {
    Outcome::new(Verdict::Warn, format!("{what} has no base yet: {because}"))
}

fn no_base(what: &str, because: &str) -> Outcome {
    Outcome::new(Verdict::Unknown, format!("{what} has a base that could not be read: {because}"))
}

fn no_change(what: &str, because: &str) -> Outcome {
    let text = format!("{what} is not known, for nobody could tell what this change touches: {because}");
    Outcome::new(Verdict::Unknown, text)
        .next("check it in its git repository, and name the commit to compare with: --base REV")
}

/// A report that is not complete can make a condition fail, never pass.
fn only_complete_reports_pass(outcome: Outcome, reports: &[&Report], selector: &Selector, owner: &str) -> Outcome {
    if outcome.verdict == Verdict::Fail || reports.iter().all(|r| r.status == Status::Complete) {
        return outcome;
    }
    let mut problems = reports.iter().flat_map(|r| &r.problems);
    let because = match problems.next() {
        Some(problem) => problem.message.clone(),
        None => format!("{owner} examined nothing"),
    };
    let more = match problems.count() as u64 {
        0 => String::new(),
        n => format!(" (and {})", format::things(n, "further problem")),
    };
    Outcome::new(Verdict::Unknown, format!("{selector}{UNKNOWN}{because}{more}"))
}

/// The command that shows everything a checker or a source has to say.
fn look(input: &Input<'_>, owner: &str) -> Option<String> {
    let arguments = input.again?;
    Some(match input.catalog.is_source(owner) {
        true => format!("tollgate check{arguments} --only {owner} -v"),
        false => format!("tollgate {owner}{arguments} -v"),
    })
}

/// What there is to judge a selector by.
struct Evidence<'a> {
    reports: &'a [&'a Report],
    base: &'a BaseReports<'a>,
    selector: &'a Selector,
    /// The checker that reports it.
    owner: &'a str,
    /// The option without which it is never reported, where nobody set it.
    lacking: Option<&'a str>,
    gate: &'a Gate,
    /// The command that shows everything the checker has to say.
    look: Option<String>,
}

impl Evidence<'_> {
    /// A count of findings.
    fn counted(&self, condition: &Condition) -> Outcome {
        let found = select::findings(self.reports, self.selector);
        let place = |f: &&Finding| f.location.as_ref().map(ToString::to_string);
        let places = found.iter().filter_map(place);
        let metric = Metric::count(&self.selector.metric, found.len() as u64).places(places);
        let metric = Metric { labels: self.selector.labels.clone(), ..metric };
        let wanted = matches!(condition.limit, Limit::Base { .. }) || condition.op == Op::Le;
        let before = (wanted && matches!(self.base, BaseReports::Known(_))).then(|| self.counted_before());
        self.compared(condition, &metric, before.as_ref(), Some("finding"))
    }

    /// The same count at the base, of whatever state.
    fn counted_before(&self) -> Metric {
        let BaseReports::Known(reports) = self.base else { return Metric::count(&self.selector.metric, 0) };
        let mut selector = self.selector.clone();
        selector.labels.remove("state");
        let reports: Vec<&Report> = reports.iter().collect();
        let found = select::findings(&reports, &selector);
        let counted = found.iter().filter(|f| f.state != Some(State::Absent)).count();
        Metric::count(&self.selector.metric, counted as u64)
    }

    /// Every series that the selector means; the worst speaks for all.
    fn series(&self, condition: &Condition, noun: Option<&str>) -> Outcome {
        let judge = |report: &Report, metric: &Metric| {
            let judged = judged(self.gate, report, condition, metric);
            judged.unwrap_or_else(|| self.compared(condition, metric, self.before(metric), noun))
        };
        let of_report =
            |report: &&Report| select::metrics(report, self.selector).into_iter().map(|m| judge(report, m)).collect();
        let mut outcomes: Vec<Outcome> = self.reports.iter().flat_map::<Vec<Outcome>, _>(of_report).collect();
        let count = outcomes.len();
        // Worst first; of equal verdicts the farthest off; of equal distances the first by name.
        outcomes.sort_by(|a, b| {
            let distance = b.excess.total_cmp(&a.excess);
            b.verdict.cmp(&a.verdict).then(distance).then_with(|| a.text.cmp(&b.text))
        });
        let Some(mut worst) = outcomes.into_iter().next() else {
            if let Some(option) = self.lacking {
                let because = format!("{} reports it only where {option} is set", self.owner);
                let (section, key) = option.split_once('.').unwrap_or((self.owner, option));
                return Outcome::new(Verdict::Unknown, format!("{}{UNKNOWN}{because}", self.selector))
                    .next(format!("set `{key}` in [{section}], or take the condition out"));
            }
            if let Some(Unmeasured { because, next, .. }) = self.unmeasured() {
                return Outcome::new(Verdict::Unknown, format!("{}{UNKNOWN}{because}", self.selector)).next(next);
            }
            let what = if self.selector.labels.is_empty() { "reported no such number" } else { "matched nothing" };
            let outcome = Outcome::new(Verdict::Unknown, format!("{} {what}", self.selector));
            return Outcome { next: self.look.clone(), ..outcome };
        };
        if count > 1 {
            worst.text.push_str(&format!(" (worst of {count})"));
            worst.tighter = None;
        }
        worst
    }

    /// Why no report tells it.
    fn unmeasured(&self) -> Option<&Unmeasured> {
        self.reports.iter().flat_map(|report| &report.unmeasured).find(|one| one.what == self.selector.metric)
    }

    fn before(&self, metric: &Metric) -> Option<&Metric> {
        let BaseReports::Known(reports) = self.base else { return None };
        reports.iter().flat_map(|r| &r.metrics).find(|m| m.name == metric.name && m.labels == metric.labels)
    }

    /// One number against its bound, and where to look.
    fn compared(&self, condition: &Condition, metric: &Metric, before: Option<&Metric>, noun: Option<&str>) -> Outcome {
        let Some(bound) = Bound::new(&condition.limit, before) else {
            return no_base_yet(&metric.series(), "the base does not report it");
        };
        if condition.needs_base() && before.is_some_and(Metric::is_upper_bound) {
            return no_base(
                &metric.series(),
                "it was known to lie below an upper bound only; run the base again with this condition",
            );
        }
        let outcome = compared(self.gate, metric, condition.op, &bound, noun);
        let next = self.look.clone().filter(|_| outcome.verdict != Verdict::Pass);
        let tighter = before.and_then(|before| adoption::tighter(condition, [metric, before]));
        Outcome { next, tighter, ..outcome }
    }
}

/// The checker's own sequential test of exactly this target, if it made one.
fn judged(gate: &Gate, report: &Report, condition: &Condition, metric: &Metric) -> Option<Outcome> {
    let wanted: Target = condition.target(metric.unit)?;
    let judgement = report.judgements.iter().find(|j| j.target.asks_as(&wanted))?;
    let text = format!("{} ({}, n = {})", judgement.message, judgement.method, format::count(judgement.n));
    let excused = judgement.verdict == Verdict::Unknown && judgement.too_close && gate.too_close == TooClose::Warn;
    let mut outcome = match excused {
        true => Outcome::new(Verdict::Warn, format!("{text}; not proven")),
        false => Outcome::new(judgement.verdict, text),
    };
    outcome.labels = metric.labels.clone();
    (outcome.places, outcome.more_places) = (metric.places.clone(), metric.more_places);
    Some(outcome)
}
