//! Faults: what goes wrong, and with which request.

use std::time::Duration;

/// A fault to inject.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The requests it hits.
    pub on: Matcher,
    /// What happens to them.
    pub what: What,
}

/// Which requests a fault hits. Counting begins when the fault is injected.
#[derive(Debug, Clone)]
pub struct Matcher {
    /// The method; any where `None`.
    pub method: Option<String>,
    /// A part of the path with its query; any where empty.
    pub path: String,
    /// The first matching request that is hit, from 1.
    pub nth: usize,
    /// How many matching requests in a row are hit from there on.
    pub times: usize,
}

impl Matcher {
    /// The next request, whatever it is.
    pub fn any() -> Self {
        Self { method: None, path: String::new(), nth: 1, times: 1 }
    }

    /// The next request with this method whose path holds `part`.
    pub fn to(method: &str, part: &str) -> Self {
        Self { method: Some(method.to_owned()), path: part.to_owned(), ..Self::any() }
    }

    /// From the `nth` matching request on (1 is the next).
    #[must_use]
    pub fn nth(self, nth: usize) -> Self {
        Self { nth, ..self }
    }

    /// So many matching requests in a row.
    #[must_use]
    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    fn matches(&self, method: &str, target: &str) -> bool {
        self.method.as_deref().is_none_or(|own| own == method) && target.contains(&self.path)
    }
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub enum What {
    /// Another answer than the true one.
    Status {
        /// The status.
        code: u16,
        /// Headers beside the usual ones.
        headers: Vec<(String, String)>,
        /// The body, as it is.
        body: String,
        /// Whether the request takes effect all the same.
        applied: bool,
    },
    /// The connection ends without an answer.
    Drop {
        /// Before the request took effect; else after it.
        before: bool,
    },
    /// The true answer comes this much later than its effect.
    Slow(Duration),
    /// The request takes effect; the answer breaks off in the middle of its body.
    Truncate,
    /// The request is refused for a rate limit. Requests that come before the wait is over are complaints, whoever sends
    /// them, and are refused too. A client that does not really wait puts the server's clock forward by
    /// [`advance`](crate::GitHub::advance).
    RateLimited {
        /// 403 or 429: GitHub answers either.
        code: u16,
        /// A secondary limit; else the primary one, which GraphQL answers with status 200 and an error.
        secondary: bool,
        /// The header `retry-after`.
        retry_after: Option<Duration>,
        /// From now; gives `x-ratelimit-reset` and `x-ratelimit-remaining: 0`.
        reset: Option<Duration>,
    },
    /// The request takes effect and is answered by status 200 with a body that is no JSON.
    Garbage,
}

impl What {
    /// An answer with this status, `{"message": …}` for a body, and no effect.
    pub fn status(code: u16, message: &str) -> Self {
        let body = serde_json::json!({ "message": message, "status": code.to_string() }).to_string();
        Self::Status { code, headers: Vec::new(), body, applied: false }
    }

    /// Every kind of thing that can go wrong with one request, by name: for tests that let each happen in turn.
    pub fn every() -> Vec<(&'static str, Self)> {
        let limited = |code, secondary, retry_after: Option<u64>, reset: Option<u64>| Self::RateLimited {
            code,
            secondary,
            retry_after: retry_after.map(Duration::from_secs),
            reset: reset.map(Duration::from_secs),
        };
        let body = serde_json::json!({ "message": "x" }).to_string();
        let applied = |code| Self::Status { code, headers: Vec::new(), body: body.clone(), applied: true };
        vec![
            ("500", Self::status(500, "Server Error")),
            ("502", Self::status(502, "Bad Gateway")),
            ("500 after effect", applied(500)),
            ("504 after effect", applied(504)),
            ("403", Self::status(403, "Resource not accessible by integration")),
            ("404", Self::status(404, "Not Found")),
            ("422", Self::status(422, "Validation Failed")),
            ("429", limited(429, true, Some(5), None)),
            ("403 with retry-after", limited(403, true, Some(5), None)),
            ("403 with reset", limited(403, false, None, Some(30))),
            ("403 secondary", limited(403, true, None, None)),
            ("dropped before", Self::Drop { before: true }),
            ("dropped after", Self::Drop { before: false }),
            ("slow", Self::Slow(Duration::from_secs(3))),
            ("garbage", Self::Garbage),
            ("truncated", Self::Truncate),
        ]
    }

    /// Whether the request takes effect.
    pub(crate) fn takes_effect(&self) -> bool {
        match self {
            Self::Status { applied, .. } => *applied,
            Self::Drop { before } => !before,
            Self::RateLimited { .. } => false,
            Self::Slow(_) | Self::Truncate | Self::Garbage => true,
        }
    }

    /// Whether the answer leaves open that the request took effect.
    pub(crate) fn loses_the_answer(&self) -> bool {
        !matches!(self, Self::Garbage | Self::Status { code: 200..=299, .. })
    }
}

/// The faults that wait for their requests.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<(Fault, usize)>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push((fault, 0));
    }

    /// Counts a request, and answers the fault that hits it: the first injected one.
    pub(crate) fn pick(&mut self, method: &str, target: &str) -> Option<What> {
        let mut picked = None;
        for (fault, seen) in &mut self.0 {
            if !fault.on.matches(method, target) {
                continue;
            }
            *seen += 1;
            let hit = *seen >= fault.on.nth && *seen - fault.on.nth < fault.on.times;
            if hit && picked.is_none() {
                picked = Some(fault.what.clone());
            }
        }
        self.0.retain(|(fault, seen)| *seen < fault.on.nth.saturating_add(fault.on.times).saturating_sub(1));
        picked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(on: Matcher, requests: &[(&str, &str)]) -> Vec<bool> {
        let mut faults = Faults::default();
        faults.add(Fault { on, what: What::Garbage });
        requests.iter().map(|(method, target)| faults.pick(method, target).is_some()).collect()
    }

    #[test]
    fn a_fault_hits_what_it_names() {
        let requests = [("GET", "/a"), ("POST", "/a"), ("POST", "/b"), ("POST", "/a?x"), ("POST", "/a")];
        assert_eq!(hits(Matcher::any(), &requests), [true, false, false, false, false]);
        assert_eq!(hits(Matcher::to("POST", "/a"), &requests), [false, true, false, false, false]);
        assert_eq!(hits(Matcher::to("POST", "/a").nth(2), &requests), [false, false, false, true, false]);
        assert_eq!(hits(Matcher::to("POST", "/a").nth(2).times(2), &requests), [false, false, false, true, true]);
        assert_eq!(hits(Matcher::any().times(usize::MAX), &requests), [true; 5]);
    }

    #[test]
    fn the_first_of_two_faults_wins_and_both_count() {
        let mut faults = Faults::default();
        faults.add(Fault { on: Matcher::any(), what: What::Garbage });
        faults.add(Fault { on: Matcher::any().times(2), what: What::Truncate });
        assert!(matches!(faults.pick("GET", "/"), Some(What::Garbage)));
        assert!(matches!(faults.pick("GET", "/"), Some(What::Truncate)));
        assert!(faults.pick("GET", "/").is_none());
    }
}
