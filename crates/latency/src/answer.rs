//! What the questions about one endpoint come to, in words.

use tollgate_model::{Verdict, format};

use crate::course::{Course, Over, Question};
use crate::duration;
use crate::endpoint::Endpoint;
use crate::engine::{Outcome, Says};
use crate::noise::Noise;
use crate::options::Statistic;
use crate::summary::Summary;

/// The answer to one question.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) verdict: Verdict,
    /// Whether only more requests could tell.
    pub(crate) too_close: bool,
    pub(crate) message: String,
    pub(crate) outcome: Outcome,
}

impl Answer {
    /// The answer to `question`, of which the test says `outcome`.
    pub(crate) fn of(
        endpoint: &Endpoint,
        course: &Course,
        question: &Question,
        outcome: Outcome,
        noise: &Noise,
    ) -> Self {
        let Question { statistic, limit, assumed, .. } = question;
        let what = format!("{} of {}", statistic.name(), endpoint.label);
        let shown = format::milliseconds(*limit);
        let assumed = if *assumed { " (its limit names no statistic, so it is one of p95)" } else { "" };
        let unknown = |because: String| Self {
            verdict: Verdict::Unknown,
            too_close: false,
            message: format!("{what} against {shown} is not known: {because}"),
            outcome: outcome.clone(),
        };
        if let Some(because) = silence(course) {
            return unknown(because);
        }
        if let Some(because) = noise.saturated(*limit) {
            return unknown(because);
        }
        let (n, m) = (outcome.n, outcome.m);
        let slow = format!("{} of {} slower or failed", format::count(m), format::things(n, "request"));
        let (verdict, too_close, message) = match outcome.says {
            Says::Pass if outcome.ruled_out > statistic.theta0() => {
                let proven = format::decimal((1.0 - outcome.ruled_out) * 100.0);
                let text = format!(
                    "p{proven} of {} is below {shown}{assumed}, {} is not proven",
                    endpoint.label,
                    statistic.name()
                );
                (Verdict::Pass, false, format!("{text}: {slow}"))
            }
            Says::Pass => (Verdict::Pass, false, format!("{what} is below {shown}{assumed}: {slow}")),
            Says::Fail => match noise.hides(*limit) {
                Some(because) => return unknown(format!("{slow}, but {because}")),
                None => {
                    let about = about(&Summary::of(&course.shots), *statistic);
                    (Verdict::Fail, false, format!("{what} is over {shown}{assumed}: {slow}{about}{}", failed(course)))
                }
            },
            Says::TooClose => {
                let text = format!("{what} is too close to {shown}{assumed} to tell: {slow}{}", in_runs(&outcome));
                (Verdict::Unknown, true, format!("{text}; `duration` and `max_requests` allow more"))
            }
            Says::TooShort => {
                return unknown(format!(
                    "{} came within too short a time; `min_duration` says how long it takes",
                    format::things(n, "request")
                ));
            }
            Says::Uncovered => {
                return unknown(format!(
                    "{slow}, which is below {shown}{assumed}, but slow spells as long as `spell` says could have been missed; \
                     `duration` and `max_requests` allow more"
                ));
            }
            Says::TooFew { least } => {
                let least = format::things(least, "request");
                return unknown(format!(
                    "{} were measured, and it takes {least} at least",
                    format::things(n, "request")
                ));
            }
        };
        Self { verdict, too_close, message, outcome }
    }

    /// That an endpoint fails more often than it may.
    pub(crate) fn of_errors(endpoint: &Endpoint, course: &Course, budget: f64) -> Option<String> {
        let outcome = course.errors.finish();
        let failing = outcome.says == Says::Fail && course.over != Some(Over::Silent);
        let often = format!("{} of {} failed", format::count(outcome.m), format::things(outcome.n, "request"));
        failing.then(|| {
            let budget = format::decimal(budget * 100.0);
            format!("{} fails too often: {often}, and {budget} % may: {}", endpoint.label, failures(course))
        })
    }
}

/// What failed among the slow ones.
fn failed(course: &Course) -> String {
    match course.failures.is_empty() {
        true => String::new(),
        false => format!("; what failed: {}", failures(course)),
    }
}

/// That slow requests came in runs, and what that makes of their number.
fn in_runs(outcome: &Outcome) -> String {
    if outcome.inflation < 1.05 {
        return String::new();
    }
    let counts = (outcome.n as f64 / outcome.inflation).floor() as u64;
    format!(", in runs, so that they count for {}", format::count(counts))
}

/// Why nothing can be told of an endpoint.
pub(crate) fn silence(course: &Course) -> Option<String> {
    match &course.over {
        Some(Over::Silent) => {
            let (count, message) = course.unanswered.clone().unwrap_or_default();
            Some(format!("it never answered ({}): {message}", format::things(count, "request")))
        }
        Some(Over::RateLimited { retry_after }) => {
            let wait = retry_after.as_ref().map(|text| format!(", and asked to wait {text} s")).unwrap_or_default();
            let sent = format::things(course.shots.len() as u64, "request");
            Some(format!(
                "the service answered 429 after {sent}{wait}; let `per_minute` say how many requests it takes in a minute"
            ))
        }
        Some(Over::Decided) | None if course.shots.is_empty() => match &course.unanswered {
            Some((count, message)) => {
                Some(format!("it never answered ({}): {message}", format::things(*count, "request")))
            }
            None => Some("no request was sent".to_owned()),
        },
        Some(Over::Decided) | None => None,
    }
}

/// What failed, the most frequent first.
pub(crate) fn failures(course: &Course) -> String {
    let mut all: Vec<&(u64, String)> = course.failures.values().collect();
    all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let shown = all.iter().take(2).map(|(count, message)| format!("{message} ({} x)", format::count(*count)));
    shown.collect::<Vec<String>>().join("; ")
}

/// What the statistic is, as far as it is known.
fn about(summary: &Summary, statistic: Statistic) -> String {
    let shown = |ms: f64| if ms.is_finite() { duration::shown(ms) } else { "no end".to_owned() };
    match (summary.value(statistic), summary.interval(statistic)) {
        (Some(value), Some([low, high])) if value.is_finite() => {
            format!("; it is about {} ({} to {})", shown(value), shown(low), shown(high))
        }
        (Some(value), None) if value.is_finite() => format!("; it is about {}", shown(value)),
        _ => String::new(),
    }
}
