//! When a request is sent again, and how long is waited before.
//!
//! What can be repeated without harm is repeated after a failure of the forge or the connection, three times in all. What
//! creates something is repeated only where it surely was not taken: there was no connection, or a rate limit refused it.
//! Whoever gets [`ForgeError::Unclear`] looks whether it took effect.

use std::time::Duration;

use http::Method;

use crate::ForgeError;
use crate::answer::{Answer, End};
use crate::wire::{LARGEST_ANSWER, Lost};

/// How often something is tried in all, rate limits not counted.
const TRIES: u32 = 3;
/// The wait before the second try. It grows fourfold.
const PAUSE: Duration = Duration::from_secs(1);
/// How many rate limits are waited for.
const LIMITS: u32 = 4;

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It only looks. Of an answer its JSON is needed.
    Looks,
    /// It only looks, for bytes of any kind or for where they are.
    Fetches,
    /// Done twice it is the same as done once.
    Sets,
    /// Done twice there are two.
    Makes,
}

impl Effect {
    /// What a REST request does, by its method.
    pub(crate) fn of(method: &Method) -> Self {
        match *method {
            Method::GET => Self::Looks,
            Method::POST => Self::Makes,
            _ => Self::Sets,
        }
    }
}

/// What to do after an answer, or none.
#[derive(Debug)]
pub(crate) enum Next {
    Take(Answer),
    /// Wait, then send again. Whether it is for a rate limit.
    Again(Duration, bool),
    Fail(ForgeError),
}

/// How it went so far.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    failures: u32,
    limits: u32,
}

impl Tries {
    /// What to do after `outcome` of a request that has this `effect`, `now` in seconds since 1970.
    pub(crate) fn judge(&mut self, what: &str, effect: Effect, outcome: Result<Answer, Lost>, now: u64) -> Next {
        let answer = match outcome {
            Ok(answer) => answer,
            Err(Lost::Impossible(why)) => return Next::Fail(ForgeError::address(what, &why)),
            Err(Lost::Unsent(why)) => return self.again(what, &Lost::Unsent(why).to_string(), None),
            Err(lost) => return self.unclear(what, effect, &lost.to_string(), None),
        };
        if let Some(wait) = answer.rate_limit(now, self.limits) {
            self.limits += 1;
            return match self.limits {
                ..=LIMITS => Next::Again(wait, true),
                _ => Next::Fail(limited(what, wait, now)),
            };
        }
        match answer.status {
            300..400 if effect == Effect::Fetches => Next::Take(answer),
            200..300 if effect == Effect::Fetches && answer.end == End::Broken => {
                self.unclear(what, effect, "the answer broke off", None)
            }
            200..300 if effect == Effect::Looks && answer.end == End::TooLarge => {
                let what = what.to_owned();
                Next::Fail(ForgeError::TooLarge { what, bytes: LARGEST_ANSWER + 1, limit: LARGEST_ANSWER })
            }
            200..300 if effect == Effect::Looks && answer.json().is_none() => {
                self.unclear(what, effect, "the answer is not whole, or no JSON", None)
            }
            200..300 if effect == Effect::Looks && answer.is_passing_failure() => {
                self.unclear(what, effect, "the query failed inside the forge", None)
            }
            // A body that does not read changes nothing about what was done.
            200..300 => Next::Take(answer),
            408 | 500..600 => {
                let after = answer.header("retry-after").and_then(|text| text.parse().ok()).map(Duration::from_secs);
                self.unclear(what, effect, &format!("{}: {}", answer.status, answer.message()), after)
            }
            _ => Next::Fail(refusal(what, &answer)),
        }
    }

    fn unclear(&mut self, what: &str, effect: Effect, message: &str, after: Option<Duration>) -> Next {
        match effect {
            Effect::Makes => Next::Fail(ForgeError::Unclear { what: what.to_owned(), message: message.to_owned() }),
            Effect::Looks | Effect::Fetches | Effect::Sets => self.again(what, message, after),
        }
    }

    fn again(&mut self, what: &str, message: &str, after: Option<Duration>) -> Next {
        self.failures += 1;
        if self.failures == TRIES {
            let (what, message) = (what.to_owned(), message.to_owned());
            return Next::Fail(ForgeError::Unreachable { what, tries: TRIES, message });
        }
        let pause = PAUSE * 4_u32.pow(self.failures - 1);
        Next::Again(after.map_or(pause, |after| after.max(pause)), false)
    }
}

