//! One request and what came of it.

use std::time::{Duration, Instant};

use tollgate_http::{Client, Exchange, Phases};

use crate::endpoint::Endpoint;

/// One request and what came of it.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    /// When it was due, in seconds since the start.
    pub(crate) at: f64,
    /// How long after that it was sent.
    pub(crate) lag: Duration,
    /// From when it was due to the last byte of the answer, or to the failure.
    pub(crate) latency: Duration,
    pub(crate) phases: Phases,
    /// Bytes of the answer on the wire.
    pub(crate) bytes: u64,
    pub(crate) seen: Seen,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Seen {
    /// The right answer.
    Good,
    /// None, or a wrong one.
    Failed {
        /// What kind of failure: `refused`, `timeout`, `status-500`, `wrong-body`.
        class: &'static str,
        message: String,
        /// Whether there was an answer at all.
        answered: bool,
    },
    /// It was still on its way when the probe ended.
    UnderWay,
    /// The service wants fewer requests (RFC 6585, status 429).
    Limited {
        /// The value of `Retry-After`.
        retry_after: Option<String>,
    },
}

impl Shot {
    /// Milliseconds from when it was due to its end.
    pub(crate) fn latency_ms(&self) -> f64 {
        self.latency.as_secs_f64() * 1_000.0
    }

    /// One that was still on its way at the end, for so long.
    pub(crate) fn under_way(at: f64, latency: Duration) -> Self {
        Self { at, lag: Duration::ZERO, latency, phases: Phases::default(), bytes: 0, seen: Seen::UnderWay }
    }

    /// Whether the right answer came.
    pub(crate) fn is_good(&self) -> bool {
        self.seen == Seen::Good
    }
}

/// Asks `endpoint` now, for a request that was `due` at `at` seconds; the answer may take `timeout` from now on.
pub(crate) async fn fire(client: &Client, endpoint: &Endpoint, at: f64, due: Instant, timeout: Duration) -> Shot {
    let exchange = client.send(&endpoint.request, Instant::now() + timeout).await;
    Shot {
        at,
        lag: exchange.started.saturating_duration_since(due),
        latency: exchange.ended.saturating_duration_since(due),
        phases: exchange.phases,
        bytes: exchange.outcome.as_ref().map_or(0, |response| response.wire_bytes),
        seen: seen(endpoint, &exchange),
    }
}

/// What an exchange comes to.
pub(crate) fn seen(endpoint: &Endpoint, exchange: &Exchange) -> Seen {
    let response = match &exchange.outcome {
        Ok(response) => response,
        Err(failure) => {
            return Seen::Failed { class: failure.class(), message: failure.to_string(), answered: failure.answered() };
        }
    };
    if response.status == 429 && (endpoint.accept.any_success() || !endpoint.accept.takes_status(429)) {
        let retry_after = response.headers.get("retry-after").and_then(|value| value.to_str().ok());
        return Seen::Limited { retry_after: retry_after.map(|text| text.chars().take(40).collect()) };
    }
    match endpoint.accept.wrong(response) {
        None => Seen::Good,
        Some(wrong) => {
            let class = match (wrong.part, response.status) {
                ("status", 500..) => "status-5xx",
                ("status", 400..500) => "status-4xx",
                ("status", 300..400) => "redirect",
                ("status", _) => "status",
                ("header", _) => "wrong-header",
                _ => "wrong-body",
            };
            Seen::Failed { class, message: wrong.message, answered: true }
        }
    }
}
