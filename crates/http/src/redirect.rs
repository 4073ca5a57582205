//! Redirects: where they lead, and what goes there.

use http::Method;
use http::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, PROXY_AUTHORIZATION,
};
use url::Url;

use crate::failure::Failure;
use crate::request::Request;

/// Where an answer of this status leads.
pub(crate) fn target(status: u16, headers: &HeaderMap, from: &Url) -> Option<Result<Url, Failure>> {
    if ![301, 302, 303, 307, 308].contains(&status) {
        return None;
    }
    let location = String::from_utf8_lossy(headers.get(LOCATION)?.as_bytes()).into_owned();
    let Ok(mut url) = from.join(&location) else {
        return Some(Err(Failure::RedirectRefused("what is no address".to_owned())));
    };
    let known = ["http", "https"].contains(&url.scheme()) && url.host_str().is_some();
    if !known || (from.scheme() == "https" && url.scheme() == "http") {
        return Some(Err(Failure::RedirectRefused(shown(&url))));
    }
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.set_fragment(None);
    Some(Ok(url))
}

/// An address for messages: without its query, which may hold secrets.
pub(crate) fn shown(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}{}", url.scheme(), url.path()).chars().take(200).collect()
}

/// `request` as it goes on to `url` after this status: other methods than GET and HEAD become GET where the status says so (RFC 9110, 15.4), and
/// another origin gets no secrets.
pub(crate) fn follow(mut request: Request, status: u16, url: Url) -> Request {
    let becomes_get = match status {
        303 => request.method != Method::HEAD,
        301 | 302 => request.method == Method::POST,
        _ => false,
    };
    if becomes_get {
        request.method = Method::GET;
        request.body = bytes::Bytes::new();
        for name in [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING] {
            request.headers.remove(name);
        }
    }
    if request.url.origin() != url.origin() {
        let secret = |name: &http::HeaderName, value: &http::HeaderValue| {
            value.is_sensitive() || [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].contains(name)
        };
        let names: Vec<http::HeaderName> =
            request.headers.iter().filter(|(name, value)| secret(name, value)).map(|(name, _)| name.clone()).collect();
        for name in names {
            request.headers.remove(name);
        }
    }
    request.url = url;
    request
}
