//! The running service, asked a few things that only read: what it says to whoever has no token, or a wrong one; which headers it sends; whether it
//! stops whoever asks too often.
//!
//! Opt-in. It asks this machine, the `[service]` of the configuration, or a host that is allowed by name; one request after the other, at most
//! [`RATE`] a second but for one burst, and never more than was allowed. Each request with its answer is evidence.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use tollgate_check::{CheckError, Context};
use tollgate_http::{Client, Request, Response, Settings};
use tollgate_input::Digest;
use tollgate_model::{Cause, Location, Problem, format};
use url::{Host, Url};

use crate::entries;
use crate::evidence::{Draft, Evidence, State};
use crate::options::Options;
use crate::routes::{Access, SECURE_HEADERS, Table};

const PROBE: &str = "probe";

/// Requests per second, but for the burst.
const RATE: u32 = 20;

/// How long one answer may take.
const DEADLINE: Duration = Duration::from_secs(10);

/// Most bytes of an answer that are looked at.
const MOST_BODY: u64 = 256 << 10;

/// Requests that may be sent in all, where nobody says.
const MOST_REQUESTS: u32 = 250;

/// How many of them the burst may take, and how many operations are asked without a token.
const MOST_BURST: u32 = 130;
const MOST_OPERATIONS: usize = 30;

/// An origin that nobody has (RFC 2606).
const STRANGER: &str = "https://tollgate.invalid";

/// An operation that only reads and can be asked as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// Path and query.
    pub(crate) path: String,
    /// Whether only somebody who is known may ask, by the code or the document.
    pub(crate) protected: bool,
    pub(crate) place: Location,
}

/// The operations of the code that only read and need nothing filled in.
pub(crate) fn targets(table: &Table) -> Vec<Target> {
    let plain = |path: &str| !path.contains(['{', '*', '?', '(']);
    let reads = table.routes.iter().filter(|route| route.served && route.method == "GET" && plain(&route.path));
    reads
        .map(|route| Target {
            path: route.path.clone(),
            protected: matches!(route.access, Access::Known(_)),
            place: route.place.clone(),
        })
        .collect()
}

/// Where the service is, which must be this machine, that of `[service]`, or an allowed host.
fn address(ctx: &Context<'_>, options: &Options) -> Result<Result<Url, Problem>, CheckError> {
    let problem = |message: String| Ok(Err(Problem::new(Cause::Missing, message)));
    let Some(given) = &options.probe_url else {
        return match ctx.service() {
            Some(Ok(service)) => match Url::parse(&service.url) {
                Ok(url) => Ok(Ok(url)),
                Err(error) => problem(format!("service.url: {error}")),
            },
            Some(Err(because)) => problem(format!("the service was not asked: {because}")),
            None => problem(
                "owasp.probe is set, and there is no [service]; name the service there, or with owasp.probe_url"
                    .to_owned(),
            ),
        };
    };
    let wrong = |because: String| CheckError::option("owasp.probe_url", because);
    let url = Url::parse(given).map_err(|error| wrong(format!("{given:?} is no address: {error}")))?;
    let near = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let host = url.host_str().unwrap_or_default();
    if !["http", "https"].contains(&url.scheme()) || host.is_empty() {
        return Err(wrong(format!(
            "{given:?} is no address of a service; expected https://host or http://127.0.0.1:port"
        )));
    }
    if !near && !options.probe_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)) {
        return Err(wrong(format!("{host} is not this machine and not among owasp.probe_hosts, so it is not asked")));
    }
    Ok(Ok(url))
}

/// Asks the service, and notes what it says.
///
/// # Errors
/// An address that may not be asked, or no client can be made.
pub(crate) fn probe(
    ctx: &Context<'_>,
    options: &Options,
    targets: &[Target],
    evidence: &mut Evidence,
    problems: &mut Vec<Problem>,
) -> Result<u32, CheckError> {
    let url = match address(ctx, options)? {
        Ok(url) => url,
        Err(problem) => {
            problems.push(problem);
            return Ok(0);
        }
    };
    let unable = |message: String| CheckError::Problem(Problem::new(Cause::NoPermission, message));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| unable(format!("no event loop could be made: {error}")))?;
    runtime.block_on(async {
        let settings = Settings { redirects: 0, max_body: MOST_BODY, ..Settings::default() };
        let client = Client::new(settings).map_err(|error| unable(error.to_string()))?;
        let most = options.probe_requests.unwrap_or(MOST_REQUESTS);
        let mut asker = Asker { ctx, client, base: url, left: most, sent: 0, unanswered: Vec::new() };
        asker.everything(targets, evidence).await;
        if let Some(first) = asker.unanswered.first() {
            let count = format::things(asker.unanswered.len() as u64, "request");
            problems.push(Problem::new(Cause::Unreadable, format!("{count} without an answer, the first {first}")));
        }
        Ok(asker.sent)
    })
}

struct Asker<'a, 'c> {
    ctx: &'a Context<'c>,
    client: Client,
    base: Url,
    /// How many requests may still be sent.
    left: u32,
    sent: u32,
    unanswered: Vec<String>,
}

