//! Sends requests, keeps connections.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, HOST, HeaderValue, USER_AGENT};
use http_body_util::Full;
use hyper::body::Incoming;
use rustls::pki_types::CertificateDer;
use url::{Origin, Url};

use crate::body;
use crate::connect::{self, Connection, Sender, within};
use crate::exchange::{Exchange, Hop, Phases, Response};
use crate::failure::{Failure, Waiting};
use crate::redirect;
use crate::request::Request;
use crate::tls::Tls;

/// Most connections to one host that are kept.
const MOST_KEPT: usize = 512;

/// Bounds and manners of a client.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long one address may take to accept a connection, within the deadline of the exchange.
    pub connect_timeout: Duration,
    /// Most bytes of a body, before and after decompression.
    pub max_body: u64,
    /// Most bytes of status and headers; at least 8 KiB are read.
    pub max_header_bytes: usize,
    /// How many redirects are followed. With 0 a redirect is the answer.
    pub redirects: u8,
    /// When HTTP/2 is spoken.
    pub http2: Http2,
    /// Whether a certificate that cannot be trusted ends the exchange. What is wrong is told either way.
    pub verify: bool,
    /// Who asks.
    pub user_agent: String,
    /// Authorities to trust beside Mozilla's and the system's.
    pub extra_roots: Vec<CertificateDer<'static>>,
}

/// When HTTP/2 is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Http2 {
    /// Where the server says so while keys are agreed on.
    Auto,
    /// Never.
    Never,
    /// Always, without asking first where there is no TLS (RFC 9113, section 3.3).
    PriorKnowledge,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            max_body: 8 << 20,
            max_header_bytes: 64 << 10,
            redirects: 0,
            http2: Http2::Auto,
            verify: true,
            user_agent: concat!("tollgate/", env!("CARGO_PKG_VERSION")).to_owned(),
            extra_roots: Vec::new(),
        }
    }
}

/// Why there is no client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ClientError(String);

/// Sends requests. Clones share the connections that are kept. Used within a runtime of tokio with time and network.
#[derive(Clone, Debug)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    tls: Tls,
    agent: Option<HeaderValue>,
    kept: Mutex<HashMap<Origin, Vec<Connection>>>,
}

impl Client {
    /// A client that has no connection yet.
    ///
    /// # Errors
    /// An authority that cannot be read.
    pub fn new(settings: Settings) -> Result<Self, ClientError> {
        let tls =
            Tls::new(&settings.extra_roots, settings.verify, settings.http2 != Http2::Never).map_err(ClientError)?;
        let agent = HeaderValue::from_str(&settings.user_agent).ok();
        Ok(Self(Arc::new(Inner { settings, tls, agent, kept: Mutex::default() })))
    }

    /// Sends `request` and waits for the whole answer, until `deadline` at most.
    pub async fn send(&self, request: &Request, deadline: Instant) -> Exchange {
        let started = Instant::now();
        let mut exchange = Exchange {
            started,
            ended: started,
            phases: Phases::default(),
            reused: false,
            retried: false,
            outcome: Err(Failure::Other(String::new())),
        };
        exchange.outcome = self.follow(request, deadline, &mut exchange).await;
        exchange.ended = Instant::now();
        exchange
    }

    /// Closes every connection that is kept.
    pub fn forget_connections(&self) {
        self.kept().clear();
    }

    /// Sends the request, and on to where redirects lead.
    async fn follow(&self, request: &Request, deadline: Instant, exchange: &mut Exchange) -> Result<Response, Failure> {
        let mut request = Cow::Borrowed(request);
        let mut hops: Vec<Hop> = Vec::new();
        loop {
            let response = self.hop(&request, deadline, exchange).await?;
            let most = self.0.settings.redirects;
            let Some(target) =
                (most > 0).then(|| redirect::target(response.status, &response.headers, &request.url)).flatten()
            else {
                return Ok(Response { hops, ..response });
            };
            let target = target?;
            let again = |url: &Url| *url == target && request.method == redirected(&request, response.status);
            if again(&request.url) || hops.iter().any(|hop| hop.location == target) {
                return Err(Failure::RedirectLoop(redirect::shown(&target)));
            }
            if hops.len() >= usize::from(most) {
                return Err(Failure::TooManyRedirects(most));
            }
            hops.push(Hop { status: response.status, location: target.clone() });
            request = Cow::Owned(redirect::follow(request.into_owned(), response.status, target));
        }
    }

    /// One request to one host: over a connection that was kept, or a new one.
    async fn hop(&self, request: &Request, deadline: Instant, exchange: &mut Exchange) -> Result<Response, Failure> {
        let origin = request.url.origin();
        if let Some(kept) = self.take(&origin) {
            let before = kept.read.load(Ordering::Relaxed);
            let count = Arc::clone(&kept.read);
            exchange.phases = Phases::default();
            exchange.reused = true;
            match self.over(kept, &origin, request, deadline, &mut exchange.phases).await {
                // It had been closed, and nothing says that the request was seen.
                Err(Failure::Reset { .. } | Failure::Closed { .. }) if count.load(Ordering::Relaxed) == before => {
                    exchange.retried = true;
                }
                outcome => return outcome,
            }
        }
        exchange.reused = false;
        exchange.phases = Phases::default();
        let Inner { settings, tls, .. } = &*self.0;
        let connection = connect::open(settings, tls, &request.url, deadline, &mut exchange.phases).await?;
        self.over(connection, &origin, request, deadline, &mut exchange.phases).await
    }

