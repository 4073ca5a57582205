//! The usual run: endpoints are asked, and what came of it becomes a report.

use std::fmt::Write as _;

use tollgate_check::{CheckError, Checker as _, Context};
use tollgate_input::Digest;
use tollgate_model::{
    Cause, Finding, Fingerprinter, Headline, Judgement, Location, Problem, Report, Status, Verdict, Word, format,
};

use crate::answer::{self, Answer};
use crate::course::{Course, Over};
use crate::duration;
use crate::endpoint::{Endpoint, Endpoints};
use crate::memory::Memory;
use crate::noise::Noise;
use crate::numbers::{self, State};
use crate::options::Statistic;
use crate::probe::{self, Measured};
use crate::setup::Setup;
use crate::summary::Summary;
use crate::{Latency, RULES, exhibits};

/// Most endpoints that have a line of their own at the head of a report.
const MOST_LINES: usize = 8;

/// One endpoint and everything that is known of it.
struct Asked<'a> {
    endpoint: &'a Endpoint,
    course: &'a Course,
    summary: Summary,
    /// The answer to each question of the course.
    answers: Vec<Answer>,
    /// That it fails too often.
    failing: Option<String>,
    state: State,
}

/// Asks `endpoints` and reports.
///
/// # Errors
/// What keeps the probe from running at all.
pub(crate) fn run(ctx: &Context<'_>, setup: &Setup, endpoints: &Endpoints) -> Result<Report, CheckError> {
    let memory = ctx.service().and_then(Result::ok).and_then(|service| service.group).and_then(Memory::watch);
    let measured = probe::run(ctx, setup, &endpoints.all)?;
    let mut report = ctx.report(Latency::NAME, Latency::VERSION, Word::OwnRun);
    report.metrics.extend(memory.iter().flat_map(numbers::of_memory));
    drop(memory);
    report.notes.extend(endpoints.notes.iter().cloned());
    report.problems = endpoints.problems.clone();
    let shots = measured.courses.iter().flat_map(|course| &course.shots);
    let unsent = measured.courses.iter().map(|course| course.unsent).sum();
    let noise = Noise::of(&measured.canary, shots, unsent);
    let mut asked: Vec<Asked<'_>> =
        endpoints.all.iter().zip(&measured.courses).map(|(e, course)| Asked::new(setup, e, course, &noise)).collect();
    record(ctx, &asked);
    asked.sort_by(|a, b| b.rank().cmp(&a.rank()).then_with(|| b.slowness().total_cmp(&a.slowness())));
    for one in &asked {
        report.metrics.extend(numbers::of_endpoint(one.endpoint, &one.summary));
        report.problems.extend(one.problem());
    }
    let limited = asked.iter().filter(|one| !one.endpoint.limits.is_empty());
    report.metrics.extend(numbers::beyond(numbers::OVER_LIMIT, limited.map(|one| (one.endpoint, one.state))));
    report.judgements = judgements(ctx, setup, &asked);
    report.findings = findings(&asked);
    let rows: Vec<exhibits::Row<'_>> = asked.iter().map(|one| (one.endpoint, one.course, &one.summary)).collect();
    if !rows.is_empty() {
        report.exhibits = exhibits::exhibits(&rows, measured.took);
        report.headline = Some(headline(setup, &asked, &measured));
        report.notes.extend(notes(ctx, &asked, &noise));
    }
    if measured.stopped {
        let message = "the measurement was interrupted; what is shown is what was measured until then";
        report.problems.push(Problem::new(Cause::Unfinished, message));
    }
    report.status = match (report.problems.is_empty(), asked.iter().all(|one| one.course.shots.is_empty())) {
        (true, _) => Status::Complete,
        (false, true) => Status::Empty,
        (false, false) => Status::Incomplete,
    };
    Ok(report)
}

impl<'a> Asked<'a> {
    fn new(setup: &Setup, endpoint: &'a Endpoint, course: &'a Course, noise: &Noise) -> Self {
        let outcomes = course.questions.iter().zip(course.outcomes());
        let answers: Vec<Answer> =
            outcomes.map(|(question, outcome)| Answer::of(endpoint, course, question, outcome, noise)).collect();
        let failing = Answer::of_errors(endpoint, course, setup.error_budget);
        let own = course.questions.iter().zip(&answers).filter(|(question, _)| question.target.is_none());
        let worst = own.map(|(_, answer)| answer.verdict).max();
        let state = match (worst, &failing) {
            (Some(Verdict::Fail), _) | (_, Some(_)) => State::Beyond,
            (Some(Verdict::Pass), None) => State::Within,
            _ => State::Open,
        };
        Self { endpoint, course, summary: Summary::of(&course.shots), answers, failing, state }
    }