/// What whoever is not known sends along: how that is called, and the header.
fn strangers() -> [(&'static str, Option<String>); 3] {
    [
        ("without a token", None),
        ("with a token that is none", Some("Bearer tollgate-is-no-token".to_owned())),
        ("with a token that nobody signed (`alg: none`)", Some(format!("Bearer {}", unsigned()))),
    ]
}

/// A token as everybody can write one (RFC 7519, 6).
fn unsigned() -> String {
    let part = |text: &str| BASE64.encode(text);
    let claims = r#"{"sub":"1","role":"admin","iat":1700000000,"exp":4102444800}"#;
    format!("{}.{}.", part(r#"{"alg":"none","typ":"JWT"}"#), part(claims))
}

impl Asker<'_, '_> {
    async fn everything(&mut self, targets: &[Target], evidence: &mut Evidence) {
        let mut answers = self.strangers(targets, evidence).await;
        answers.extend(self.errors(evidence, targets).await);
        self.headers(&answers, evidence);
        self.origins(targets, evidence).await;
        self.trace(targets, evidence).await;
        self.burst(targets, evidence).await;
    }

    /// Sends one request that only reads. None where nothing may be sent any more, or nothing came back.
    async fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)]) -> Option<Response> {
        self.left = self.left.checked_sub(1)?;
        let target = format!("{}{path}", self.base.as_str().trim_end_matches('/'));
        let mut request = Request::new(method, &target).ok()?;
        for (name, value) in headers {
            request = request.header(name, value).ok()?;
        }
        self.sent += 1;
        let exchange = self.client.send(&request, Instant::now() + DEADLINE).await;
        match exchange.outcome {
            Ok(response) => {
                let mut told = format!("{method} {path}\n");
                headers.iter().for_each(|(name, value)| told.push_str(&format!("{name}: {value}\n")));
                told.push_str(&format!("\n{}\n", response.status));
                let mut bytes = told.into_bytes();
                bytes.extend_from_slice(&response.body);
                let sent: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
                let with = if sent.is_empty() { String::new() } else { format!(" with {}", sent.join(", ")) };
                self.ctx.record("response", &format!("{method} {path}{with}"), Digest::of(&bytes), None);
                Some(response)
            }
            Err(failure) => {
                self.unanswered.push(format!("{method} {path}: {failure}"));
                None
            }
        }
    }

    async fn pause(&self) {
        tokio::time::sleep(Duration::from_secs(1) / RATE).await;
    }

    /// Protected operations, asked by whoever is not known.
    async fn strangers(&mut self, targets: &[Target], evidence: &mut Evidence) -> Vec<Response> {
        let strangers = strangers();
        let protected: Vec<&Target> = targets.iter().filter(|target| target.protected).collect();
        let (mut refused, mut let_in, mut answers) = (Vec::new(), Vec::new(), Vec::new());
        for target in protected.iter().take(MOST_OPERATIONS) {
            let mut turned_away = 0;
            for (how, token) in &strangers {
                let headers: Vec<(&str, &str)> = token.iter().map(|token| ("authorization", token.as_str())).collect();
                let Some(response) = self.ask("GET", &target.path, &headers).await else { continue };
                match response.status {
                    401 | 403 => turned_away += 1,
                    200..=299 => {
                        let message = format!("GET {} answers {} {how}.", target.path, response.status);
                        let context = format!("{} {how}", target.path);
                        evidence.drafts.push(Draft::new("answers-strangers", message, target.place.clone(), context));
                        let_in.push(target.place.clone());
                    }
                    _ => {}
                }
                answers.push(response);
                self.pause().await;
            }
            if turned_away == strangers.len() {
                refused.push(target.place.clone());
            }
        }
        let text = format!(
            "{} of {} protected operations that only read refuse whoever has no token, none that is one, or one that nobody signed",
            refused.len(),
            protected.len()
        );
        // What changes something is not tried, so this alone never shows that all are protected.
        match (protected.len(), refused.len()) {
            (0, _) => {}
            (_, 0) => evidence.answer(PROBE, "authentication", State::Missing, text, let_in),
            _ => evidence.answer(PROBE, "authentication", State::Partly, text, refused),
        }
        answers
    }

    /// Requests that make no sense: what is told about why.
    async fn errors(&mut self, evidence: &mut Evidence, targets: &[Target]) -> Vec<Response> {
        let mut answers = Vec::new();
        let open = targets.iter().find(|target| !target.protected).map_or("/", |target| target.path.as_str());
        let joined = if open.contains('?') { "&" } else { "?" };
        let senseless = [
            "/tollgate-is-not-here".to_owned(),
            "/%E0%A4%A".to_owned(),
            format!("{open}{joined}limit[]=%00&id[$ne]=1"),
        ];
        for path in &senseless {
            if let Some(response) = self.ask("GET", path, &[("accept", "application/json")]).await {
                if let Some(trace) = stack(&response.body) {
                    let message =
                        format!("GET {path} answers {} with where the error happened: {trace}.", response.status);
                    let place = targets.first().map_or_else(|| Location::file("."), |target| target.place.clone());
                    evidence.drafts.push(Draft::new("stack-in-answer", message, place, path.clone()));
                }
                answers.push(response);
            }
            self.pause().await;
        }
        let traces = answers.iter().filter(|answer| stack(&answer.body).is_some()).count();
        let text = format!(
            "{} of {} answers to senseless requests tell nothing of the inside",
            answers.len() - traces,
            answers.len()
        );
        match (answers.len(), traces) {
            (0, _) => {}
            (_, 0) => evidence.answer(PROBE, "error-handling", State::Holds, text, Vec::new()),
            _ => evidence.answer(PROBE, "error-handling", State::Missing, text, Vec::new()),
        }
        answers
    }

    /// The headers of every answer so far.
    fn headers(&self, answers: &[Response], evidence: &mut Evidence) {
        let has =
            |answer: &Response| SECURE_HEADERS.iter().filter(|name| answer.headers.contains_key(**name)).count() >= 3;
        let with = answers.iter().filter(|answer| has(answer)).count();
        let text = format!("{with} of {} answers carry security headers", answers.len());
        let state = match with {
            0 => State::Missing,
            with if with == answers.len() => State::Holds,
            _ => State::Partly,
        };
        if !answers.is_empty() {
            evidence.answer(PROBE, "security-headers", state, text, Vec::new());
        }
    }

    /// A page of a stranger's asks.
    async fn origins(&mut self, targets: &[Target], evidence: &mut Evidence) {
        let path = targets.iter().find(|target| !target.protected).or(targets.first());
        let (path, place) =
            path.map_or(("/", Location::file(".")), |target| (target.path.as_str(), target.place.clone()));
        let Some(response) = self.ask("GET", path, &[("origin", STRANGER)]).await else { return };
        let allowed = response.headers.get("access-control-allow-origin").and_then(|value| value.to_str().ok());
        match allowed {
            Some(origin) if origin == STRANGER => {
                let message = format!("GET {path} tells pages of {STRANGER} that they may read the answer.");
                evidence.drafts.push(Draft::new("cors-reflects-origin", message, place, path));
                evidence.answer(PROBE, "cors", State::Missing, "an origin that nobody has is let in", Vec::new());
            }
            Some("*") => evidence.answer(PROBE, "cors", State::Missing, "every origin may read answers", Vec::new()),
            _ => evidence.answer(PROBE, "cors", State::Holds, "an origin that nobody has is not let in", Vec::new()),
        }
    }

    /// `TRACE` sends back what came, tokens included (RFC 9110, 9.3.8); `OPTIONS` may say that it is taken (RFC 9110, 9.3.7).
    async fn trace(&mut self, targets: &[Target], evidence: &mut Evidence) {
        let mark = "tollgate-trace";
        let Some(response) = self.ask("TRACE", "/", &[("x-tollgate", mark)]).await else { return };
        let options = self.ask("OPTIONS", "/", &[]).await;
        let listed = options.as_ref().and_then(|answer| answer.headers.get("allow")?.to_str().ok()).unwrap_or_default();
        let listed = listed.split(',').any(|method| method.trim() == "TRACE");
        let echoed = response.body.windows(mark.len()).any(|part| part == mark.as_bytes());
        let echoed = (200..300).contains(&response.status) && echoed;
        if echoed || listed {
            let place = targets.first().map_or_else(|| Location::file("."), |target| target.place.clone());
            let message = match echoed {
                true => "TRACE / sends back what came, tokens included.",
                false => "OPTIONS / says that TRACE is taken, which sends back what came, tokens included.",
            };
            evidence.drafts.push(Draft::new("trace-answered", message, place, "TRACE /"));
        }
    }

    /// One operation, asked as fast as it answers, until it refuses.
    async fn burst(&mut self, targets: &[Target], evidence: &mut Evidence) {
        let health = |target: &&Target| entries::is_health(&target.path);
        let Some(target) = targets.iter().find(|t| !t.protected && !health(t)).or(targets.iter().find(|t| !health(t)))
        else {
            return;
        };
        let path = target.path.clone();
        let mut asked = 0;
        while asked < MOST_BURST {
            let Some(response) = self.ask("GET", &path, &[]).await else { break };
            asked += 1;
            if response.status == 429 {
                let text = format!("GET {path} refuses with 429 after {}", format::things(u64::from(asked), "request"));
                return evidence.answer(PROBE, "rate-limit", State::Holds, text, vec![target.place.clone()]);
            }
        }
        let text = format!("GET {path} refuses none of {} in a row", format::things(u64::from(asked), "request"));
        evidence.answer(PROBE, "rate-limit", State::Missing, text, Vec::new());
    }
}

/// The line of a body that tells where an error happened.
fn stack(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    // Within JSON line breaks are written out.
    let text = text.replace("\\n", "\n");
    let tells = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("at ")
            && (line.contains(".js:")
                || line.contains(".ts:")
                || line.contains("node:internal")
                || line.contains(".java:"))
            || line.starts_with("Traceback (most recent call last)")
            || line.starts_with("File \"") && line.contains("\", line ")
    };
    text.lines().find(tells).map(|line| format!("`{}`", line.trim().chars().take(80).collect::<String>()))
}

#[cfg(test)]
mod tests;
