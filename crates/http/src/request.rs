//! What is sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// One request, before it is known where its host is.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its method.
    pub method: Method,
    /// Where it goes: http or https, with a host and without a name and password.
    pub url: Url,
    /// What is sent beside what every request has (`host`, `content-length`).
    pub headers: HeaderMap,
    /// What is sent.
    pub body: Bytes,
}

/// Why there is no such request. Values of headers are not told: they may be secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The address cannot be read.
    #[error("{url}: no address: {because}; write it as https://host/path")]
    Url {
        /// The address, without name and password.
        url: String,
        /// What is wrong with it.
        because: String,
    },
    /// The method is no token.
    #[error("{0:?} is no HTTP method")]
    Method(String),
    /// The name of a header is no token.
    #[error("{0:?} is no name of a header")]
    HeaderName(String),
    /// The value of this header has characters that no header may have, such as line breaks.
    #[error("the value of the header {0} has characters that no header may have")]
    HeaderValue(String),
}

impl Request {
    /// A request without body. A name and password in the address become the header `authorization` (RFC 7617).
    ///
    /// # Errors
    /// A method or address that is none.
    pub fn new(method: &str, url: &str) -> Result<Self, RequestError> {
        let bad = |because: &str| {
            let shown =
                url.split_once("://").map_or(url, |(_, rest)| rest.rsplit_once('@').map_or(url, |(_, rest)| rest));
            RequestError::Url { url: shown.chars().take(200).collect(), because: because.to_owned() }
        };
        let mut parsed = Url::parse(url).map_err(|e| bad(&e.to_string()))?;
        if !["http", "https"].contains(&parsed.scheme()) {
            return Err(bad("only http and https can be asked"));
        }
        if parsed.host_str().is_none_or(str::is_empty) {
            return Err(bad("it names no host"));
        }
        let method = Method::from_bytes(method.as_bytes()).map_err(|_| RequestError::Method(method.to_owned()))?;
        let mut headers = HeaderMap::new();
        if !parsed.username().is_empty() || parsed.password().is_some() {
            headers.insert(AUTHORIZATION, basic(&parsed).ok_or_else(|| bad("its name and password cannot be sent"))?);
            let _ = parsed.set_username("").and_then(|()| parsed.set_password(None));
        }
        parsed.set_fragment(None);
        Ok(Self { method, url: parsed, headers, body: Bytes::new() })
    }

    /// The same with this header, in place of one of that name. It is taken for secret: a redirect to another host does not get it.
    ///
    /// # Errors
    /// A name or value that no header may have.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, RequestError> {
        let parsed = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| RequestError::HeaderName(name.chars().take(100).collect()))?;
        let mut value = HeaderValue::from_str(value).map_err(|_| RequestError::HeaderValue(parsed.to_string()))?;
        value.set_sensitive(true);
        self.headers.insert(parsed, value);
        Ok(self)
    }

    /// One to the same server that tells it nothing: `HEAD /`.
    #[must_use]
    pub fn bare(&self) -> Self {
        let mut url = self.url.clone();
        url.set_path("/");
        url.set_query(None);
        Self { method: Method::HEAD, url, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// The same with this body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }
}

/// Name and password as RFC 7617 has them.
fn basic(url: &Url) -> Option<HeaderValue> {
    let decoded = |text: &str| -> Vec<u8> { percent_encoding::percent_decode_str(text).collect() };
    let mut both = decoded(url.username());
    both.push(b':');
    both.extend(decoded(url.password().unwrap_or_default()));
    let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(&both))).ok()?;
    value.set_sensitive(true);
    Some(value)
}
