//! Flags and section of the configuration.

use std::collections::BTreeMap;

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What `latency` asks, how often, and how it judges.
#[derive(Clone, Debug, Default, PartialEq, clap::Args, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Addresses to ask with GET, beside the endpoints of the configuration. One that begins with `/` is asked of the service.
    #[arg(value_name = "URL")]
    pub urls: Vec<String>,

    /// Limit of the median, for endpoints that have no limit of their own
    #[arg(long, value_name = "DURATION")]
    pub p50: Option<String>,

    /// Limit of the 90th percentile, likewise
    #[arg(long, value_name = "DURATION")]
    pub p90: Option<String>,

    /// Limit of the 95th percentile, likewise
    #[arg(long, value_name = "DURATION")]
    pub p95: Option<String>,

    /// Limit of the 99th percentile, likewise
    #[arg(long, value_name = "DURATION")]
    pub p99: Option<String>,

    /// Limit of every answer, likewise
    #[arg(long, value_name = "DURATION")]
    pub max: Option<String>,

    /// How limits are tested. strict (the default): a pass proves that the limit holds, with an error of at most 5 %. tolerant: sooner
    /// done, and a pass proves only that twice as many requests as allowed are not slow.
    #[arg(long, value_enum, value_name = "METHOD")]
    pub method: Option<Method>,

    /// Send exactly so many requests to each endpoint and judge once, instead of judging after each one
    #[arg(long, value_name = "N")]
    pub requests: Option<u32>,

    /// Most requests to one endpoint. Default: 1000
    #[arg(long, value_name = "N")]
    pub max_requests: Option<u32>,

    /// How long to measure at most. Default: "2 min"
    #[arg(long, value_name = "DURATION")]
    pub duration: Option<String>,

    /// How long to measure at least before anything is decided. Default: "10 s"
    #[arg(long, value_name = "DURATION")]
    pub min_duration: Option<String>,

    /// Do not pass before slow spells of this mean length would have been noticed. Without it the length that a pass covers is only
    /// told.
    #[arg(long, value_name = "DURATION")]
    pub spell: Option<String>,

    /// Requests per second to all endpoints together. Default: 40, and at most 7.5 to each
    #[arg(long, value_name = "N")]
    pub rate: Option<f64>,

    /// Most requests to one endpoint within any minute, for a service that limits its callers
    #[arg(long, value_name = "N")]
    pub per_minute: Option<u32>,

    /// Requests to each endpoint that are not measured, sent before the others. Default: 3
    #[arg(long, value_name = "N")]
    pub warm_up: Option<u32>,

    /// How long one answer may take, up to its last byte. Default: "10 s"
    #[arg(long, value_name = "DURATION")]
    pub timeout: Option<String>,

    /// How many redirects are followed. Default: 0, a redirect is the answer
    #[arg(long, value_name = "N")]
    pub redirects: Option<u8>,

    /// Share of requests that may fail. Default: "1 %"
    #[arg(long, value_name = "PERCENT")]
    pub error_budget: Option<String>,

    /// A header to send with each request, as "Name: value"; `${NAME}` in it is filled in from the environment. May be repeated.
    #[arg(long, value_name = "HEADER")]
    pub header: Vec<String>,

    /// The status that an answer must have. Default: any from 200 to 299. May be repeated.
    #[arg(long, value_name = "STATUS")]
    pub status: Vec<u16>,

    /// A regular expression that the body of each answer must match
    #[arg(long, value_name = "REGEX")]
    pub body: Option<String>,

    /// The same service of the base: each request is sent to both, one after the other in random order, and compared
    #[arg(long, value_name = "URL")]
    pub against: Option<String>,

    /// By how much an answer may be slower than the base's: a share ("10 %", the default) or a duration ("20 ms")
    #[arg(long, value_name = "AMOUNT")]
    pub tolerance: Option<String>,

    /// Look at one answer of each endpoint instead of measuring: status, body, headers and certificate, as after a deploy
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub verify: Option<bool>,

    /// With --verify, how many days a certificate must still be good for. Default: 14
    #[arg(long, value_name = "DAYS")]
    pub certificate_days: Option<u32>,

    /// An OpenAPI document whose operations are asked: a file, or a path that the service itself serves (`/openapi.json`)
    #[arg(long, value_name = "FILE|PATH")]
    pub openapi: Option<String>,

    /// What is asked, one by one.
    #[arg(skip)]
    pub endpoints: Vec<EndpointOptions>,
}