/// The rate limit as an error.
pub(crate) fn limited(what: &str, wait: Duration, now: u64) -> ForgeError {
    let seconds = wait.as_secs();
    ForgeError::Limited {
        what: what.to_owned(),
        seconds,
        until: crate::clock::time_of_day(now.saturating_add(seconds)),
    }
}

fn refusal(what: &str, answer: &Answer) -> ForgeError {
    let (what, status, message) = (what.to_owned(), answer.status, answer.message());
    match status {
        401 | 403 => ForgeError::NotAllowed { what, status, message, needs: answer.accepted_permissions() },
        404 | 410 => ForgeError::NotFound { what, message },
        _ => ForgeError::Refused { what, status, message },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Result<Answer, Lost> {
        Ok(Answer { status, headers: http::HeaderMap::new(), body: body.as_bytes().to_vec(), end: End::Whole })
    }

    fn with(outcome: Result<Answer, Lost>, name: &'static str, value: &'static str) -> Result<Answer, Lost> {
        outcome.map(|mut answer| {
            answer.headers.insert(name, http::HeaderValue::from_static(value));
            answer
        })
    }

    /// The waits in seconds, and how it ended.
    fn run(effect: Effect, outcome: impl Fn() -> Result<Answer, Lost>) -> (Vec<u64>, Result<u16, ForgeError>) {
        let mut tries = Tries::default();
        let mut waits = Vec::new();
        loop {
            match tries.judge("x", effect, outcome(), 1_000) {
                Next::Take(answer) => return (waits, Ok(answer.status)),
                Next::Again(wait, _) => waits.push(wait.as_secs()),
                Next::Fail(error) => return (waits, Err(error)),
            }
        }
    }

    #[test]
    fn what_changes_nothing_by_being_repeated_is_repeated_and_waits_grow() {
        for effect in [Effect::Looks, Effect::Sets] {
            for outcome in [|| answer(502, ""), || Err(Lost::Dropped("x".to_owned())), || Err(Lost::Late(PAUSE))] {
                let (waits, end) = run(effect, outcome);
                assert_eq!(waits, [1, 4]);
                assert!(matches!(end, Err(ForgeError::Unreachable { tries: 3, .. })));
            }
        }
        assert_eq!(run(Effect::Sets, || with(answer(503, ""), "retry-after", "9")).0, [9, 9]);
    }

    #[test]
    fn what_makes_something_is_repeated_only_where_it_was_surely_not_taken() {
        for outcome in [|| answer(500, ""), || Err(Lost::Dropped("x".to_owned())), || Err(Lost::Late(PAUSE))] {
            let (waits, end) = run(Effect::Makes, outcome);
            assert!(waits.is_empty());
            assert!(matches!(end, Err(ForgeError::Unclear { .. })));
        }
        let (waits, end) = run(Effect::Makes, || Err(Lost::Unsent("x".to_owned())));
        assert_eq!(waits, [1, 4]);
        assert!(matches!(end, Err(ForgeError::Unreachable { .. })));
        let (waits, end) = run(Effect::Makes, || with(answer(429, "{}"), "retry-after", "3"));
        assert_eq!(waits, [3; 4]);
        assert!(matches!(end, Err(ForgeError::Limited { seconds: 3, .. })));
    }

    #[test]
    fn a_refusal_is_final() {
        for (status, name) in
            [(401, "NotAllowed"), (403, "NotAllowed"), (404, "NotFound"), (410, "NotFound"), (422, "Refused")]
        {
            let (waits, end) = run(Effect::Sets, || answer(status, r#"{"message": "no"}"#));
            assert!(waits.is_empty());
            assert!(format!("{:?}", end.unwrap_err()).starts_with(name), "{status}");
        }
    }

    #[test]
    fn a_body_that_does_not_read_matters_only_where_it_is_needed() {
        assert_eq!(run(Effect::Makes, || answer(201, "<html>")).1, Ok(201));
        assert_eq!(run(Effect::Sets, || answer(200, "<html>")).1, Ok(200));
        assert!(run(Effect::Looks, || answer(200, "<html>")).1.is_err());
        assert!(run(Effect::Looks, || answer(200, r#"{"errors": [{"message": "Something went wrong"}]}"#)).1.is_err());
    }

    #[test]
    fn a_secondary_limit_that_says_no_time_costs_growing_minutes() {
        let body = r#"{"message": "You have exceeded a secondary rate limit"}"#;
        assert_eq!(run(Effect::Makes, || answer(403, body)).0, [60, 120, 240, 480]);
    }
}
