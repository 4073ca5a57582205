//! The client: everything that is sent goes through here.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde_json::Value;

use crate::address::{self, Repository};
use crate::answer::{Answer, End};
use crate::clock::{Clock, SystemClock};
use crate::send::{Effect, Next, Tries, limited};
use crate::token::Token;
use crate::wire::{Lost, Message, Wire};
use crate::{ForgeError, graphql};

/// How many redirects are followed. A repository that was renamed answers one.
const REDIRECTS: usize = 3;

/// Where to send what, and how long to take.
#[derive(Clone)]
pub struct Settings {
    /// `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise Server: `GITHUB_API_URL`.
    pub api_url: String,
    /// Where GraphQL is, `GITHUB_GRAPHQL_URL`; none derives it from the other.
    pub graphql_url: Option<String>,
    /// The repository that everything is about.
    pub repository: Repository,
    /// By what it is allowed.
    pub token: Token,
    /// Most time for one request and its answer.
    pub request: Duration,
    /// Most time for all requests together, waiting included.
    pub total: Duration,
    /// What the time is.
    pub clock: Arc<dyn Clock>,
}

impl Settings {
    /// The usual: 30 seconds for a request, 2 minutes for all, the machine's clock.
    pub fn new(api_url: &str, graphql_url: Option<&str>, repository: Repository, token: Token) -> Self {
        Self {
            api_url: api_url.to_owned(),
            graphql_url: graphql_url.map(str::to_owned),
            repository,
            token,
            request: Duration::from_secs(30),
            total: Duration::from_secs(120),
            clock: Arc::new(SystemClock::default()),
        }
    }

    /// The same for the forge whose workflow this is; `variable` answers environment variables.
    pub fn of_workflow(variable: &dyn Fn(&str) -> Option<String>, repository: Repository, token: Token) -> Self {
        let api = variable("GITHUB_API_URL").unwrap_or_else(|| "https://api.github.com".to_owned());
        Self::new(&api, variable("GITHUB_GRAPHQL_URL").as_deref(), repository, token)
    }
}

/// A client for one repository. Its functions block.
pub struct Client {
    wire: Wire,
    api: String,
    graphql: String,
    repository: Repository,
    request: Duration,
    total: Duration,
    clock: Arc<dyn Clock>,
    started: Duration,
    calls: Cell<usize>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("api", &self.api).field("calls", &self.calls).finish_non_exhaustive()
    }
}

impl Client {
    /// Nothing is sent yet. The time for all requests begins to count.
    ///
    /// # Errors
    /// [`ForgeError::Address`] where an address is none.
    pub fn new(settings: Settings) -> Result<Self, ForgeError> {
        let api = address::base("GITHUB_API_URL", &settings.api_url)?;
        let graphql = match &settings.graphql_url {
            Some(url) => address::base("GITHUB_GRAPHQL_URL", url)?,
            None => address::graphql_of(&api),
        };
        Ok(Self {
            wire: Wire::new(settings.token, api.starts_with("https:"))?,
            api,
            graphql,
            repository: settings.repository,
            request: settings.request,
            total: settings.total,
            started: settings.clock.elapsed(),
            clock: settings.clock,
            calls: Cell::new(0),
        })
    }

    /// How many requests were sent, repeated ones counted each time.
    pub fn calls(&self) -> usize {
        self.calls.get()
    }

    /// The repository that everything is about.
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Asks for `path` below the repository, which begins with a slash. Answers the JSON and whether a page follows.
    pub(crate) fn get(&self, what: &str, path: &str) -> Result<(Value, bool), ForgeError> {
        let answer = self.rest(what, Method::GET, path, None, Effect::Looks)?;
        let more = answer.has_next_page();
        let json = answer.json().ok_or_else(|| ForgeError::answer(what, "no JSON"))?;
        Ok((json, more))
    }