/// One endpoint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EndpointOptions {
    /// What conditions and reports call it. Default: method and path.
    pub name: Option<String>,
    /// Default: GET.
    pub method: Option<String>,
    /// Where, from the service's address on, or a whole URL. `${NAME}` is filled in from the environment.
    pub path: String,
    /// Headers to send. `${NAME}` in a value is filled in from the environment.
    pub headers: BTreeMap<String, String>,
    /// What to send: a text as it is, anything else as JSON. `${NAME}` is filled in from the environment.
    pub body: Option<Value>,
    /// What the limit is a limit of. Default: p95, and the report says so.
    pub statistic: Option<Statistic>,
    /// The limit: `"500 ms"`. Without one the endpoint is measured, and judged by conditions alone.
    pub limit: Option<String>,
    /// Whether it is critical: label `critical`.
    pub critical: bool,
    /// Statuses that an answer may have. Default: any from 200 to 299.
    pub status: Vec<u16>,
    /// What each answer must hold.
    pub expect: Expect,
    /// Most requests within any minute. Default: what the section says.
    pub per_minute: Option<u32>,
}

/// What an answer must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// A regular expression that the body must match.
    pub body: Option<String>,
    /// By JSON pointer, the value that stands there: `{ "/status" = "ok" }`. `{ "/items" = "*" }` asks only that something does.
    pub json: BTreeMap<String, Value>,
    /// By name, a regular expression that the header's value must match.
    pub headers: BTreeMap<String, String>,
}

/// What of a distribution is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Statistic {
    /// The median.
    P50,
    /// The 90th percentile.
    P90,
    /// The 95th percentile.
    P95,
    /// The 99th percentile.
    P99,
    /// Every one.
    Max,
}

/// How limits are tested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// A mixture of likelihood ratios, valid at every moment.
    #[default]
    Strict,
    /// Wald's sequential test between the allowed share of slow requests and twice that.
    Tolerant,
}

impl Options {
    /// With every default filled in.
    pub(crate) fn with_defaults(mut self) -> Self {
        self.method.get_or_insert_default();
        self.max_requests.get_or_insert(1_000);
        self.warm_up.get_or_insert(3);
        self.redirects.get_or_insert(0);
        self.certificate_days.get_or_insert(14);
        self.verify.get_or_insert(false);
        for (option, default) in [
            (&mut self.duration, "2 min"),
            (&mut self.min_duration, "10 s"),
            (&mut self.timeout, "10 s"),
            (&mut self.error_budget, "1 %"),
            (&mut self.tolerance, "10 %"),
        ] {
            option.get_or_insert_with(|| default.to_owned());
        }
        self
    }

    /// Whether something of the service is asked, rather than whole addresses alone.
    pub(crate) fn asks_service(&self) -> bool {
        let relative = |place: &str| place.starts_with('/');
        self.openapi.is_some()
            || self.urls.iter().any(|url| relative(url))
            || self.endpoints.iter().any(|endpoint| relative(&endpoint.path))
    }
}

impl Statistic {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 5] = [Self::P50, Self::P90, Self::P95, Self::P99, Self::Max];

    /// The word that options and metrics use.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::P50 => "p50",
            Self::P90 => "p90",
            Self::P95 => "p95",
            Self::P99 => "p99",
            Self::Max => "max",
        }
    }

    /// The one that the metric `latency.NAME` is.
    pub(crate) fn of_metric(metric: &str) -> Option<Self> {
        let name = metric.strip_prefix("latency.")?;
        Self::ALL.into_iter().find(|statistic| statistic.name() == name)
    }

    /// The share of requests that are below it; none for the longest of all.
    pub(crate) fn quantile(self) -> Option<f64> {
        match self {
            Self::P50 => Some(0.5),
            Self::P90 => Some(0.9),
            Self::P95 => Some(0.95),
            Self::P99 => Some(0.99),
            Self::Max => None,
        }
    }

    /// The share of requests that may be above its limit.
    pub(crate) fn theta0(self) -> f64 {
        match self {
            Self::P50 => 0.5,
            Self::P90 => 0.1,
            Self::P95 => 0.05,
            Self::P99 => 0.01,
            Self::Max => 0.0,
        }
    }
}
