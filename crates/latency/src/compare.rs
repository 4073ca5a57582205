//! Head against base: each request is sent to both, one after the other in random order, so that whatever slows the machine slows
//! both. The test is that of everything else, on "the head was slower by more than is allowed" against a half.

use std::rc::Rc;
use std::time::{Duration, Instant};

use tollgate_check::{CheckError, Checker as _, Context};
use tollgate_http::{Client, Request};
use tollgate_input::Digest;
use tollgate_model::{
    Cause, Cell, Column, Exhibit, ExhibitData, Fingerprinter, Headline, Judgement, Metric, NotApplicable, Problem,
    Report, Status, Verdict, Word, format,
};

use crate::drive::{self, Event, Next};
use crate::endpoint::{Endpoint, Endpoints};
use crate::engine::random::Random;
use crate::engine::{Decision, Observation, Says, Test, quantile};
use crate::measure::finding;
use crate::numbers::{self, State};
use crate::schedule::{Arrival, Lane, Schedule};
use crate::setup::Setup;
use crate::shot::{self, Seen, Shot};
use crate::{Latency, probe};

/// The same request to both.
#[derive(Clone, Debug)]
struct Pair {
    head: Shot,
    base: Shot,
}

/// What comes of one endpoint.
struct Course {
    endpoint: Endpoint,
    test: Test,
    pairs: Vec<Pair>,
    /// Pairs of which the base had no right answer.
    skipped: u64,
    limited: bool,
}

impl Course {
    fn is_over(&self) -> bool {
        self.limited || self.test.decision() != Decision::Open
    }

    fn take(&mut self, setup: &Setup, pair: Pair) {
        let limited = |shot: &Shot| matches!(shot.seen, Seen::Limited { .. });
        if limited(&pair.head) || limited(&pair.base) {
            self.limited = true;
            return;
        }
        if !pair.base.is_good() {
            self.skipped += 1;
            return;
        }
        let slow = !pair.head.is_good() || pair.head.latency_ms() > setup.tolerance.above(pair.base.latency_ms());
        self.test.observe(Observation { at_s: pair.head.at, slow });
        self.pairs.push(pair);
    }
}

/// Asks both and reports.
///
/// # Errors
/// An address that makes no sense, or what keeps the probe from running at all.
pub(crate) fn run(ctx: &Context<'_>, setup: &Setup, base: &str, endpoints: &Endpoints) -> Result<Report, CheckError> {
    let runtime = probe::runtime()?;
    let bases: Vec<Endpoint> = endpoints.all.iter().map(|e| elsewhere(e, base)).collect::<Result<_, _>>()?;
    let mut courses: Vec<Course> = endpoints.all.iter().map(|endpoint| course(setup, endpoint)).collect();
    let (started, mut stopped) = (Instant::now(), false);
    runtime.block_on(async {
        let client = probe::client(setup.client.clone())?;
        let pairs: Rc<Vec<[Endpoint; 2]>> =
            Rc::new(endpoints.all.iter().cloned().zip(bases).map(|(head, base)| [head, base]).collect());
        let warm_up = async {
            for _ in 0..setup.warm_up {
                for pair in pairs.iter() {
                    ask(&client, pair, 0.0, false, setup.timeout).await;
                }
            }
        };
        if drive::unless(|| ctx.stopped(), warm_up).await.is_none() {
            stopped = true;
            return Ok(());
        }
        let lanes = endpoints.all.iter().map(|e| Lane::new(e.per_minute, setup.most, setup.warm_up)).collect();
        let schedule = Schedule::new(lanes, setup.total_rate, setup.each_rate, setup.seed);
        let coins = Rc::new(std::cell::RefCell::new(Random::new(setup.seed ^ 0x5851_f42d_4c95_7f2d)));
        let shoot = |arrival: Arrival, _due: Instant| {
            let (client, pairs, head_first) = (client.clone(), Rc::clone(&pairs), coins.borrow_mut().coin());
            let timeout = setup.timeout;
            async move { ask(&client, &pairs[arrival.lane], arrival.at, head_first, timeout).await }
        };
        drive::drive(schedule, setup.duration, shoot, |clock, event| {
            let next = match event {
                Event::Due(arrival, _) if courses[arrival.lane].is_over() => Next::Skip,
                Event::Came(arrival, pair) => {
                    courses[arrival.lane].take(setup, pair);
                    Next::Go
                }
                Event::Due(..) | Event::Tick => Next::Go,
                Event::Unsent(_) => Next::Skip,
            };
            for (lane, _) in courses.iter().enumerate().filter(|(_, course)| course.is_over()) {
                clock.finish(lane);
            }
            stopped |= ctx.stopped();
            if stopped { Next::Stop } else { next }
        })
        .await;
        Ok::<(), CheckError>(())
    })?;
    Ok(report(ctx, setup, endpoints, &courses, stopped, started.elapsed()))
}