    /// Sends `body` to `path` below the repository. The JSON is none where the answer could not be read.
    pub(crate) fn send(
        &self,
        what: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Option<Value>, ForgeError> {
        let effect = Effect::of(&method);
        Ok(self.rest(what, method, path, body, effect)?.json())
    }

    /// The same by POST, for what stays the same when it is done twice.
    pub(crate) fn post_again(&self, what: &str, path: &str, body: &Value) -> Result<Option<Value>, ForgeError> {
        Ok(self.rest(what, Method::POST, path, Some(body), Effect::Sets)?.json())
    }

    /// Asks by GraphQL; answers what is under `data`.
    pub(crate) fn query(&self, what: &str, query: &str, variables: &Value) -> Result<Value, ForgeError> {
        let body = serde_json::json!({ "query": query, "variables": variables }).to_string();
        let message = Message { method: Method::POST, url: &self.graphql, body: Some(&body) };
        let answer = self.repeat(what, &message, Effect::Looks)?;
        graphql::data(what, answer.json())
    }

    /// Downloads what `path` below the repository redirects to, at most `largest` bytes. Only the forge hears the token.
    pub(crate) fn download(&self, what: &str, path: &str, largest: usize) -> Result<Vec<u8>, ForgeError> {
        let url = format!("{}/repos/{}{path}", self.api, self.repository);
        let message = Message { method: Method::GET, url: &url, body: None };
        let answer = self.attempts(what, Effect::Fetches, |most| {
            self.calls.set(self.calls.get() + 1);
            self.wire.exchange(&message, most)
        })?;
        let to = answer.header("location").map(str::to_owned);
        let to = to.ok_or_else(|| ForgeError::answer(what, "it names no place to download from"))?;
        let answer = self.attempts(what, Effect::Fetches, |most| {
            self.calls.set(self.calls.get() + 1);
            self.wire.fetch(&to, most, largest)
        })?;
        match answer.end {
            End::Whole => Ok(answer.body),
            End::Broken => Err(ForgeError::answer(what, "it broke off")),
            End::TooLarge => Err(ForgeError::TooLarge { what: what.to_owned(), bytes: largest + 1, limit: largest }),
        }
    }

    /// Waits, where there is time for it.
    pub(crate) fn pause(&self, what: &str, time: Duration) -> Result<(), ForgeError> {
        if self.spent() + time >= self.total {
            return Err(self.out_of_time(what));
        }
        self.clock.sleep(time);
        self.wire.wake();
        Ok(())
    }

    fn rest(
        &self,
        what: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
        effect: Effect,
    ) -> Result<Answer, ForgeError> {
        let url = format!("{}/repos/{}{path}", self.api, self.repository);
        let body = body.map(Value::to_string);
        self.repeat(what, &Message { method, url: &url, body: body.as_deref() }, effect)
    }

    /// Sends until there is an answer to take, or none to be had.
    fn repeat(&self, what: &str, message: &Message<'_>, effect: Effect) -> Result<Answer, ForgeError> {
        self.attempts(what, effect, |most| self.redirected(message, most))
    }

    fn attempts(
        &self,
        what: &str,
        effect: Effect,
        send: impl Fn(Duration) -> Result<Answer, Lost>,
    ) -> Result<Answer, ForgeError> {
        let mut tries = Tries::default();
        loop {
            let left = self.total.saturating_sub(self.spent());
            if left.is_zero() {
                return Err(self.out_of_time(what));
            }
            let outcome = send(left.min(self.request));
            match tries.judge(what, effect, outcome, self.clock.unix()) {
                Next::Take(answer) => return Ok(answer),
                Next::Fail(error) => return Err(error),
                Next::Again(wait, for_limit) => {
                    if for_limit && self.spent() + wait >= self.total {
                        return Err(limited(what, wait, self.clock.unix()));
                    }
                    self.pause(what, wait)?;
                }
            }
        }
    }

    /// Sends once. A redirect to another path of the same server is followed with the same method and body: nothing was
    /// done at the first.
    fn redirected(&self, message: &Message<'_>, most: Duration) -> Result<Answer, Lost> {
        let mut url = message.url.to_owned();
        let mut hops = 0;
        loop {
            self.calls.set(self.calls.get() + 1);
            let message = Message { method: message.method.clone(), url: &url, body: message.body };
            let answer = self.wire.exchange(&message, most)?;
            let to = answer.header("location").filter(|_| matches!(answer.status, 301 | 302 | 307 | 308));
            let to = to.filter(|to| address::origin(to) == address::origin(&url)).map(str::to_owned);
            match to {
                Some(to) if hops < REDIRECTS => url = to,
                _ => return Ok(answer),
            }
            hops += 1;
        }
    }

    fn spent(&self) -> Duration {
        self.clock.elapsed().saturating_sub(self.started)
    }

    fn out_of_time(&self, what: &str) -> ForgeError {
        ForgeError::OutOfTime { what: what.to_owned(), seconds: self.total.as_secs() }
    }
}
