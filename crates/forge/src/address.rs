//! Where the forge is, and which repository is meant.

use crate::ForgeError;

/// A repository's owner and name, of letters, digits, `.`, `_` and `-` only, so that neither can lead elsewhere in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    owner: String,
    name: String,
}

impl Repository {
    /// Reads `owner/name`, as a workflow finds it in `GITHUB_REPOSITORY`.
    ///
    /// # Errors
    /// [`ForgeError::Address`] where it is anything else.
    pub fn parse(text: &str) -> Result<Self, ForgeError> {
        let wrong = || ForgeError::address(text, "is not a repository; expected `owner/name`");
        let (owner, name) = text.split_once('/').ok_or_else(wrong)?;
        if [owner, name].into_iter().all(is_name) {
            Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
        } else {
            Err(wrong())
        }
    }

    /// Who owns it.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl std::fmt::Display for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

fn is_name(text: &str) -> bool {
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    (1..=100).contains(&text.len()) && text.bytes().all(known) && text != "." && text != ".."
}

/// An `http` or `https` address without query, fragment, user name and slash at the end.
pub(crate) fn base(name: &str, url: &str) -> Result<String, ForgeError> {
    let wrong = |message: &str| ForgeError::address(&format!("{name} {url}"), message);
    let url = url.trim_end_matches('/');
    let uri: http::Uri = url.parse().map_err(|_| wrong("is not an address"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(wrong("is not an address that begins with https:// or http://"));
    }
    let authority = uri.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    if authority.is_empty() || authority.contains('@') || uri.query().is_some() || url.contains('#') {
        return Err(wrong("may hold a host, a port and a path, nothing else"));
    }
    Ok(url.to_owned())
}

/// Where GraphQL is for a REST address: `/api/graphql` beside `/api/v3` of an Enterprise Server, else `/graphql` below it.
pub(crate) fn graphql_of(api: &str) -> String {
    match api.strip_suffix("/api/v3") {
        Some(server) => format!("{server}/api/graphql"),
        None => format!("{api}/graphql"),
    }
}

/// Scheme, host and port.
pub(crate) fn origin(url: &str) -> Option<String> {
    let uri: http::Uri = url.parse().ok()?;
    Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?).to_ascii_lowercase())
}

/// One segment of a path: whatever is not surely harmless is percent-encoded, slashes too.
pub(crate) fn segment(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'~');
    let dots = text == "." || text == "..";
    let write = |b: u8| if plain(b) && !dots { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(write).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_two_plain_names() {
        assert_eq!(Repository::parse("octo/shop.js").unwrap().to_string(), "octo/shop.js");
        for wrong in
            ["", "octo", "octo/", "/shop", "octo/shop/x", "octo/..", "../x", "octo/sh op", "octo/shop?x", "ö/x"]
        {
            assert!(Repository::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn addresses_keep_their_path() {
        assert_eq!(base("X", "https://ghe.example/api/v3/").unwrap(), "https://ghe.example/api/v3");
        assert_eq!(base("X", "http://127.0.0.1:80").unwrap(), "http://127.0.0.1:80");
        for wrong in
            ["", "ghe.example", "ftp://x", "https://", "https://a@b/", "https://a/?q", "https://a/#f", "https://a b"]
        {
            assert!(base("X", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn graphql_is_found_from_rest() {
        assert_eq!(graphql_of("https://api.github.com"), "https://api.github.com/graphql");
        assert_eq!(graphql_of("https://ghe.example/api/v3"), "https://ghe.example/api/graphql");
        assert_eq!(origin("https://GHE.example:8443/api/v3").as_deref(), Some("https://ghe.example:8443"));
    }

    #[test]
    fn a_segment_leads_nowhere_else() {
        assert_eq!(segment("release/1.x"), "release%2F1.x");
        assert_eq!(segment(".."), "%2E%2E");
        assert_eq!(segment("a b?ü#"), "a%20b%3F%C3%BC%23");
    }
}
