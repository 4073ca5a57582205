//! One answer of the forge, and what its headers say.

use std::time::Duration;

use http::HeaderMap;
use serde_json::Value;

use crate::error::clean;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) end: End,
}

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All of it came.
    Whole,
    /// It broke off.
    Broken,
    /// There is more than is read.
    TooLarge,
}

impl Answer {
    /// The body, where it is all there and JSON.
    pub(crate) fn json(&self) -> Option<Value> {
        if self.end == End::Whole { serde_json::from_slice(&self.body).ok() } else { None }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.header(name)?.trim().parse().ok()
    }

    /// Whether there is a page after this one.
    pub(crate) fn has_next_page(&self) -> bool {
        self.header("link").is_some_and(|links| links.split(',').any(|link| link.contains("rel=\"next\"")))
    }

    /// The forge's own words: `message`, and what `errors` say.
    pub(crate) fn message(&self) -> String {
        let Some(body) = self.json() else { return "no explanation".to_owned() };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let mut words: Vec<String> = body.get("message").and_then(text).into_iter().collect();
        for error in body.get("errors").and_then(Value::as_array).into_iter().flatten().take(3) {
            let parts = ["field", "code", "message"].into_iter().filter_map(|key| error.get(key).and_then(text));
            let spelt = text(error).unwrap_or_else(|| parts.collect::<Vec<_>>().join(" "));
            words.push(spelt);
        }
        words.retain(|word| !word.trim().is_empty());
        if words.is_empty() { "no explanation".to_owned() } else { clean(&words.join(": ")) }
    }

    /// The permissions that the forge says would be enough.
    pub(crate) fn accepted_permissions(&self) -> Option<String> {
        self.header("x-accepted-github-permissions").map(clean).filter(|text| !text.is_empty())
    }

    /// How long to wait where this is a rate limit: as `retry-after` says, else until the moment of
    /// `x-ratelimit-reset`, else a minute that doubles with each `earlier` limit.
    ///
    /// Source: GitHub's documentation of rate limits for the REST API and for GraphQL.
    pub(crate) fn rate_limit(&self, now: u64, earlier: u32) -> Option<Duration> {
        let refused = matches!(self.status, 403 | 429);
        let after = self.number("retry-after").filter(|_| refused);
        let used_up = self.number("x-ratelimit-remaining") == Some(0);
        let limited_query = || self.graphql_errors().any(|error| error["type"] == "RATE_LIMITED");
        let spoken = || {
            let message = self.message().to_lowercase();
            message.contains("rate limit") || message.contains("abuse detection")
        };
        let limited = after.is_some() || (refused && used_up) || self.status == 429 || (self.status == 403 && spoken());
        if !limited && !limited_query() {
            return None;
        }
        let reset = self.number("x-ratelimit-reset").filter(|_| used_up);
        // A second more: the moment is given in whole seconds.
        let until_reset = reset.map(|moment| moment.saturating_sub(now) + 1);
        let unsaid = 60_u64 << earlier.min(8);
        Some(Duration::from_secs(after.or(until_reset).unwrap_or(unsaid)))
    }

    /// The errors of an answer to a query.
    pub(crate) fn graphql_errors(&self) -> impl Iterator<Item = Value> {
        let body = (self.status == 200).then(|| self.json()).flatten();
        let errors = body.as_ref().and_then(|body| body.get("errors")).and_then(Value::as_array).cloned();
        errors.unwrap_or_default().into_iter()
    }

    /// Whether a query failed inside the forge, for a reason that passes.
    pub(crate) fn is_passing_failure(&self) -> bool {
        let timed_out = |error: Value| {
            let message = error["message"].as_str().unwrap_or_default();
            message.starts_with("Something went wrong") || message.contains("timed out")
        };
        self.graphql_errors().any(timed_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> Answer {
        let headers = headers
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), http::HeaderValue::from_str(value).unwrap()));
        Answer { status, headers: headers.collect(), body: body.as_bytes().to_vec(), end: End::Whole }
    }

    #[test]
    fn rate_limits_and_what_is_none() {
        let secondary = r#"{"message": "You have exceeded a secondary rate limit."}"#;
        let fork = r#"{"message": "Resource not accessible by integration"}"#;
        let used_up = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1030")];
        for (answer, earlier, seconds) in [
            (answer(403, &[("retry-after", "7")], fork), 0, Some(7)),
            (answer(429, &[("retry-after", "7")], "{}"), 3, Some(7)),
            (answer(403, &used_up, "{}"), 0, Some(31)),
            (answer(429, &used_up, "{}"), 0, Some(31)),
            (answer(403, &[], secondary), 0, Some(60)),
            (answer(403, &[], secondary), 2, Some(240)),
            (answer(429, &[], "{}"), 1, Some(120)),
            (answer(403, &[], fork), 0, None),
            (answer(403, &[("x-ratelimit-remaining", "4"), ("x-ratelimit-reset", "1030")], fork), 0, None),
            (answer(503, &[("retry-after", "7")], "{}"), 0, None),
            (answer(200, &used_up, r#"{"data": {}}"#), 0, None),
            (answer(200, &used_up, r#"{"errors": [{"type": "RATE_LIMITED"}]}"#), 0, Some(31)),
            (answer(200, &[], r#"{"errors": [{"type": "RATE_LIMITED"}]}"#), 0, Some(60)),
        ] {
            assert_eq!(answer.rate_limit(1000, earlier).map(|time| time.as_secs()), seconds, "{answer:?}");
        }
    }

    #[test]
    fn words_of_the_forge_are_one_clean_line() {
        let body =
            r#"{"message": "Validation\nFailed\u001b[31m", "errors": [{"code": "custom", "field": "sha"}, "no"]}"#;
        assert_eq!(answer(422, &[], body).message(), "Validation Failed: sha custom: no");
        assert_eq!(answer(502, &[], "<html>").message(), "no explanation");
        assert_eq!(
            answer(422, &[], &format!(r#"{{"message": "{}"}}"#, "x".repeat(9_000))).message().chars().count(),
            301
        );
    }

    #[test]
    fn any_json_is_borne() {
        for body in ["[]", "1", "null", "\"x\"", "{\"errors\": 1}", "{\"errors\": [1]}", "{\"message\": []}"] {
            for status in [200, 403, 429] {
                let answer = answer(status, &[], body);
                assert!(!answer.is_passing_failure() && !answer.message().is_empty());
                assert_eq!(answer.rate_limit(0, 0).is_some(), status == 429);
            }
        }
    }

    #[test]
    fn pages_end() {
        let links = r#"<https://x/?page=2>; rel="next", <https://x/?page=9>; rel="last""#;
        assert!(answer(200, &[("link", links)], "").has_next_page());
        assert!(!answer(200, &[("link", r#"<https://x/?page=1>; rel="prev""#)], "").has_next_page());
        assert!(!answer(200, &[], "").has_next_page());
    }
}
