//! One condition against the evidence.

use tollgate_model::{Finding, Labels, Metric, Op, Reason, Report, State, Status, Target, Unit, Verdict, Word, format};

use crate::base::BaseReports;
use crate::condition::{Condition, Limit, Selector, Subject};
use crate::decide::Input;
use crate::number::Number;
use crate::policy::{Clause, Gate, TooClose};
use crate::scope::Change;
use crate::select;
use crate::words::{self, Bound};

/// Most places that a reason names.
const MOST_PLACES: usize = 5;

/// What a condition comes to, before its gate's leniencies.
struct Outcome {
    verdict: Verdict,
    applies: bool,
    text: String,
    places: Vec<String>,
    next: Option<String>,
    labels: Labels,
    /// Unknown only because the number cannot be told from its limit.
    too_close: bool,
}

impl Outcome {
    fn new(verdict: Verdict, text: impl Into<String>) -> Self {
        let labels = Labels::new();
        Self { verdict, applies: true, text: text.into(), places: Vec::new(), next: None, labels, too_close: false }
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
    let owner = clause.condition.owner();
    let reports: Vec<&Report> = input.reports.iter().filter(|r| Some(r.checker.as_str()) == owner).collect();
    let outcome = outcome(input, gate, clause, &reports);
    let outcome = lenient(input, gate, clause, outcome);
    let mut places = outcome.places;
    places.truncate(MOST_PLACES);
    Reason {
        condition: clause.text.clone(),
        checker: owner.map(str::to_owned),
        verdict: outcome.verdict,
        applies: outcome.applies,
        text: outcome.text,
        places,
        next: outcome.next,
        labels: outcome.labels,
        own_run: reports.iter().any(|r| r.subject.word == Word::OwnRun),
    }
}

/// What the gate makes of an outcome: `too_close`, `warn`, adoption.
fn lenient(input: &Input<'_>, gate: &Gate, clause: &Clause, mut outcome: Outcome) -> Outcome {
    if outcome.too_close && gate.too_close == TooClose::Warn {
        outcome.verdict = Verdict::Warn;
        outcome.text.push_str("; not proven");
    }
    if outcome.verdict == Verdict::Fail && !clause.blocks {
        outcome.verdict = Verdict::Warn;
    }
    if outcome.verdict == Verdict::Fail
        && let Some(adopt) = gate.adopt.filter(|a| a.observes(input.today))
    {
        outcome.verdict = Verdict::Warn;
        outcome.text = format!("{}; would block from {}", outcome.text, adopt.enforce_from);
    }
    outcome
}

fn outcome(input: &Input<'_>, gate: &Gate, clause: &Clause, reports: &[&Report]) -> Outcome {
    let condition = &clause.condition;
    let owner_scope = condition.owner().and_then(|owner| input.policy.checker_scopes.get(owner));
    let scopes = [Some(&clause.scope), Some(&gate.scope), owner_scope].into_iter().flatten();
    for scope in scopes {
        if let Some(because) = scope.excludes(input.change, input.event) {
            return Outcome::does_not_apply(&because);
        }
    }
    match &condition.subject {
        Subject::Step(id) => ended("step", id, input.steps),
        Subject::Need(job) => ended("job", job, input.needs),
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
    let owner = selector.owner();
    let Some(first) = reports.first() else {
        return match (input.configured.contains(owner), gate.optional.iter().any(|o| o == owner)) {
            (false, true) => Outcome::does_not_apply(&format!("{owner} is optional here and not configured")),
            (false, false) => {
                Outcome::new(Verdict::Unknown, format!("{selector} is not known: {owner} is not configured"))
                    .next(format!("add [{owner}] to the configuration, or take the condition out"))
            }
            (true, _) => Outcome::new(Verdict::Unknown, format!("{selector} is not known: {owner} left no report")),
        };
    };
    if let Some(because) = not_applicable(reports, selector) {
        return Outcome::does_not_apply(&because);
    }
    let base = (input.base)(owner).of(owner, first);
    let spec = input.catalog.metric(&selector.metric);
    let of_change = spec.is_some_and(|m| m.of_change);
    let series = selector.to_string();
    let lacking_change = match input.change {
        Change::NotYet(because) if of_change => Some(no_base_yet(&series, because)),
        Change::Unknown(because) if of_change => Some(no_change(&series, because)),
        _ => None,
    };
    let lacking_base = match &base {
        BaseReports::NotYet(because) if condition.needs_base() => Some(no_base_yet(&series, because)),
        BaseReports::Unknown(because) if condition.needs_base() => {
            let text = format!("{series} has a base that could not be read: {because}");
            Some(Outcome::new(Verdict::Unknown, text))
        }
        _ => None,
    };
    let evidence = Evidence { reports, base: &base, selector, again: input.again };
    let outcome = match lacking_change.or(lacking_base) {
        Some(lacking) => lacking,
        None if selector.counts_findings() => evidence.counted(condition),
        None => evidence.series(condition, spec.and_then(|m| m.noun), gate),
    };
    only_complete_reports_pass(outcome, reports, selector)
}

/// The proof that the selector does not concern this change, where every report has one.
fn not_applicable(reports: &[&Report], selector: &Selector) -> Option<String> {
    let series = selector.to_string();
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

fn no_change(what: &str, because: &str) -> Outcome {
    let text = format!("{what} is not known, for nobody could tell what this change touches: {because}");
    Outcome::new(Verdict::Unknown, text).next("name the commit to compare with: --base REV")
}

/// A report that is not complete can make a condition fail, never pass.
fn only_complete_reports_pass(outcome: Outcome, reports: &[&Report], selector: &Selector) -> Outcome {
    if outcome.verdict == Verdict::Fail || reports.iter().all(|r| r.status == Status::Complete) {
        return outcome;
    }
    let mut problems = reports.iter().flat_map(|r| &r.problems);
    let because = match problems.next() {
        Some(problem) => problem.message.clone(),
        None => format!("{} examined nothing", selector.owner()),
    };
    let more = match problems.count() as u64 {
        0 => String::new(),
        n => format!(" (and {})", format::things(n, "further problem")),
    };
    Outcome::new(Verdict::Unknown, format!("{selector} is not known: {because}{more}"))
}

/// What there is to judge a selector by.
struct Evidence<'a> {
    reports: &'a [&'a Report],
    base: &'a BaseReports<'a>,
    selector: &'a Selector,
    again: &'a str,
}

impl Evidence<'_> {
    /// The command that shows everything the checker has to say.
    fn look(&self) -> String {
        format!("tollgate {}{} -v", self.selector.owner(), self.again)
    }