    /// The worst comes first.
    fn rank(&self) -> (Option<Verdict>, bool) {
        (self.answers.iter().map(|answer| answer.verdict).max(), self.failing.is_some())
    }

    /// How much of its limit it takes, or how long it takes where it has none.
    fn slowness(&self) -> f64 {
        let share = |limit: &crate::endpoint::Limit| {
            self.summary.value(limit.statistic).map_or(f64::INFINITY, |value| value / limit.limit)
        };
        let worst = self.endpoint.limits.iter().map(share).max_by(f64::total_cmp);
        worst.or_else(|| self.summary.value(Statistic::P95)).unwrap_or(f64::INFINITY)
    }

    /// Why something about it is not known, where that is no matter of too few requests for a close call.
    fn problem(&self) -> Option<Problem> {
        let label = &self.endpoint.label;
        let problem = if let Some(because) = answer::silence(self.course) {
            let cause = match self.course.over {
                Some(Over::RateLimited { .. }) => Cause::NoPermission,
                _ => Cause::NoEvidence,
            };
            Problem::new(cause, format!("{label}: {because}"))
        } else {
            let unknown = |answer: &&Answer| answer.verdict == Verdict::Unknown && !answer.too_close;
            Problem::new(Cause::NoEvidence, self.answers.iter().find(unknown)?.message.clone())
        };
        Some(match &self.endpoint.location {
            Some(location) => problem.at(&location.path),
            None => problem,
        })
    }
}

/// What was examined: of each endpoint, every request with what came of it.
fn record(ctx: &Context<'_>, asked: &[Asked<'_>]) {
    for one in asked.iter().filter(|one| !one.course.shots.is_empty()) {
        let mut list = String::new();
        for shot in &one.course.shots {
            let _ = writeln!(list, "{:.6} {:.3} {:?}", shot.at, shot.latency_ms(), shot.seen);
        }
        let bytes = one.course.shots.iter().map(|shot| shot.bytes).sum();
        let digest = Digest { bytes, ..Digest::of(list.as_bytes()) };
        ctx.record("responses", &one.endpoint.label, digest, Some(one.summary.count()));
    }
}

/// The answer to each target that the tests can give.
fn judgements(ctx: &Context<'_>, setup: &Setup, asked: &[Asked<'_>]) -> Vec<Judgement> {
    let mut all = Vec::new();
    for (i, target) in ctx.targets().iter().enumerate() {
        let of = |one: &'_ Asked<'_>| {
            let position = one.course.questions.iter().position(|question| question.target == Some(i))?;
            one.answers.get(position).cloned()
        };
        let answers: Vec<Answer> = asked.iter().filter_map(of).collect();
        let Some(worst) = answers.iter().max_by_key(|answer| badness(answer)) else { continue };
        let message = match answers.len() {
            1 => worst.message.clone(),
            n => format!("{} (worst of {n} endpoints)", worst.message),
        };
        all.push(Judgement {
            target: target.clone(),
            verdict: worst.verdict,
            method: setup.method_name().to_owned(),
            n: worst.outcome.n,
            message,
            too_close: worst.too_close,
        });
    }
    all
}

/// The worst answer speaks for all. What is too close to tell stands below what fails, for a gate may take it for a warning.
fn badness(answer: &Answer) -> u8 {
    match (answer.verdict, answer.too_close) {
        (Verdict::Unknown, false) => 3,
        (Verdict::Fail, _) => 2,
        (Verdict::Unknown, true) => 1,
        _ => 0,
    }
}

