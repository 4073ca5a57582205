//! What is asked: endpoints of the configuration, addresses of the command line, operations of an OpenAPI document.

mod openapi;

use std::collections::BTreeSet;

use serde_json::Value;
use tollgate_check::{CheckError, Context, fill};
use tollgate_http::Request;
use tollgate_model::{Cause, Location, Problem};

use crate::accept::Accept;
use crate::duration;
use crate::options::{EndpointOptions, Options, Statistic};
use crate::place::Places;

/// One endpoint, ready to be asked.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    /// What reports and conditions call it.
    pub(crate) label: String,
    pub(crate) critical: bool,
    pub(crate) request: Request,
    /// Whether its path was filled in, with what may be secret.
    pub(crate) filled: bool,
    pub(crate) accept: Accept,
    /// Its own limits.
    pub(crate) limits: Vec<Limit>,
    pub(crate) per_minute: Option<u32>,
    /// Where it is written down.
    pub(crate) location: Option<Location>,
}

/// A limit of an endpoint's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limit {
    pub(crate) statistic: Statistic,
    /// Milliseconds.
    pub(crate) limit: f64,
    /// Whether nobody said of what it is a limit.
    pub(crate) assumed: bool,
}

/// What is asked, and what cannot be.
#[derive(Debug, Default)]
pub(crate) struct Endpoints {
    pub(crate) all: Vec<Endpoint>,
    /// Of each that cannot be asked, why.
    pub(crate) problems: Vec<Problem>,
    pub(crate) notes: Vec<String>,
}

impl Endpoint {
    /// One that is asked for nothing but an answer.
    pub(crate) fn plain(url: &str) -> Result<Self, String> {
        Ok(Self {
            label: String::new(),
            critical: false,
            request: Request::new("GET", url).map_err(|e| e.to_string())?,
            filled: false,
            accept: Accept::default(),
            limits: Vec::new(),
            per_minute: None,
            location: None,
        })
    }
}

impl Endpoints {
    /// Everything that the options name.
    ///
    /// # Errors
    /// An option that makes no sense.
    pub(crate) fn of(ctx: &Context<'_>, options: &Options) -> Result<Self, CheckError> {
        let mut found = Self::default();
        let places = Places::read(ctx);
        let asked = Asked { ctx, options, limits: limits(options)? };
        for url in &options.urls {
            let endpoint = EndpointOptions { path: url.clone(), ..EndpointOptions::default() };
            found.add(&asked, &endpoint, None)?;
        }
        for endpoint in &options.endpoints {
            found.add(&asked, endpoint, places.of(endpoint))?;
        }
        if let Some(document) = &options.openapi {
            openapi::add(&mut found, &asked, document)?;
        }
        let mut labels = BTreeSet::new();
        if let Some(twice) = found.all.iter().find(|endpoint| !labels.insert(endpoint.label.clone())) {
            let message = format!("{} is named twice; give each of them a `name`", twice.label);
            return Err(CheckError::option("latency.endpoints", message));
        }
        if found.all.is_empty() && found.problems.is_empty() {
            let message = "nothing is asked: name an address, [[latency.endpoints]] or `openapi`";
            found.problems.push(Problem::new(Cause::NoEvidence, message));
        }
        Ok(found)
    }

    /// Adds one, or says why it cannot be asked.
    fn add(
        &mut self,
        asked: &Asked<'_, '_>,
        endpoint: &EndpointOptions,
        at: Option<Location>,
    ) -> Result<(), CheckError> {
        let method = endpoint.method.as_deref().unwrap_or("GET");
        let label = endpoint.name.clone().unwrap_or_else(|| format!("{method} {}", without_user(&endpoint.path)));
        match asked.endpoint(endpoint, label.clone(), at.clone())? {
            Ok(endpoint) => self.all.push(endpoint),
            Err(because) => {
                let problem = Problem::new(Cause::Missing, format!("{label} cannot be asked: {because}"));
                self.problems.push(match at {
                    Some(at) => problem.at(at.path),
                    None => problem,
                });
            }
        }
        Ok(())
    }
}

/// What holds for every endpoint.
struct Asked<'a, 'c> {
    ctx: &'a Context<'c>,
    options: &'a Options,
    /// Limits of those that have none of their own.
    limits: Vec<Limit>,
}

