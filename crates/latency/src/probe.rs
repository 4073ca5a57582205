//! Asks endpoints until every question about them is decided, or time is up.

use std::rc::Rc;
use std::time::{Duration, Instant};

use tollgate_check::{CheckError, Context};
use tollgate_http::{Client, Settings};
use tollgate_model::{Cause, Op, Problem, Target};

use tokio::task::LocalSet;

use crate::canary;
use crate::course::{Course, Over, Question};
use crate::drive::{self, Event, Next};
use crate::endpoint::Endpoint;
use crate::engine::{Plan, Test};
use crate::options::Statistic;
use crate::schedule::{Lane, Schedule};
use crate::setup::Setup;
use crate::shot::{self, Seen, Shot};

/// How often the canary is asked, per second.
const CANARY_RATE: f64 = 5.0;

/// What was measured.
pub(crate) struct Measured {
    /// By position of the endpoint.
    pub(crate) courses: Vec<Course>,
    /// What the canary took.
    pub(crate) canary: Vec<Shot>,
    /// Whether somebody asked to stop.
    pub(crate) stopped: bool,
    /// How long it took, warm-up left out.
    pub(crate) took: Duration,
}

/// Asks `endpoints`, with the questions that their own limits and the targets of the context put.
///
/// # Errors
/// Where the system refuses what a probe needs.
pub(crate) fn run(ctx: &Context<'_>, setup: &Setup, endpoints: &[Endpoint]) -> Result<Measured, CheckError> {
    let runtime = runtime()?;
    let canary = canary::start().map_err(|e| unable(&format!("the canary could not be started: {e}")))?;
    let canary = Endpoint::plain(&canary).map_err(|e| unable(&e))?;
    runtime.block_on(async {
        let client = client(setup.client.clone())?;
        let asked = Rc::new(endpoints.to_vec());
        let warm = drive::unless(|| ctx.stopped(), warm_up(&client, setup, &asked)).await;
        let (mut canaries, mut stopped) = (Vec::new(), warm.is_none());
        let warm =
            warm.unwrap_or_else(|| endpoints.iter().map(|_| Warm { answered: true, ..Warm::default() }).collect());
        let mut courses: Vec<Course> =
            endpoints.iter().zip(&warm).map(|(e, warm)| course(ctx, setup, e, warm)).collect();
        if stopped {
            return Ok(Measured { courses, canary: canaries, stopped, took: Duration::ZERO });
        }
        let lanes = endpoints.iter().map(|e| Lane::new(e.per_minute, setup.most, setup.warm_up));
        let mut schedule = Schedule::new(lanes.collect(), setup.total_rate, setup.each_rate, setup.seed);
        schedule = schedule.beside(CANARY_RATE);
        for (lane, _) in courses.iter().enumerate().filter(|(_, course)| course.over.is_some()) {
            schedule.finish(lane);
        }
        let all: Rc<Vec<Endpoint>> = Rc::new(endpoints.iter().cloned().chain([canary]).collect());
        let started = Instant::now();
        let timeouts: Vec<Duration> = courses.iter().map(|course| course.timeout(setup.timeout)).collect();
        let shoot = |arrival: crate::schedule::Arrival, due: Instant| {
            let (client, all) = (client.clone(), Rc::clone(&all));
            let timeout = timeouts.get(arrival.lane).copied().unwrap_or(setup.timeout);
            async move { shot::fire(&client, &all[arrival.lane], arrival.at, due, timeout).await }
        };
        let mut given_up = None;
        drive::drive(schedule, setup.duration, shoot, |clock, event| {
            let now = Instant::now();
            let next = match event {
                Event::Due(arrival, due) => match courses.get_mut(arrival.lane) {
                    Some(course) if course.over.is_some() => Next::Skip,
                    Some(course) => {
                        course.sent(arrival.at, due);
                        Next::Go
                    }
                    None => Next::Go,
                },
                Event::Unsent(arrival) => {
                    if let Some(course) = courses.get_mut(arrival.lane) {
                        course.unsent += 1;
                    }
                    Next::Skip
                }
                Event::Came(arrival, shot) => {
                    match courses.get_mut(arrival.lane) {
                        Some(course) => course.came(arrival.at, shot),
                        None => canaries.push(shot),
                    }
                    Next::Go
                }
                Event::Tick => Next::Go,
            };
            for (lane, course) in courses.iter_mut().enumerate() {
                course.advance(now);
                if course.over.is_some() {
                    clock.finish(lane);
                }
            }
            if courses.iter().all(|course| course.over.is_some()) {
                clock.finish_all();
            }
            stopped |= ctx.stopped();
            if stopped {
                return Next::Stop;
            }
            // What hangs is not waited for once nothing depends on it.
            let decided = courses.iter().all(|course| course.over.is_some());
            let since = *given_up.get_or_insert(now);
            match decided {
                false => given_up = None,
                true if now > since + setup.linger() => return Next::Stop,
                true => {}
            }
            next
        })
        .await;
        let now = Instant::now();
        courses.iter_mut().for_each(|course| course.close(now));
        Ok(Measured { courses, canary: canaries, stopped, took: started.elapsed() })
    })
}

