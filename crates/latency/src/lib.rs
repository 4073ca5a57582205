//! API latency: a probe whose verdict is no toss of a coin.
//!
//! Data flows so: `endpoint` makes requests of what the options name; `schedule` says when each is due, whatever became of those
//! before it (an open model), and `clock` lets them come on time; `drive` sends them through `shot`; `course` puts the answers of one
//! endpoint into the order of the schedule and shows them to the tests of `engine`; `probe` is the whole of that. `measure` makes the
//! report, with `answer` (verdicts in words), `noise` (how far machine and probe can be trusted), `numbers` and `exhibits`.
//!
//! Latency counts from the instant at which a request was due, not from when it was sent, so that a stall of the service is seen by
//! every request that it would have kept waiting (no coordinated omission).

mod accept;
mod answer;
mod budgets;
mod canary;
mod clock;
mod compare;
mod course;
mod drive;
mod duration;
mod endpoint;
pub mod engine;
mod exhibits;
mod measure;
mod memory;
mod noise;
mod numbers;
mod options;
mod place;
mod probe;
mod schedule;
mod setup;
mod shot;
mod summary;
mod verbs;
mod verify;

use std::sync::LazyLock;

use tollgate_check::{AnyVerb, CheckError, Checker, Context, Entries, Needs};
use tollgate_model::{MetricSpec, Milder, Report, Rule};

use crate::endpoint::Endpoints;
use crate::setup::Setup;

pub use options::{EndpointOptions, Expect, Method, Options, Statistic};

static RULES: LazyLock<Vec<Rule>> =
    LazyLock::new(|| tollgate_rules::parse(include_str!(concat!(env!("OUT_DIR"), "/rules.json"))));

/// The checker.
#[derive(Clone, Copy, Debug, Default)]
pub struct Latency;

impl Checker for Latency {
    const NAME: &'static str = "latency";
    const ABOUT: &'static str =
        "How soon an API answers: percentiles against limits, by a test that knows when it cannot tell";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    type Options = Options;

    fn rules(&self) -> &'static [Rule] {
        &RULES
    }

    fn metrics(&self) -> &'static [MetricSpec] {
        numbers::METRICS
    }

    fn silencing(&self) -> &'static [(&'static str, Milder)] {
        &[
            ("p50", Milder::Higher),
            ("p90", Milder::Higher),
            ("p95", Milder::Higher),
            ("p99", Milder::Higher),
            ("max", Milder::Higher),
            ("method", Milder::Any),
            ("requests", Milder::Any),
            ("min_duration", Milder::Any),
            ("spell", Milder::Any),
            ("error_budget", Milder::Any),
            ("tolerance", Milder::Any),
            ("certificate_days", Milder::Any),
            // What is asked at all, and which answer is the right one.
            ("urls", Milder::Fewer),
            ("openapi", Milder::Any),
            ("verify", Milder::Any),
            ("against", Milder::Any),
            ("redirects", Milder::Any),
            ("status", Milder::More),
            ("body", Milder::Any),
        ]
    }

    fn entries(&self) -> &'static [Entries] {
        &[Entries {
            option: "endpoints",
            identity: &["name", "method", "path"],
            policy: &[
                ("limit", Milder::Higher),
                ("statistic", Milder::Any),
                ("critical", Milder::Fewer),
                ("status", Milder::More),
                ("expect", Milder::Any),
            ],
        }]
    }

    fn needs(&self) -> Needs {
        Needs::Service
    }

    fn asks_service(&self, options: &Options) -> bool {
        options.asks_service()
    }

    fn exclusive(&self) -> bool {
        true
    }

    fn starter(&self) -> &'static [(&'static str, bool)] {
        &[("latency.over_limit == 0", true), ("latency.findings{level=\"error\"} == 0", true)]
    }

    fn verbs(&self) -> &'static [&'static dyn AnyVerb<Self>] {
        verbs::VERBS
    }

    fn defaults(&self, options: Options) -> Options {
        options.with_defaults()
    }

    fn discovers(&self, _ctx: &Context<'_>, _options: &Options) -> bool {
        false
    }

    fn check(&self, ctx: &Context<'_>, options: &Options) -> Result<Report, CheckError> {
        let setup = Setup::new(options)?;
        let endpoints = Endpoints::of(ctx, options)?;
        if options.verify == Some(true) {
            return verify::run(ctx, &setup, options, &endpoints);
        }
        match &options.against {
            Some(base) => compare::run(ctx, &setup, base, &endpoints),
            None => measure::run(ctx, &setup, &endpoints),
        }
    }
}

/// Feeds arbitrary bytes to the reader of budgets; for fuzzing.
#[doc(hidden)]
pub fn fuzz_budgets(bytes: &[u8]) {
    if let Ok(found) = budgets::read("budgets.json", &String::from_utf8_lossy(bytes), None) {
        assert!(found.entries.iter().all(|entry| entry.limit_ms > 0.0 && entry.limit_ms.is_finite() && entry.line > 0));
    }
}

#[cfg(test)]
mod tests;