fn findings(asked: &[Asked<'_>]) -> Vec<Finding> {
    let mut names = Fingerprinter::default();
    let mut all = Vec::new();
    for one in asked {
        let own = one.course.questions.iter().zip(&one.answers).filter(|(question, _)| question.target.is_none());
        for (question, answer) in own.filter(|(_, answer)| answer.verdict == Verdict::Fail) {
            let mut finding = finding(&mut names, "latency/over-limit", one.endpoint, &answer.message);
            let outcome = &answer.outcome;
            finding.properties.extend([
                ("statistic".to_owned(), question.statistic.name().into()),
                ("limit_ms".to_owned(), question.limit.into()),
                ("requests".to_owned(), outcome.n.into()),
                ("slow_or_failed".to_owned(), outcome.m.into()),
            ]);
            let e = [("e_pass", outcome.e_pass), ("e_fail", outcome.e_fail)];
            finding.properties.extend(e.map(|(name, value)| (name.to_owned(), format!("{value:.3e}").into())));
            if let Some([low, high]) = one.summary.interval(question.statistic) {
                finding.properties.insert("interval_ms".to_owned(), serde_json::json!([low, high]));
            }
            all.push(finding);
        }
        all.extend(one.failing.iter().map(|text| finding(&mut names, "latency/too-many-errors", one.endpoint, text)));
    }
    all
}

/// A finding about an endpoint, where it is written down.
pub(crate) fn finding(names: &mut Fingerprinter, rule: &str, endpoint: &Endpoint, message: &str) -> Finding {
    let path = endpoint.location.as_ref().map_or("", |location| location.path.as_str());
    let fingerprint = names.next(rule, path, &endpoint.label);
    let location = endpoint.location.clone().unwrap_or_else(|| Location::file(""));
    let mut finding = Finding::of(&RULES, rule, message, location, fingerprint);
    finding.location = endpoint.location.clone();
    finding.properties.insert("endpoint".to_owned(), endpoint.label.clone().into());
    finding
}

fn headline(setup: &Setup, asked: &[Asked<'_>], measured: &Measured) -> Headline {
    let requests: u64 = asked.iter().map(|one| one.summary.count()).sum();
    let took = format::milliseconds((measured.took.as_secs_f64() * 10.0).round() * 100.0);
    let endpoints = format::things(asked.len() as u64, "endpoint");
    let done = match requests {
        0 => "none measured".to_owned(),
        n => format!("{} in {took}", format::things(n, "request")),
    };
    let well =
        asked.iter().all(|one| one.state == State::Within && one.answers.iter().all(|a| a.verdict == Verdict::Pass));
    let worst = asked.first().filter(|_| well).map(|one| format!("; nearest to its limit {}", line(one)));
    let text = match well {
        true => format!("{endpoints} under every limit ({done}){}", worst.unwrap_or_default()),
        false if asked.iter().all(|one| one.course.questions.is_empty()) => {
            format!("{endpoints}, {done}; none has a limit: --p95 500ms gives them one")
        }
        false => format!("{endpoints}, {done}, {}", setup.method_name()),
    };
    let mut details: Vec<String> = Vec::new();
    if !well {
        details.extend(asked.iter().take(MOST_LINES).map(told));
        let more = asked.len().saturating_sub(MOST_LINES);
        details.extend((more > 0).then(|| format!("and {}", format::things(more as u64, "further endpoint"))));
    }
    Headline { text, details, news: false }
}

/// An endpoint that is not well, in the words of its worst answer.
fn told(one: &Asked<'_>) -> String {
    let bad = |answer: &&Answer| matches!(answer.verdict, Verdict::Fail | Verdict::Unknown);
    let worst = one.answers.iter().filter(bad).max_by_key(|answer| answer.verdict);
    // What never answered is told among the problems.
    let worst = worst.map(|answer| answer.message.clone()).filter(|_| answer::silence(one.course).is_none());
    worst.or_else(|| one.failing.clone()).unwrap_or_else(|| line(one))
}

/// An endpoint in one line.
fn line(one: &Asked<'_>) -> String {
    let value = |statistic: Statistic| match one.summary.value(statistic) {
        Some(ms) if ms.is_finite() => format!("{} {}", statistic.name(), duration::shown(ms)),
        Some(_) => format!("{} failed", statistic.name()),
        None => "no answer".to_owned(),
    };
    let label = &one.endpoint.label;
    match one.endpoint.limits.first() {
        _ if one.course.shots.is_empty() => format!("{label}: no answer"),
        Some(limit) => format!("{label}: {} of {}", value(limit.statistic), format::milliseconds(limit.limit)),
        None => format!("{label}: {}, {}", value(Statistic::P50), value(Statistic::P95)),
    }
}

fn notes(ctx: &Context<'_>, asked: &[Asked<'_>], noise: &Noise) -> Vec<String> {
    let mut notes = vec![noise.words()];
    if let Some(Ok(service)) = ctx.service()
        && let Some(start) = &service.start
    {
        notes.push(format!("the service was started by this run: {start}"));
    }
    let assumed = asked.iter().filter(|one| one.endpoint.limits.iter().any(|limit| limit.assumed)).count() as u64;
    if assumed > 0 {
        let endpoints = format::things(assumed, "endpoint");
        notes.push(format!("the limit of {endpoints} names no statistic, and is taken as one of p95"));
    }
    let passed = asked.iter().flat_map(|one| &one.answers).filter(|answer| answer.verdict == Verdict::Pass);
    let covered = passed.filter_map(|answer| answer.outcome.covered_spell_s).min_by(f64::total_cmp);
    if let Some(seconds) = covered {
        let spell = format::milliseconds((seconds * 1_000.0).round());
        notes.push(format!(
            "a pass would have seen slow spells that last {spell} or less in the mean; `spell` asks for longer ones"
        ));
    }
    notes
}
