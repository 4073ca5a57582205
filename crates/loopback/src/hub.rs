//! What happens to a request between being read and being answered.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::clock;
use crate::faults::{Faults, What};
use crate::http::{self, Message, Reply};
use crate::request::Request;
use crate::setup::Setup;
use crate::state::State;
use crate::target::Target;
use crate::{graphql, rest};

/// How long to wait after a rate limit that does not say it.
const UNSAID: Duration = Duration::from_secs(60);
/// A moment given in whole seconds may be met so much early.
const ROUNDING: Duration = Duration::from_secs(1);
/// The primary rate limit, which is shown and never reached.
const RATE: usize = 15_000;

/// Everything the connections share.
pub(crate) struct Hub {
    pub(crate) setup: Setup,
    /// `http://127.0.0.1:PORT`
    pub(crate) server: String,
    ledger: Mutex<Ledger>,
    ended: Mutex<bool>,
    wake: Condvar,
}

/// What changes while the server runs.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) state: State,
    pub(crate) requests: Vec<Request>,
    pub(crate) complaints: Vec<String>,
    pub(crate) duplicates: Vec<String>,
    pub(crate) faults: Faults,
    pub(crate) calls: usize,
    /// How far the clock was put forward.
    pub(crate) skipped: Duration,
    /// Until when a rate limit asks for silence, as time since 1970.
    silence: Option<Duration>,
    /// By path and body.
    made: BTreeMap<(String, String), Made>,
    /// The place among all of the last request that looked something up.
    looked: usize,
}

/// A thing that a POST created.
struct Made {
    id: String,
    /// The place of the request among all.
    at: usize,
    /// Whether the answer left open that it was created.
    lost: bool,
}

/// What is sent.
enum Sent {
    Whole(Answer),
    Half(Answer),
    Nothing,
}

impl Hub {
    pub(crate) fn new(setup: Setup, server: String) -> Self {
        Self { setup, server, ledger: Mutex::default(), ended: Mutex::default(), wake: Condvar::new() }
    }

    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends every wait.
    pub(crate) fn end(&self) {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wake.notify_all();
    }

    fn wait(&self, time: Duration) {
        if !time.is_zero() {
            let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
            let _ended = self.wake.wait_timeout_while(ended, time, |ended| !*ended);
        }
    }

    /// Answers one request.
    pub(crate) fn answer(&self, message: &Message) -> Reply {
        let (number, fault) = {
            let mut ledger = self.ledger();
            ledger.calls += 1;
            (ledger.calls, self.fault(&mut ledger, message))
        };
        let (before, after) = self.setup.waits(number as u64);
        self.wait(before);
        let sent = self.perform(message, fault.as_ref());
        let slow = if let Some(What::Slow(time)) = fault { time } else { Duration::ZERO };
        self.wait(after + slow);
        let last = message.last;
        match sent {
            Sent::Whole(answer) => {
                Reply { bytes: http::answer(answer.status, &answer.headers, &answer.body, last), last }
            }
            Sent::Half(answer) => {
                let mut bytes = http::answer(answer.status, &answer.headers, &answer.body, true);
                let missing = if answer.body.is_empty() { bytes.len() / 2 } else { answer.body.len().div_ceil(2) };
                bytes.truncate(bytes.len() - missing);
                Reply { bytes, last: true }
            }
            Sent::Nothing => Reply { bytes: Vec::new(), last: true },
        }
    }

    /// The fault that hits a request: a rate limit that is not over yet, else an injected one.
    fn fault(&self, ledger: &mut Ledger, message: &Message) -> Option<What> {
        let now = clock::now() + ledger.skipped;
        let left = ledger.silence.map(|until| until.saturating_sub(now)).unwrap_or_default();
        if left.is_zero() {
            ledger.silence = None;
            return ledger.faults.pick(&message.method, &message.target);
        }
        let (method, target) = (&message.method, &message.target);
        let seconds = left.as_secs() + 1;
        ledger.complaints.push(format!("{method} {target}: {seconds} s before the wait of a rate limit is over"));
        Some(What::RateLimited { code: 429, secondary: true, retry_after: Some(left), reset: None })
    }

    /// Lets a request take effect, or not, and says what is sent.
    fn perform(&self, message: &Message, fault: Option<&What>) -> Sent {
        let mut guard = self.ledger();
        let ledger = &mut *guard;
        let now = clock::now() + ledger.skipped;
        let truth = if fault.is_none_or(What::takes_effect) {
            let answer = self.handle(&mut ledger.state, &mut ledger.complaints, message, now.as_secs());
            ledger.remember(message, &answer, fault.is_some_and(What::loses_the_answer));
            Some(answer)
        } else {
            // What has no effect is looked at all the same.
            self.handle(&mut ledger.state.clone(), &mut ledger.complaints, message, now.as_secs());
            None
        };
        let graphql = self.is_graphql(&message.target);
        let usual = |answer: Answer| self.usual_headers(answer, ledger.calls, graphql, now.as_secs());
        let sent = match (fault, truth) {
            (None | Some(What::Slow(_)), Some(truth)) => Sent::Whole(usual(truth)),
            (Some(What::Truncate), Some(truth)) => Sent::Half(usual(truth)),
            (Some(What::Garbage), _) => {
                let body = b"<html><body>Unicorn!</body></html>".to_vec();
                Sent::Whole(usual(Answer { status: 200, headers: Vec::new(), body, made: None }))
            }
            (Some(What::Status { code, headers, body, .. }), _) => {
                let answer =
                    Answer { status: *code, headers: headers.clone(), body: body.clone().into_bytes(), made: None };
                Sent::Whole(usual(answer))
            }
            (Some(What::RateLimited { code, secondary, retry_after, reset }), _) => {
                Sent::Whole(usual(limited(*code, *secondary, *retry_after, *reset, graphql, now)))
            }
            _ => Sent::Nothing,
        };
        let (status, answer) = match &sent {
            Sent::Whole(answer) | Sent::Half(answer) => (Some(answer.status), answer.body.clone()),
            Sent::Nothing => (None, Vec::new()),
        };
        match fault {
            Some(What::RateLimited { retry_after, reset, .. }) => {
                let reset = reset.map(|time| time.saturating_sub(ROUNDING));
                ledger.silence = Some(now + retry_after.or(reset).unwrap_or(UNSAID));
            }
            Some(What::Status { code: 403 | 429, headers, .. }) => {
                let told = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
                if let Some(seconds) = told.and_then(|(_, value)| value.parse().ok()) {
                    ledger.silence = Some(now + Duration::from_secs(seconds));
                }
            }
            _ => {}
        }
        ledger.requests.push(Request {
            method: message.method.clone(),
            path: message.target.clone(),
            status,
            body: message.body.clone(),
            answer,
        });
        sent
    }