    /// A count of findings.
    fn counted(&self, condition: &Condition) -> Outcome {
        let found = select::findings(self.reports, self.selector);
        let place = |f: &&Finding| f.location.as_ref().map(ToString::to_string);
        let places = found.iter().filter_map(place).take(MOST_PLACES).collect();
        let metric = Metric::count(&self.selector.metric, found.len() as u64).places(places);
        let metric = Metric { labels: self.selector.labels.clone(), ..metric };
        let before = matches!(condition.limit, Limit::Base { .. }).then(|| self.counted_before());
        self.compared(condition, &metric, before.as_ref(), Some("finding"), None)
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
    fn series(&self, condition: &Condition, noun: Option<&str>, gate: &Gate) -> Outcome {
        let series = select::metrics(self.reports, self.selector);
        if series.is_empty() {
            let what = if self.selector.labels.is_empty() { "reported no such number" } else { "matched nothing" };
            let text = format!("{} {what}", self.selector);
            return Outcome::new(Verdict::Unknown, text).next(self.look());
        }
        let judge = |metric: &&Metric| {
            let before = self.before(metric);
            self.compared(condition, metric, before, noun, gate.warn_at.as_ref())
        };
        let outcomes: Vec<Outcome> = series.iter().map(judge).collect();
        let count = outcomes.len();
        // The last of the worst would depend on the order of reports; the first by name does not.
        let worst = outcomes.into_iter().reduce(|a, b| match a.verdict.cmp(&b.verdict) {
            std::cmp::Ordering::Less => b,
            _ => a,
        });
        let mut worst = worst.unwrap_or_else(|| Outcome::new(Verdict::Unknown, "nothing was matched"));
        if count > 1 {
            worst.text.push_str(&format!(" (worst of {count})"));
        }
        worst
    }

    fn before(&self, metric: &Metric) -> Option<&Metric> {
        let BaseReports::Known(reports) = self.base else { return None };
        reports.iter().flat_map(|r| &r.metrics).find(|m| m.name == metric.name && m.labels == metric.labels)
    }

    /// One number against its bound.
    fn compared(
        &self,
        condition: &Condition,
        metric: &Metric,
        before: Option<&Metric>,
        noun: Option<&str>,
        warn_at: Option<&crate::Quantity>,
    ) -> Outcome {
        if let Some(judged) = self.judged(condition, metric) {
            return judged;
        }
        let Some(bound) = Bound::new(&condition.limit, before) else {
            return no_base_yet(&metric.series(), "the base does not report it");
        };
        let (op, value) = (condition.op, Number::of(metric));
        let said = format!("{} is {}", metric.series(), words::value(metric));
        let holds = |number: Number| op.holds(number.cmp(&bound.number));
        let (low, high) = match metric.interval {
            Some([low, high]) => (Number::from_f64(low), Number::from_f64(high)),
            None => (value, value),
        };
        let (verdict, too_close, text) = match (certain(op, low, high, &bound), metric.interval) {
            (Some(true), _) => match warn_at.filter(|at| op_is_upper(op) && reaches(value, &bound, at)) {
                Some(at) => {
                    let text = format!("{said}: above {} of its limit, {}", at.words(), bound.words);
                    (Verdict::Warn, false, text)
                }
                None => (Verdict::Pass, false, format!("{said}: {}", words::demand(op, &bound))),
            },
            (Some(false), None) => {
                let distance = words::distance(metric, op, &bound, noun);
                (Verdict::Fail, false, format!("{said}: {distance}"))
            }
            (Some(false), Some([low, high])) => {
                let range = range(low, high, metric.unit);
                (Verdict::Fail, false, format!("{said}, at best {range}: {}", words::demand(op, &bound)))
            }
            (None, interval) => {
                let [low, high] = interval.unwrap_or([metric.value; 2]);
                let side = if holds(value) { "holds" } else { "does not hold" };
                let range = range(low, high, metric.unit);
                let text = format!(
                    "{said}, but lies anywhere from {range}: {} {side} for the first, not for the whole range",
                    words::demand(op, &bound)
                );
                (Verdict::Unknown, true, text)
            }
        };
        let mut outcome = Outcome::new(verdict, text);
        outcome.too_close = too_close;
        outcome.labels = metric.labels.clone();
        if verdict != Verdict::Pass {
            outcome.places = metric.places.clone();
            outcome.next = Some(self.look());
        }
        outcome
    }

    /// The checker's own sequential test of exactly this target, if it made one.
    fn judged(&self, condition: &Condition, metric: &Metric) -> Option<Outcome> {
        let wanted: Target = condition.target(metric.unit)?;
        let judgement = self.reports.iter().flat_map(|r| &r.judgements).find(|j| j.target == wanted)?;
        let text = format!("{} ({}, n = {})", judgement.message, judgement.method, format::count(judgement.n));
        let mut outcome = Outcome::new(judgement.verdict, text);
        outcome.labels = metric.labels.clone();
        outcome.places = metric.places.clone();
        Some(outcome)
    }
}

/// Whether every value from `low` to `high` satisfies the bound, or none does; none where some do.
fn certain(op: Op, low: Number, high: Number, bound: &Bound) -> Option<bool> {
    let at = |number: Number| op.holds(number.cmp(&bound.number));
    let inside = low <= bound.number && bound.number <= high;
    match op {
        // Equality with a point inside a wider range holds for that point only.
        Op::Eq | Op::Ne if inside && low != high => None,
        _ if at(low) == at(high) => Some(at(low)),
        _ => None,
    }
}

fn op_is_upper(op: Op) -> bool {
    matches!(op, Op::Le | Op::Lt)
}

/// Whether `value` is at or above `share` percent of a bound that is more than nothing.
fn reaches(value: Number, bound: &Bound, share: &crate::Quantity) -> bool {
    bound.number.is_positive() && value >= bound.number.by(share.number).times(1, 100)
}

fn range(low: f64, high: f64, unit: Unit) -> String {
    // Outwards, so that the range shown holds the range meant.
    let (low, high) = match unit {
        Unit::Percent => ((low * 100.0).floor() / 100.0, (high * 100.0).ceil() / 100.0),
        _ => (low, high),
    };
    format!("{} to {}", format::value(low, unit), format::value(high, unit))
}
