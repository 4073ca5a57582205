//! The key of a repository, and the digests that it gives.

use std::borrow::Cow;

use argon2::{Algorithm, Argon2, Params, Version};

use crate::random;

/// Where the committed key lies, from the checked folder.
pub const SALT: &str = ".tollgate/salt";
/// How many characters it must have at least.
pub const SHORTEST_SALT: usize = 16;
/// How many bits a value must have so that nobody can guess it.
const UNGUESSABLE: f64 = 100.0;
/// Memory of one slow digest in KiB, and how often it is gone over.
const MEMORY: u32 = 32 * 1024;
const PASSES: u32 = 2;

/// The repository's own key, and what it was made from.
pub struct Key {
    key: [u8; 32],
    /// What the key is made from, in words, where it is not the salt.
    pub remark: Option<&'static str>,
}

impl Key {
    /// From the committed salt, else from the first commit, else from nothing.
    pub fn new(salt: Option<&[u8]>, first_commit: Option<&str>) -> Self {
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
    pub fn digest(&self, value: &[u8]) -> String {
        let value = canonical(value);
        let digest =
            if is_guessable(&value) { self.slow(&value).into() } else { blake3::keyed_hash(&self.key, &value) };
        format!("s1:{}", &digest.to_hex()[..32])
    }

    /// What stands for `value` where it is only looked up.
    pub(crate) fn mark(&self, value: &[u8]) -> [u8; 32] {
        blake3::keyed_hash(&self.key, &canonical(value)).into()
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

/// The salt that a file with this `text` holds; none where it is too short to keep anything secret.
pub fn salt(text: &[u8]) -> Option<&[u8]> {
    Some(text.trim_ascii()).filter(|salt| salt.len() >= SHORTEST_SALT)
}

/// Whether somebody could find `value` by trying.
pub fn is_guessable(value: &[u8]) -> bool {
    random::strength(value) < UNGUESSABLE
}

/// A value as it is compared: a key in armour without the line ends that it happens to have.
pub fn canonical(value: &[u8]) -> Cow<'_, [u8]> {
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
    fn a_digest_stays_what_it_was() {
        let key = Key::new(Some(b"a salt of the repository"), None);
        let long = "q8W2nT5xLk9ZbV3mRc7Pq8W2nT5xLk9ZbV3mRc7P";
        assert_eq!(key.digest(b"hunter22"), "s1:0bdc3b976ca759f63b15e92bc486ecef");
        assert_eq!(key.digest(long.as_bytes()), "s1:b5cf2ec7fa5c904e6b6a91fed7251a0a");
    }

    #[test]
    fn a_salt_is_long_enough() {
        for (text, expected) in [
            ("0123456789abcdef\n", Some("0123456789abcdef")),
            (" 0123456789abcdef0 ", Some("0123456789abcdef0")),
            ("0123456789abcde\n", None),
            ("", None),
        ] {
            assert_eq!(salt(text.as_bytes()), expected.map(str::as_bytes), "{text:?}");
        }
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