    fn is_graphql(&self, target: &str) -> bool {
        target.split('?').next() == Some(self.setup.graphql_path())
    }

    /// The true answer to a request, which changes `state`.
    fn handle(&self, state: &mut State, complaints: &mut Vec<String>, message: &Message, now: u64) -> Answer {
        let graphql = self.is_graphql(&message.target);
        let below = message.target.strip_prefix(self.setup.api_path()).filter(|rest| rest.starts_with('/'));
        let mut call = Call {
            setup: &self.setup,
            server: &self.server,
            now,
            message,
            target: below.and_then(Target::parse).unwrap_or_default(),
            state,
            complaints,
        };
        match (graphql, message.target.strip_prefix(rest::STORE)) {
            (true, _) => graphql::answer(&mut call),
            (false, Some(blob)) => rest::stored(&mut call, blob),
            (false, None) => rest::answer(&mut call),
        }
    }

    fn usual_headers(&self, answer: Answer, calls: usize, graphql: bool, now: u64) -> Answer {
        let mut answer = answer
            .with("server", "github.com")
            .with("content-type", "application/json; charset=utf-8")
            .with("x-github-media-type", "github.v3; format=json")
            .with("x-github-api-version-selected", "2022-11-28")
            .with("x-github-request-id", format!("{calls:08X}"));
        if !self.setup.enterprise && !answer.headers.iter().any(|(name, _)| name == "x-ratelimit-remaining") {
            answer = answer
                .with("x-ratelimit-limit", RATE)
                .with("x-ratelimit-remaining", RATE.saturating_sub(calls).max(1))
                .with("x-ratelimit-used", calls.min(RATE - 1))
                .with("x-ratelimit-reset", now + 3_600)
                .with("x-ratelimit-resource", resource(graphql));
        }
        answer
    }
}

impl Ledger {
    /// Keeps what a POST created, and notices when it is created a second time.
    fn remember(&mut self, message: &Message, answer: &Answer, lost: bool) {
        let number = self.requests.len() + 1;
        let path = message.target.split('?').next().unwrap_or_default();
        if message.method == "GET" || path.ends_with("/graphql") {
            self.looked = number;
        }
        if message.method == "DELETE" && answer.is_success() {
            self.made.retain(|_, made| !path.ends_with(&format!("/{}", made.id)));
        }
        let Some(id) = answer.made.clone() else { return };
        let made = Made { id, at: number, lost };
        let body: Value = serde_json::from_slice(&message.body).unwrap_or_default();
        let Some(former) = self.made.insert((path.to_owned(), body.to_string()), made) else { return };
        // To set a status again, or to upload a file again, changes nothing; comments and issues are looked for first.
        let harmless = path.contains("/statuses/") || path.ends_with("/sarifs");
        if !former.lost {
            self.duplicates.push(format!("POST {path}: the same body again, though its answer had come"));
        } else if !harmless && self.looked <= former.at {
            self.duplicates.push(format!("POST {path}: the same body again, without a look whether it took effect"));
        }
    }
}

/// A refusal for a rate limit.
fn limited(
    code: u16,
    secondary: bool,
    retry_after: Option<Duration>,
    reset: Option<Duration>,
    graphql: bool,
    now: Duration,
) -> Answer {
    let message = if secondary {
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    } else {
        "API rate limit exceeded for installation ID 1."
    };
    let mut answer = if graphql && !secondary {
        Answer::json(200, &json!({ "errors": [{ "type": "RATE_LIMITED", "message": message }] }))
    } else {
        Answer::refusal(code, message)
    };
    if let Some(time) = retry_after {
        answer = answer.with("retry-after", time.as_secs_f64().ceil());
    }
    if let Some(time) = reset {
        answer = answer
            .with("x-ratelimit-limit", RATE)
            .with("x-ratelimit-remaining", 0)
            .with("x-ratelimit-used", RATE)
            .with("x-ratelimit-reset", (now + time).as_secs_f64().ceil())
            .with("x-ratelimit-resource", resource(graphql));
    }
    answer
}

/// What a rate limit is counted for.
fn resource(graphql: bool) -> &'static str {
    if graphql { "graphql" } else { "core" }
}