impl Asked<'_, '_> {
    /// The endpoint; inside, why it cannot be asked here and now.
    fn endpoint(
        &self,
        given: &EndpointOptions,
        label: String,
        location: Option<Location>,
    ) -> Result<Result<Endpoint, String>, CheckError> {
        let wrong = |(key, message): (String, String)| {
            CheckError::option(format!("latency.endpoints.{key}"), format!("{label}: {message}"))
        };
        let statuses = if given.status.is_empty() { &self.options.status } else { &given.status };
        let mut accept = Accept::new(statuses, &given.expect).map_err(wrong)?;
        if let Some(body) = &self.options.body {
            accept.and_body(body).map_err(|message| CheckError::option("latency.body", message))?;
        }
        let limits = match &given.limit {
            Some(text) => vec![Limit {
                statistic: given.statistic.unwrap_or(Statistic::P95),
                limit: duration::option_ms("latency.endpoints.limit", text)?,
                assumed: given.statistic.is_none(),
            }],
            None => self.limits.clone(),
        };
        let url = match self.url(&given.path) {
            Ok(url) => url,
            Err(because) => return Ok(Err(because)),
        };
        let request = match self.request(given, &url) {
            Ok(request) => request,
            Err(Refused::Here(because)) => return Ok(Err(because)),
            Err(Refused::Ever(error)) => return Err(error),
        };
        let per_minute = given.per_minute.or(self.options.per_minute);
        let (critical, filled) = (given.critical, given.path.contains("${"));
        Ok(Ok(Endpoint { label, critical, request, filled, accept, limits, per_minute, location }))
    }

    /// Whether every request says who asks.
    fn has_credentials(&self) -> bool {
        let of_service = self.ctx.service().and_then(Result::ok).is_some_and(|service| !service.headers.is_empty());
        of_service || !self.options.header.is_empty()
    }

    /// The whole address of `path`.
    fn url(&self, path: &str) -> Result<String, String> {
        let path = fill::text(path, &fill::environment)?;
        if !path.starts_with('/') {
            return Ok(path);
        }
        match self.ctx.service() {
            Some(Ok(service)) => Ok(format!("{}{path}", service.url)),
            Some(Err(because)) => Err(because.to_owned()),
            None => {
                Err("the configuration has no [service] that tells where it is; add one, or write the whole address"
                    .to_owned())
            }
        }
    }

    fn request(&self, given: &EndpointOptions, url: &str) -> Result<Request, Refused> {
        let method = given.method.as_deref().unwrap_or("GET");
        let ever = |e: &dyn std::fmt::Display| Refused::Ever(CheckError::option("latency.endpoints", e.to_string()));
        let mut request = Request::new(method, url).map_err(|e| ever(&e))?;
        let service = self.ctx.service().and_then(Result::ok).filter(|service| is_below(url, &service.url));
        let mut headers: Vec<(String, String)> = service.map(|service| service.headers.clone()).unwrap_or_default();
        for line in &self.options.header {
            let (name, value) = line.split_once(':').ok_or_else(|| {
                Refused::Ever(CheckError::option("latency.header", "expected \"Name: value\"".to_owned()))
            })?;
            headers.push((name.trim().to_owned(), filled(value.trim())?));
        }
        for (name, value) in &given.headers {
            headers.push((name.clone(), filled(value)?));
        }
        let named =
            |headers: &[(String, String)], name: &str| headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
        if let Some(body) = &given.body {
            let body = fill::json(body, &fill::environment).map_err(Refused::Here)?;
            request = match body {
                Value::String(text) => request.body(text),
                value => {
                    if !named(&headers, "content-type") {
                        headers.push(("content-type".to_owned(), "application/json".to_owned()));
                    }
                    request.body(value.to_string())
                }
            };
        }
        // What was named last holds.
        for (i, (name, value)) in headers.iter().enumerate() {
            if !named(&headers[i + 1..], name) {
                request = request.header(name, value).map_err(|e| ever(&e))?;
            }
        }
        Ok(request)
    }
}

/// Why there is no request.
enum Refused {
    /// Something is not set here and now.
    Here(String),
    /// It makes no sense.
    Ever(CheckError),
}

fn filled(text: &str) -> Result<String, Refused> {
    fill::text(text, &fill::environment).map_err(Refused::Here)
}

/// Whether `url` is one of the service at `service`, whose headers are for nobody else.
fn is_below(url: &str, service: &str) -> bool {
    url.strip_prefix(service).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

/// An address without the name and password in it.
fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..host].rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => url.to_owned(),
    }
}

/// The limits of endpoints that have none of their own.
fn limits(options: &Options) -> Result<Vec<Limit>, CheckError> {
    let given = [
        (Statistic::P50, "latency.p50", &options.p50),
        (Statistic::P90, "latency.p90", &options.p90),
        (Statistic::P95, "latency.p95", &options.p95),
        (Statistic::P99, "latency.p99", &options.p99),
        (Statistic::Max, "latency.max", &options.max),
    ];
    let given = given.into_iter().filter_map(|(statistic, key, text)| Some((statistic, key, text.as_deref()?)));
    given
        .map(|(statistic, key, text)| Ok(Limit { statistic, limit: duration::option_ms(key, text)?, assumed: false }))
        .collect()
}

#[cfg(test)]
mod tests;
