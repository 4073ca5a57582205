//! SARIF for code scanning.

use std::io::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::Method;
use serde_json::{Value, json};
use tollgate_model::is_commit;

use crate::{Client, ForgeError};

/// Most bytes of a compressed file.
pub const LIMIT: usize = 10_000_000;

/// A file to upload.
#[derive(Clone, Copy, Debug)]
pub struct Sarif<'a> {
    /// What it is called in messages.
    pub name: &'a str,
    /// SARIF 2.1.0, without needless blanks.
    pub bytes: &'a [u8],
    /// The commit that was analysed, in full.
    pub commit: &'a str,
    /// The full name of what it belongs to: `refs/heads/…`, `refs/tags/…`, `refs/pull/N/merge`, `refs/pull/N/head`.
    pub reference: &'a str,
}

/// Uploads it (REST: upload an analysis as SARIF data). Where no answer came it is sent once more: a file of the same
/// categories takes the place of the first.
///
/// # Errors
/// [`ForgeError::NotEnabled`] where code scanning is switched off, [`ForgeError::NotAllowed`] where the token may not
/// upload, [`ForgeError::TooLarge`] before anything is sent.
pub fn sarif(client: &Client, file: &Sarif<'_>) -> Result<(), ForgeError> {
    let what = format!("upload of {}", file.name);
    if !is_commit(file.commit) {
        return Err(ForgeError::address(file.commit, "is not the full name of a commit"));
    }
    if !file.reference.starts_with("refs/") {
        return Err(ForgeError::address(file.reference, "is not the full name of a branch, a tag or a pull request"));
    }
    let packed = packed(file.bytes);
    if packed.len() > LIMIT {
        return Err(ForgeError::TooLarge { what, bytes: packed.len(), limit: LIMIT });
    }
    let text = BASE64_STANDARD.encode(packed);
    let body = json!({ "commit_sha": file.commit, "ref": file.reference, "sarif": text });
    let send = || client.send(&what, Method::POST, "/code-scanning/sarifs", Some(&body));
    let sent = match send() {
        Err(ForgeError::Unclear { .. }) => send(),
        answered => answered,
    };
    sent.map(drop).map_err(switched_off)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into memory does not fail.
    let _ = packer.write_all(bytes);
    packer.finish().unwrap_or_default()
}

/// Code scanning that is switched off is answered by 403 with a sentence, or by 404.
fn switched_off(error: ForgeError) -> ForgeError {
    match error {
        ForgeError::NotAllowed { what, message, .. } if is_switched_off(&message) => {
            ForgeError::NotEnabled { what, message }
        }
        ForgeError::NotFound { what, message } => ForgeError::NotEnabled { what, message },
        other => other,
    }
}

fn is_switched_off(message: &str) -> bool {
    let message = message.to_lowercase();
    ["must be enabled", "not enabled", "advanced security", "code security"].iter().any(|words| message.contains(words))
}

/// Whether a file holds no run, and so nothing to upload.
pub fn is_empty(bytes: &[u8]) -> bool {
    let log: Option<Value> = serde_json::from_slice(bytes).ok();
    log.is_some_and(|log| log["runs"].as_array().is_some_and(Vec::is_empty))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn what_is_packed_unpacks() {
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed(b"{}").as_slice()).read_to_string(&mut text).unwrap();
        assert_eq!(text, "{}");
    }

    #[test]
    fn switched_off_is_told_from_not_allowed() {
        let of = |message: &str| {
            let (what, message) = ("x".to_owned(), message.to_owned());
            switched_off(ForgeError::NotAllowed { what, status: 403, message, needs: None })
        };
        for message in [
            "Code Security must be enabled for this repository to use code scanning.",
            "Advanced Security must be enabled for this repository to use code scanning.",
            "Code scanning is not enabled for this repository. Please enable code scanning in the repository settings.",
        ] {
            assert!(matches!(of(message), ForgeError::NotEnabled { .. }), "{message}");
        }
        assert!(matches!(of("Resource not accessible by integration"), ForgeError::NotAllowed { .. }));
    }

    #[test]
    fn a_file_without_runs_is_empty() {
        assert!(is_empty(br#"{"runs": []}"#));
        assert!(!is_empty(br#"{"runs": [{}]}"#) && !is_empty(b"nonsense"));
    }
}
