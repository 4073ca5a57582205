//! One request and its answer: octocrab over hyper, TLS by ring with roots that come with the program.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, Request};
use http_body_util::BodyExt as _;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::{Client as Hyper, Error as HyperError};
use hyper_util::rt::TokioExecutor;
use octocrab::{AuthState, OctoBody, Octocrab, OctocrabBuilder};
use tokio::runtime::Runtime;

use crate::ForgeError;
use crate::answer::{Answer, End};
use crate::token::Token;

/// Largest body that is read, in bytes.
pub(crate) const LARGEST_ANSWER: usize = 8 << 20;
/// Who asks.
const AGENT: &str = concat!("tollgate/", env!("CARGO_PKG_VERSION"));
/// How long connections that were left alone get to notice that the forge closed them.
const NOTICE: Duration = Duration::from_millis(2);

/// Connections, and what runs them. Everything happens on the thread that asks.
pub(crate) struct Wire {
    runtime: Runtime,
    crab: Octocrab,
    token: Token,
}

/// What is sent.
#[derive(Debug)]
pub(crate) struct Message<'a> {
    pub(crate) method: Method,
    pub(crate) url: &'a str,
    /// JSON.
    pub(crate) body: Option<&'a str>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Lost {
    /// No connection: surely nothing was taken.
    Unsent(String),
    /// The connection ended: it may have been taken.
    Dropped(String),
    /// No answer in time: it may have been taken.
    Late(Duration),
    /// The request cannot be written down.
    Impossible(String),
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unsent(why) => write!(f, "no connection: {why}"),
            Self::Dropped(why) => write!(f, "the connection ended: {why}"),
            Self::Late(time) => write!(f, "no answer within {} s", time.as_secs_f32()),
            Self::Impossible(why) => f.write_str(why),
        }
    }
}

impl Wire {
    pub(crate) fn new(token: Token) -> Result<Self, ForgeError> {
        let failed = |why: String| ForgeError::address("the network", &why);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| failed(e.to_string()))?;
        let connector = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        let hyper: Hyper<_, OctoBody> = Hyper::builder(TokioExecutor::new()).build(connector);
        // octocrab starts a task of its own.
        let entered = runtime.enter();
        let built = OctocrabBuilder::new_empty().with_service(hyper).with_auth(AuthState::None).build();
        drop(entered);
        let crab = match built {
            Ok(crab) => crab,
            Err(never) => match never {},
        };
        Ok(Self { runtime, crab, token })
    }

    /// Sends once and waits for the answer, at most `most`. No redirect is followed, nothing is repeated.
    pub(crate) fn exchange(&self, message: &Message<'_>, most: Duration) -> Result<Answer, Lost> {
        self.carry(self.request(message)?, most, LARGEST_ANSWER)
    }

    /// The same for an address that the forge gave out, which may be another service's: nothing says who asks. At most
    /// `largest` bytes are read.
    pub(crate) fn fetch(&self, url: &str, most: Duration, largest: usize) -> Result<Answer, Lost> {
        let request = Request::builder().uri(url).header(http::header::USER_AGENT, AGENT).body(OctoBody::empty());
        let request = request.map_err(|e| Lost::Impossible(format!("not an address that can be asked: {e}")))?;
        self.carry(request, most, largest)
    }

    fn carry(&self, request: Request<OctoBody>, most: Duration, largest: usize) -> Result<Answer, Lost> {
        self.runtime.block_on(async {
            let deadline = tokio::time::Instant::now() + most;
            let answered = tokio::time::timeout_at(deadline, self.crab.execute(request)).await;
            let response = answered.map_err(|_| Lost::Late(most))?.map_err(lost)?;
            let (head, mut body) = response.into_parts();
            let mut answer =
                Answer { status: head.status.as_u16(), headers: head.headers, body: Vec::new(), end: End::Whole };
            loop {
                match tokio::time::timeout_at(deadline, body.frame()).await {
                    Ok(None) => return Ok(answer),
                    Ok(Some(Ok(frame))) => {
                        let Ok(data) = frame.into_data() else { continue };
                        if answer.body.len() + data.len() > largest {
                            answer.end = End::TooLarge;
                            return Ok(answer);
                        }
                        answer.body.extend_from_slice(&data);
                    }
                    Ok(Some(Err(_))) | Err(_) => {
                        answer.end = End::Broken;
                        return Ok(answer);
                    }
                }
            }
        })
    }

    /// After a wait: lets connections notice that they were closed meanwhile, so that none of them is used again.
    pub(crate) fn wake(&self) {
        self.runtime.block_on(async { tokio::time::sleep(NOTICE).await });
    }

    fn request(&self, message: &Message<'_>) -> Result<Request<OctoBody>, Lost> {
        let impossible = |why: &str| Lost::Impossible(why.to_owned());
        let token = self.token.header().ok_or_else(|| impossible("the token cannot stand in a header"))?;
        let headers = [
            (http::header::USER_AGENT, HeaderValue::from_static(AGENT)),
            (http::header::ACCEPT, HeaderValue::from_static("application/vnd.github+json")),
            (HeaderName::from_static("x-github-api-version"), HeaderValue::from_static("2022-11-28")),
            (http::header::AUTHORIZATION, token),
        ];
        let mut request = Request::builder().method(message.method.clone()).uri(message.url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let body = match message.body {
            Some(json) => {
                request = request.header(http::header::CONTENT_TYPE, "application/json");
                OctoBody::from(json.to_owned())
            }
            None => OctoBody::empty(),
        };
        request.body(body).map_err(|e| Lost::Impossible(format!("not an address that can be asked: {e}")))
    }
}

/// Whether a connection was never made, or ended.
fn lost(error: octocrab::Error) -> Lost {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    let mut words = String::new();
    let mut unsent = false;
    while let Some(error) = cause {
        unsent |= error.downcast_ref::<HyperError>().is_some_and(HyperError::is_connect);
        // The innermost says most.
        words = error.to_string();
        cause = error.source();
    }
    let words = crate::error::clean(&words);
    if unsent { Lost::Unsent(words) } else { Lost::Dropped(words) }
}
