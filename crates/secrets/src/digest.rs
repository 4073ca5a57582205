//! Names for secrets that give nothing away.
//!
//! A digest is made with the repository's own key: the file `.tollgate/salt`, else the id of its first commit, so that a list
//! of digests of common passwords is of no use elsewhere. Of a value that could be guessed, one digest takes some 50 ms and
//! 32 MiB (Argon2id, RFC 9106); of one with 100 bits or more to guess no number of tries is enough, and a plain keyed hash
//! (BLAKE3) will do.

use std::borrow::Cow;

use argon2::{Algorithm, Argon2, Params, Version};

use crate::judge::random;

/// How many bits a value must have so that nobody can guess it.
const UNGUESSABLE: f64 = 100.0;
/// Memory of one slow digest in KiB, and how often it is gone over.
const MEMORY: u32 = 32 * 1024;
const PASSES: u32 = 2;

/// The repository's own key, and what it was made from.
#[derive(Clone)]
pub(crate) struct Key {
    key: [u8; 32],
    /// In words, where it is not the salt.
    pub(crate) remark: Option<&'static str>,
}

impl Key {
    /// From the committed salt, else from the first commit, else from nothing.
    pub(crate) fn new(salt: Option<&[u8]>, first_commit: Option<&str>) -> Self {
        const CONTEXT: &str = "tollgate 2026-11-26 digests of secrets";
        let (material, remark): (Cow<'_, [u8]>, _) = match (salt, first_commit) {
            (Some(salt), _) => (Cow::Borrowed(salt), None),
            (None, Some(commit)) => (
                Cow::Borrowed(commit.as_bytes()),
                Some(
                    "digests are keyed by the first commit, which whoever has the repository knows; `tollgate secrets salt` makes a key of its own",
                ),
            ),
            (None, None) => (
                Cow::Borrowed(b"none"),
                Some("digests have no key, since this is no repository and has no .tollgate/salt"),
            ),
        };
        Self { key: blake3::derive_key(CONTEXT, &material), remark }
    }

    /// The digest of `value`: `s1:` and 32 hexadecimal digits.
    pub(crate) fn digest(&self, value: &[u8]) -> String {
        let value = canonical(value);
        let digest =
            if is_guessable(&value) { self.slow(&value).into() } else { blake3::keyed_hash(&self.key, &value) };
        format!("s1:{}", &digest.to_hex()[..32])
    }

    fn slow(&self, value: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        let made = Params::new(MEMORY, PASSES, 1, Some(out.len())).and_then(|params| {
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(value, &self.key, &mut out)
        });
        // The parameters are constants within what RFC 9106 allows.
        made.map_or([0; 32], |()| out)
    }
}

/// Whether somebody could find `value` by trying.
pub(crate) fn is_guessable(value: &[u8]) -> bool {
    random::strength(value) < UNGUESSABLE
}

/// A value as it is compared: a key in armour without the line ends that it happens to have.
pub(crate) fn canonical(value: &[u8]) -> Cow<'_, [u8]> {
    if !value.starts_with(b"----") {
        return Cow::Borrowed(value);
    }
    let mut out = Vec::with_capacity(value.len());
    let mut at = 0;
    while at < value.len() {
        match &value[at..] {
            [b'\\', b'n' | b'r' | b't', ..] => at += 2,
            [byte, ..] => {
                if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-') {
                    out.push(*byte);
                }
                at += 1;
            }
            [] => break,
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_depends_on_the_value_and_on_the_repository() {
        let (one, other) = (Key::new(Some(b"salt"), None), Key::new(Some(b"pepper"), None));
        let long = "q8W2nT5xLk9ZbV3mRc7Pq8W2nT5xLk9ZbV3mRc7P";
        for value in ["hunter22", long] {
            assert_eq!(one.digest(value.as_bytes()), one.digest(value.as_bytes()));
            assert_ne!(one.digest(value.as_bytes()), other.digest(value.as_bytes()));
            assert_eq!(one.digest(value.as_bytes()).len(), 35);
        }
        assert_ne!(one.digest(b"hunter22"), one.digest(b"hunter23"));
        assert!(is_guessable(b"hunter22") && !is_guessable(long.as_bytes()));
        assert!(one.remark.is_none() && Key::new(None, Some("abc")).remark.is_some());
    }

    #[test]
    fn line_ends_of_an_armoured_key_do_not_matter() {
        let key = |joint: &str| {
            canonical(["-----BEGIN X-----", "QUJD", "-----END X-----"].join(joint).as_bytes()).into_owned()
        };
        assert_eq!(key("\n"), key("\\n"));
        assert_eq!(key("\n"), key("\r\n    "));
    }
}