fn course(setup: &Setup, endpoint: &Endpoint) -> Course {
    let test = Test::new(setup.plan_of(0.5));
    Course { endpoint: endpoint.clone(), test, pairs: Vec::new(), skipped: 0, limited: false }
}

/// The same endpoint of the service at `base`.
fn elsewhere(endpoint: &Endpoint, base: &str) -> Result<Endpoint, CheckError> {
    let wrong = |message: String| CheckError::option("latency.against", message);
    let given = Request::new("GET", base).map_err(|e| wrong(e.to_string()))?.url;
    let mut url = endpoint.request.url.clone();
    let moved = url.set_scheme(given.scheme()).is_ok()
        && url.set_host(given.host_str()).is_ok()
        && url.set_port(given.port()).is_ok();
    if !moved {
        return Err(wrong(format!("{base} cannot stand in place of {}", endpoint.label)));
    }
    url.set_path(&format!("{}{}", given.path().trim_end_matches('/'), url.path()));
    let mut moved = endpoint.clone();
    moved.request.url = url;
    Ok(moved)
}

/// Asks both, one after the other.
async fn ask(client: &Client, pair: &[Endpoint; 2], at: f64, head_first: bool, timeout: Duration) -> Pair {
    let fire = async |endpoint: &Endpoint| shot::fire(client, endpoint, at, Instant::now(), timeout).await;
    let [head, base] = pair;
    match head_first {
        true => {
            let head = fire(head).await;
            Pair { head, base: fire(base).await }
        }
        false => {
            let base = fire(base).await;
            Pair { head: fire(head).await, base }
        }
    }
}