/// A runtime of one thread.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, CheckError> {
    let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
    built.map_err(|e| unable(&format!("no event loop could be made: {e}")))
}

/// A client.
pub(crate) fn client(settings: Settings) -> Result<Client, CheckError> {
    Client::new(settings).map_err(|e| unable(&e.to_string()))
}

fn unable(message: &str) -> CheckError {
    CheckError::Problem(Problem::new(Cause::NoPermission, message))
}

/// What a warm-up told of one endpoint.
#[derive(Default)]
struct Warm {
    answered: bool,
    /// The last failure.
    failure: Option<String>,
    limited: Option<Over>,
}

/// Sends each endpoint its requests that are not measured: all endpoints at once, those of one after the other.
async fn warm_up(client: &Client, setup: &Setup, endpoints: &Rc<Vec<Endpoint>>) -> Vec<Warm> {
    let local = LocalSet::new();
    let one = |index: usize| {
        let (client, endpoints) = (client.clone(), Rc::clone(endpoints));
        local.spawn_local(warm_up_one(client, endpoints, index, setup.warm_up, setup.timeout))
    };
    let tasks: Vec<_> = (0..endpoints.len()).map(one).collect();
    local
        .run_until(async {
            let mut all = Vec::new();
            for task in tasks {
                all.push(task.await.unwrap_or_default());
            }
            all
        })
        .await
}

async fn warm_up_one(
    client: Client,
    endpoints: Rc<Vec<Endpoint>>,
    index: usize,
    times: u32,
    timeout: Duration,
) -> Warm {
    let mut warm = Warm::default();
    for _ in 0..times {
        match shot::fire(&client, &endpoints[index], 0.0, Instant::now(), timeout).await.seen {
            Seen::Good | Seen::UnderWay => warm.answered = true,
            Seen::Failed { answered, message, .. } => {
                warm.answered |= answered;
                warm.failure = Some(message);
            }
            Seen::Limited { retry_after } => {
                return Warm { answered: true, limited: Some(Over::RateLimited { retry_after }), ..warm };
            }
        }
    }
    warm
}

/// The course of one endpoint as it begins.
fn course(ctx: &Context<'_>, setup: &Setup, endpoint: &Endpoint, warm: &Warm) -> Course {
    let own = endpoint.limits.iter().map(|limit| (limit.statistic, limit.limit, None, limit.assumed));
    let asked = ctx.targets().iter().enumerate().filter_map(|(i, target)| {
        let (statistic, limit) = asks(target, endpoint)?;
        Some((statistic, limit, Some(i), false))
    });
    let question = |(statistic, limit, target, assumed): (Statistic, f64, Option<usize>, bool)| Question {
        statistic,
        limit,
        target,
        assumed,
        test: setup.test(statistic),
    };
    let questions = own.chain(asked).map(question).collect();
    let errors = Test::new(Plan { theta0: setup.error_budget, ..setup.plan(Statistic::P95) });
    let mut course = Course::new(questions, errors, warm.answered, setup.enough());
    match &warm.limited {
        Some(limited) => course.over = Some(limited.clone()),
        _ if setup.warm_up > 0 && !warm.answered => {
            course.unanswered = warm.failure.clone().map(|failure| (u64::from(setup.warm_up), failure));
            course.over = Some(Over::Silent);
        }
        _ => {}
    }
    course
}

/// What a target asks of an endpoint's latency, where its own test can answer that.
pub(crate) fn asks(target: &Target, endpoint: &Endpoint) -> Option<(Statistic, f64)> {
    let statistic = Statistic::of_metric(&target.metric)?;
    let upper = matches!(target.op, Op::Lt | Op::Le);
    let fits = target.labels.iter().all(|(label, value)| match label.as_str() {
        "endpoint" => *value == endpoint.label,
        "critical" => *value == endpoint.critical.to_string(),
        _ => true,
    });
    (upper && fits && !target.labels.is_empty()).then_some(())?;
    Some((statistic, target.value?))
}
