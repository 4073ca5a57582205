//! How it is measured and judged: options, read and with their defaults.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tollgate_check::CheckError;
use tollgate_http::Settings;

use crate::duration::{self, Amount};
use crate::engine::{self, Plan, Test};
use crate::options::{Method, Options, Statistic};

/// Requests per second to all endpoints together, unless the options say otherwise.
const TOTAL_RATE: f64 = 40.0;

/// Requests per second to one endpoint: what decides a healthy one (75 requests) in the least time (10 s).
const EACH_RATE: f64 = 7.5;

/// The error that each verdict may have: a chance of 5 %.
pub(crate) const ALPHA: f64 = 0.05;

/// Least requests before any verdict.
const LEAST: u64 = 20;

/// How many requests are enough where nothing is asked of an endpoint.
const ENOUGH: u64 = 75;

/// How long what is on its way is waited for once everything is decided.
const LINGER: Duration = Duration::from_secs(2);

/// How it is measured and judged.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) client: Settings,
    pub(crate) duration: Duration,
    pub(crate) timeout: Duration,
    pub(crate) warm_up: u32,
    pub(crate) total_rate: f64,
    pub(crate) each_rate: f64,
    pub(crate) most: u64,
    pub(crate) seed: u64,
    pub(crate) error_budget: f64,
    pub(crate) tolerance: Amount,
    method: Method,
    fixed: bool,
    least_time: f64,
    spell: Option<f64>,
}

impl Setup {
    /// # Errors
    /// An option that makes no sense.
    pub(crate) fn new(options: &Options) -> Result<Self, CheckError> {
        let text = |option: &Option<String>| option.clone().unwrap_or_default();
        let (duration, least_time) = (
            duration::option("latency.duration", &text(&options.duration))?,
            duration::option("latency.min_duration", &text(&options.min_duration))?,
        );
        if least_time > duration {
            return Err(CheckError::option("latency.min_duration", "is longer than `duration`".to_owned()));
        }
        let rate = options.rate.unwrap_or(TOTAL_RATE);
        if !(rate > 0.0 && rate <= 100_000.0) {
            let message = format!("{rate} is no rate; write how many requests a second are sent, such as 40");
            return Err(CheckError::option("latency.rate", message));
        }
        let budget = text(&options.error_budget);
        let error_budget = duration::share(&budget).filter(|share| (0.0..1.0).contains(share)).ok_or_else(|| {
            CheckError::option(
                "latency.error_budget",
                format!("{budget:?} is no share below 100 %; write it as \"1 %\""),
            )
        })?;
        let amount = text(&options.tolerance);
        let tolerance = Amount::parse(&amount).ok_or_else(|| {
            let message = format!("{amount:?} is neither a share (\"10 %\") nor a duration (\"20 ms\")");
            CheckError::option("latency.tolerance", message)
        })?;
        let spell = options.spell.as_deref().map(|text| duration::option("latency.spell", text)).transpose()?;
        let count = |key: &str, n: Option<u32>| match n {
            Some(0) => Err(CheckError::option(key, "must be at least 1".to_owned())),
            n => Ok(n.map(u64::from)),
        };
        count("latency.per_minute", options.per_minute)?;
        let fixed = count("latency.requests", options.requests)?;
        let most = fixed.or(count("latency.max_requests", options.max_requests)?).unwrap_or(1_000);
        // The most requests must not be sent before the least time is over: nothing would be decided.
        let within_time = most as f64 / (least_time.as_secs_f64() * 1.1);
        let each_rate = if options.rate.is_some() { within_time } else { EACH_RATE.min(within_time) };
        Ok(Self {
            client: Settings { redirects: options.redirects.unwrap_or(0), ..Settings::default() },
            duration,
            timeout: duration::option("latency.timeout", &text(&options.timeout))?,
            warm_up: options.warm_up.unwrap_or(3).min(1_000),
            total_rate: rate,
            each_rate,
            most,
            seed: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64),
            error_budget,
            tolerance,
            method: options.method.unwrap_or_default(),
            fixed: fixed.is_some(),
            least_time: least_time.as_secs_f64(),
            spell: spell.map(|spell| spell.as_secs_f64()),
        })
    }

    /// The test of "`statistic` is below its limit".
    pub(crate) fn test(&self, statistic: Statistic) -> Test {
        Test::new(self.plan(statistic))
    }

    /// How such a test is made.
    pub(crate) fn plan(&self, statistic: Statistic) -> Plan {
        self.plan_of(statistic.theta0())
    }

    /// The test that a share lies below `theta0`.
    pub(crate) fn plan_of(&self, theta0: f64) -> Plan {
        Plan {
            theta0,
            alpha: ALPHA,
            method: match (self.fixed, self.method) {
                (true, _) => engine::Method::Fixed,
                (false, Method::Strict) => engine::Method::Strict,
                (false, Method::Tolerant) => engine::Method::Tolerant,
            },
            least: LEAST,
            least_time_s: self.least_time,
            most: self.most,
            spell_s: self.spell,
        }
    }

    /// The name of the test, for reports.
    pub(crate) fn method_name(&self) -> &'static str {
        match (self.fixed, self.method) {
            (true, _) => "binomial test",
            (false, Method::Strict) => "sequential mixture test",
            (false, Method::Tolerant) => "Wald's sequential test",
        }
    }

    /// Requests and seconds that are enough where nothing is asked.
    pub(crate) fn enough(&self) -> (u64, f64) {
        (ENOUGH.min(self.most), self.least_time)
    }

    /// How long what is on its way is waited for once everything is decided.
    pub(crate) fn linger(&self) -> Duration {
        self.timeout.min(LINGER)
    }
}