    /// Sends the request over this connection, which is kept afterwards if it can be.
    async fn over(
        &self,
        mut connection: Connection,
        origin: &Origin,
        request: &Request,
        deadline: Instant,
        phases: &mut Phases,
    ) -> Result<Response, Failure> {
        let before = connection.read.load(Ordering::Relaxed);
        let began = Instant::now();
        let answer = self.ask(&mut connection.sender, request, deadline).await;
        let answer = answer.map_err(|error| match error {
            Asked::Failed(error) => Failure::of_hyper(&error, connection.read.load(Ordering::Relaxed) - before),
            Asked::Late(failure) => failure,
        })?;
        let headed = Instant::now();
        phases.first_byte = Some(headed - began);
        let (parts, incoming) = answer.into_parts();
        let most = self.0.settings.max_body;
        let body = match within(deadline, Waiting::Body, body::read(incoming, most)).await {
            Ok(body) => body,
            Err(late) => Err(late),
        };
        phases.last_byte = Some(headed.elapsed());
        let wire = body?;
        let (remote, tls) = (connection.remote, connection.tls.clone());
        self.keep(origin, connection);
        let wire_bytes = wire.len() as u64;
        Ok(Response {
            status: parts.status.as_u16(),
            version: parts.version.into(),
            body: body::decode(&parts.headers, wire, most)?,
            headers: parts.headers,
            wire_bytes,
            url: request.url.clone(),
            hops: Vec::new(),
            tls: tls.map(|facts| (*facts).clone()),
            remote,
        })
    }

    /// Sends the request and waits for status and headers.
    async fn ask(
        &self,
        sender: &mut Sender,
        request: &Request,
        deadline: Instant,
    ) -> Result<http::Response<Incoming>, Asked> {
        let request = self.message(request, matches!(sender, Sender::Many(_)));
        let answer = async {
            match sender {
                Sender::One(sender) => {
                    sender.ready().await?;
                    sender.send_request(request).await
                }
                Sender::Many(sender) => {
                    sender.ready().await?;
                    sender.send_request(request).await
                }
            }
        };
        within(deadline, Waiting::Answer, answer).await.map_err(Asked::Late)?.map_err(Asked::Failed)
    }

    /// The request as it is written: with its path alone, or with its host as HTTP/2 wants it.
    fn message(&self, request: &Request, whole: bool) -> http::Request<Full<Bytes>> {
        let url = &request.url;
        let mut message = http::Request::new(Full::new(request.body.clone()));
        *message.method_mut() = request.method.clone();
        let target = match (whole, url.query()) {
            (true, _) => url.as_str().to_owned(),
            (false, Some(query)) => format!("{}?{query}", url.path()),
            (false, None) => url.path().to_owned(),
        };
        // What a Url writes is a target that can be read.
        if let Ok(target) = target.parse() {
            *message.uri_mut() = target;
        }
        let headers = message.headers_mut();
        headers.clone_from(&request.headers);
        if !whole && !headers.contains_key(HOST) {
            let host = url.host_str().unwrap_or_default();
            let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
            headers.extend(HeaderValue::from_str(&host).ok().map(|host| (HOST, host)));
        }
        if !headers.contains_key(ACCEPT_ENCODING) {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, br"));
        }
        if let (Some(agent), false) = (&self.0.agent, headers.contains_key(USER_AGENT)) {
            headers.insert(USER_AGENT, agent.clone());
        }
        message
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Origin, Vec<Connection>>> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection to this host that is open still; the one that was used last.
    fn take(&self, origin: &Origin) -> Option<Connection> {
        let mut kept = self.kept();
        let all = kept.get_mut(origin)?;
        if let Some(Connection { sender: Sender::Many(sender), read, remote, tls }) = all.last()
            && !sender.is_closed()
        {
            // Many requests share it.
            let sender = Sender::Many(sender.clone());
            return Some(Connection { sender, read: Arc::clone(read), remote: *remote, tls: tls.clone() });
        }
        std::iter::from_fn(|| all.pop()).find(|connection| connection.sender.is_open())
    }

    fn keep(&self, origin: &Origin, connection: Connection) {
        if !connection.sender.is_open() {
            return;
        }
        let mut kept = self.kept();
        let all = kept.entry(origin.clone()).or_default();
        let shared = matches!((&connection.sender, all.last()), (Sender::Many(_), Some(_)));
        if !shared && all.len() < MOST_KEPT {
            all.push(connection);
        }
    }
}

/// Why there is no answer yet.
enum Asked {
    Failed(hyper::Error),
    Late(Failure),
}

/// The method after a redirect.
fn redirected(request: &Request, status: u16) -> http::Method {
    redirect::follow(request.clone(), status, request.url.clone()).method
}
