//! What a route answers, and when.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::random;

/// How long a request waits for its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Delay {
    /// Not at all.
    #[default]
    None,
    /// Always so long.
    Fixed(Duration),
    /// As a lognormal distribution has it.
    Lognormal {
        /// Its median.
        median: Duration,
        /// The standard deviation of the logarithms.
        sigma: f64,
        /// Where its numbers begin.
        seed: u64,
    },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// HTTP as it should be.
    Http {
        /// The status.
        status: u16,
        /// Further headers.
        headers: Vec<(String, String)>,
        /// The body.
        body: Vec<u8>,
    },
    /// The first so many requests with 200, the others with this status.
    Then(u64, u16),
    /// Every n-th request with 503, the others with 200.
    FailsEvery(u64),
    /// 103 with a link, then 200.
    EarlyHints,
    /// The connection is closed without a word.
    Close,
    /// The same, once it has carried a request before.
    CloseWhenKept,
    /// The connection is reset, after so many bytes of an answer.
    Reset(usize),
    /// 100 bytes are announced, and half of them are sent.
    Truncated,
    /// A body of so many bytes, with a pause after each.
    SlowBody(usize, Duration),
    /// A body without end.
    EndlessBody,
    /// Headers without end.
    EndlessHeaders,
    /// Nothing, for as long as somebody waits.
    Hang,
    /// Something that is not HTTP.
    Garbage,
    /// Ten bytes that are said to be gzip.
    BrokenGzip,
    /// So many megabytes of zeros after gzip.
    Bomb(usize),
}

/// Answers to one method and path.
#[derive(Debug)]
pub struct Route {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) delay: Delay,
    pub(crate) answer: Answer,
    asked: AtomicU64,
}

impl Route {
    /// GET `path` is answered so.
    pub fn get(path: &str, answer: Answer) -> Self {
        let (method, path) = ("GET".to_owned(), path.to_owned());
        Self { method, path, delay: Delay::None, answer, asked: AtomicU64::new(0) }
    }

    /// GET `path` is answered with 200 and `{"status":"ok"}`.
    pub fn ok(path: &str) -> Self {
        Self::get(path, Answer::text(200, "{\"status\":\"ok\"}"))
    }

    /// GET `path` leads to `target`.
    pub fn redirect(path: &str, target: &str) -> Self {
        let headers = vec![("location".to_owned(), target.to_owned())];
        Self::get(path, Answer::Http { status: 302, headers, body: Vec::new() })
    }

    /// The same for another method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    /// The same after a delay.
    #[must_use]
    pub fn after(mut self, delay: Delay) -> Self {
        self.delay = delay;
        self
    }

    /// Counts one more request: how many there were before.
    pub(crate) fn count(&self) -> u64 {
        self.asked.fetch_add(1, Ordering::Relaxed)
    }

    /// How long the `n`-th request waits.
    pub(crate) fn wait(&self, n: u64) -> Duration {
        match self.delay {
            Delay::None => Duration::ZERO,
            Delay::Fixed(delay) => delay,
            Delay::Lognormal { median, sigma, seed } => median.mul_f64((sigma * random::normal(seed, n)).exp()),
        }
    }
}

impl Answer {
    /// Text with a status.
    pub fn text(status: u16, body: &str) -> Self {
        Self::Http {
            status,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: body.into(),
        }
    }
}