fn report(
    ctx: &Context<'_>,
    setup: &Setup,
    endpoints: &Endpoints,
    courses: &[Course],
    stopped: bool,
    took: Duration,
) -> Report {
    let mut report = ctx.report(Latency::NAME, Latency::VERSION, Word::OwnRun);
    report.problems = endpoints.problems.clone();
    report.notes = endpoints.notes.clone();
    if stopped {
        let message = "the comparison was interrupted; what is shown is what was measured until then";
        report.problems.push(Problem::new(Cause::Unfinished, message));
    }
    let mut names = Fingerprinter::default();
    let (mut states, mut details, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for course in courses {
        let (state, text) = answer(setup, course);
        record(ctx, course);
        if let Some(problem) = problem(course) {
            report.problems.push(problem);
        }
        if state == State::Beyond {
            report.findings.push(finding(&mut names, "latency/regressed", &course.endpoint, &text));
        }
        let outcome = course.test.finish();
        let label = |metric: Metric| {
            let critical = course.endpoint.critical.to_string();
            metric.label("endpoint", &course.endpoint.label).label("critical", critical)
        };
        report.metrics.extend(Metric::ratio("latency.slower", outcome.m, outcome.n).map(label));
        report.metrics.push(label(Metric::count("latency.requests", course.pairs.len() as u64)));
        rows.push(row(course));
        states.push((&course.endpoint, state));
        details.push(text);
    }
    report.metrics.extend(numbers::beyond(numbers::REGRESSED, states.iter().copied()));
    // Of limits nothing is known; a gate on them must not take that for a pass, save where there is none to ask about.
    let limited = states.iter().filter(|(endpoint, _)| !endpoint.limits.is_empty());
    report.metrics.extend(numbers::beyond(numbers::OVER_LIMIT, limited.map(|(endpoint, _)| (*endpoint, State::Open))));
    if endpoints.all.iter().all(|endpoint| endpoint.limits.is_empty()) {
        let because = "with `against` answers are compared with the base's, and no endpoint has a limit";
        let what = numbers::OVER_LIMIT.to_owned();
        report.not_applicable.push(NotApplicable { what, because: because.to_owned() });
    }
    report.judgements = judgements(ctx, setup, courses);
    report.exhibits.push(table(rows));
    let pairs: u64 = courses.iter().map(|course| course.pairs.len() as u64).sum();
    let took = format::milliseconds((took.as_secs_f64() * 10.0).round() * 100.0);
    let endpoints = format::things(courses.len() as u64, "endpoint");
    let text = format!("{endpoints} against the base, {} in {took}", format::things(pairs, "pair"));
    report.headline = Some(Headline { text, details, news: false });
    report.status = if report.problems.is_empty() { Status::Complete } else { Status::Incomplete };
    report
}

/// What became of an endpoint, and the sentence that says so.
fn answer(setup: &Setup, course: &Course) -> (State, String) {
    let outcome = course.test.finish();
    let allowed = setup.tolerance.words();
    let slow =
        format!("{} of {} slower by more than {allowed}", format::count(outcome.m), format::things(outcome.n, "pair"));
    let label = &course.endpoint.label;
    let ratio = middle(course).map(|ratio| format!(", in the middle {} times the base", format::decimal(ratio)));
    let ratio = ratio.unwrap_or_default();
    match outcome.says {
        Says::Pass => (State::Within, format!("{label} is not slower than the base: {slow}{ratio}")),
        Says::Fail => (State::Beyond, format!("{label} is slower than the base: {slow}{ratio}")),
        Says::TooShort | Says::Uncovered => {
            (State::Open, format!("{label} against the base is not known: it was measured for too short a time"))
        }
        Says::TooClose => (State::Open, format!("{label} against the base is too close to tell: {slow}{ratio}")),
        Says::TooFew { least } => {
            let least = format::things(least, "pair");
            (State::Open, format!("{label} against the base is not known: {slow}, and it takes {least}"))
        }
    }
}

/// The median of head over base.
fn middle(course: &Course) -> Option<f64> {
    let ratio = |pair: &Pair| pair.head.latency_ms() / pair.base.latency_ms().max(1e-6);
    let mut all: Vec<f64> = course.pairs.iter().filter(|pair| pair.head.is_good()).map(ratio).collect();
    all.sort_by(f64::total_cmp);
    quantile::point(&all, 0.5)
}

fn problem(course: &Course) -> Option<Problem> {
    let label = &course.endpoint.label;
    if course.limited {
        let message =
            format!("{label}: the service answered 429; let `per_minute` say how many requests it takes in a minute");
        return Some(Problem::new(Cause::NoPermission, message));
    }
    let few = matches!(course.test.finish().says, Says::TooFew { .. } | Says::TooShort | Says::Uncovered);
    few.then(|| {
        let skipped = match course.skipped {
            0 => String::new(),
            n => format!("; of {} the base had no right answer", format::things(n, "pair")),
        };
        let pairs = format::things(course.pairs.len() as u64, "pair");
        Problem::new(Cause::NoEvidence, format!("{label}: {pairs} are too few to compare{skipped}"))
    })
}

fn record(ctx: &Context<'_>, course: &Course) {
    if course.pairs.is_empty() {
        return;
    }
    let line =
        |pair: &Pair| format!("{:.6} {:.3} {:.3}\n", pair.head.at, pair.head.latency_ms(), pair.base.latency_ms());
    let list: String = course.pairs.iter().map(line).collect();
    let bytes = course.pairs.iter().map(|pair| pair.head.bytes + pair.base.bytes).sum();
    let digest = Digest { bytes, ..Digest::of(list.as_bytes()) };
    ctx.record("responses", &course.endpoint.label, digest, Some(2 * course.pairs.len() as u64));
}

/// The answer to a condition on how often the head was slower, which is a question of `latency.regressed`, is left to its number; a
/// condition on `latency.regressed` is answered by its interval. What is left are latencies themselves, of which a comparison says
/// nothing.
fn judgements(ctx: &Context<'_>, setup: &Setup, courses: &[Course]) -> Vec<Judgement> {
    let of_latency = |target: &&tollgate_model::Target| crate::Statistic::of_metric(&target.metric).is_some();
    let judgement = |target: &tollgate_model::Target| Judgement {
        target: target.clone(),
        verdict: Verdict::Unknown,
        method: setup.method_name().to_owned(),
        n: courses.iter().map(|course| course.pairs.len() as u64).sum(),
        message: format!("{} is not judged while the base is compared with", target.series()),
        too_close: false,
    };
    ctx.targets().iter().filter(of_latency).map(judgement).collect()
}

fn row(course: &Course) -> Vec<Cell> {
    let median = |of: fn(&Pair) -> &Shot| {
        let mut all: Vec<f64> =
            course.pairs.iter().map(of).filter(|shot| shot.is_good()).map(Shot::latency_ms).collect();
        all.sort_by(f64::total_cmp);
        quantile::point(&all, 0.5).map_or(Cell::Empty, Cell::Milliseconds)
    };
    let outcome = course.test.finish();
    vec![
        Cell::Text(course.endpoint.label.clone()),
        Cell::Count(outcome.n),
        Cell::Count(outcome.m),
        median(|pair| &pair.head),
        median(|pair| &pair.base),
        middle(course).map_or(Cell::Empty, |ratio| Cell::Text(format::decimal(ratio))),
    ]
}

fn table(rows: Vec<Vec<Cell>>) -> Exhibit {
    let columns = vec![
        Column::text("Endpoint"),
        Column::number("Pairs"),
        Column::number("Slower"),
        Column::number("Median"),
        Column::number("Base"),
        Column::number("Ratio"),
    ];
    let data = ExhibitData::Table { columns, rows, omitted: 0 };
    Exhibit { id: "pairs".to_owned(), title: "Head and base, pair by pair".to_owned(), data }
}
