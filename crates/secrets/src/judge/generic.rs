//! Values without a form of their own, judged by the name they are given to and by how random they are.

use tollgate_digest::strength;
use tollgate_model::Confidence;

use crate::engine::assign::{self, Assigned};
use crate::judge::structure::{Checked, Subject};
use crate::judge::{placeholder, random};

/// Longest value that is looked at.
pub(crate) const LONGEST: usize = 256;

/// Names that hold a word like `key` or `token` and are given to no secret.
const HARMLESS: &[&str] = &[
    "public",
    "pubkey",
    "keyword",
    "keyboard",
    "monkey",
    "turkey",
    "hockey",
    "tokeniz",
    "token_type",
    "tokentype",
    "token-type",
    "token_url",
    "tokenurl",
    "token_uri",
    "tokenendpoint",
    "token_endpoint",
    "token-endpoint",
    "max_token",
    "maxtoken",
    "max-token",
    "num_token",
    "bos_token",
    "eos_token",
    "pad_token",
    "sep_token",
    "unk_token",
    "cls_token",
    "mask_token",
    "csrf",
    "xsrf",
    "keyid",
    "key_id",
    "key-id",
    "kid",
    "key_name",
    "keyname",
    "key-name",
    "key_path",
    "keypath",
    "key-path",
    "keyfile",
    "key_file",
    "key-file",
    "secret_name",
    "secretname",
    "secret-name",
    "secret_id",
    "secretref",
    "secret_ref",
    "secret_key_ref",
    "secretkeyref",
    "secretsmanager",
    "secret_arn",
    "secretarn",
    "token_file",
    "tokenfile",
    "token-file",
    "passwordfile",
    "password_file",
    "password-file",
    "password_path",
    "author",
    "authority",
    "authenticate",
    "authentication",
    "authorized",
    "primarykey",
    "primary_key",
    "primary-key",
    "foreignkey",
    "foreign_key",
    "cachekey",
    "cache_key",
    "cache-key",
    "sortkey",
    "sort_key",
    "partitionkey",
    "partition_key",
    "rowkey",
    "row_key",
    "objectkey",
    "object_key",
    "idempotency",
    "integrity",
    "checksum",
    "digest",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "hash",
    "fingerprint",
    "signature",
    "thumbprint",
    "etag",
    "commit",
    "revision",
    "version",
    "nonce",
    "placeholder",
    "label",
    "prompt",
    "message",
    "error",
    "title",
    "description",
    "tooltip",
    "hint",
    "regex",
    "pattern",
    "format",
    "policy",
    "length",
    "strength",
    "field",
    "input",
    "column",
    "url",
    "uri",
    "endpoint",
    "href",
    "selector",
    "class",
    "icon",
    "i18n",
    "translation",
    "confirm",
    "forgot",
    "reset",
    "expir",
    "issuer",
    "provider",
    "algorithm",
    "prefix",
    "suffix",
    "header",
    "param",
    "type",
    "enabled",
    "required",
    "storage",
    "namespace",
    "resource",
    "scope",
    "count",
    "limit",
    "size",
    "index",
    "list",
    "map",
    "store_key",
    "storekey",
    "registry",
    "query",
    "path",
    "dir",
];

/// `secret`, `token`, `api_key`: given a value that looks drawn at random.
pub(crate) fn secret(subject: &Subject<'_>) -> Option<Checked> {
    let (assigned, value, end) = value(subject)?;
    let name = subject.text.get(assigned.name.clone())?;
    if !(12..=LONGEST).contains(&value.len())
        || is_harmless(name)
        || placeholder::is_weak(value)
        || is_something_else(value)
    {
        return None;
    }
    let alphanumeric = value.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    if digits == value.len() || letters == 0 || alphanumeric * 4 < value.len() * 3 || random::is_wordy(value) {
        return None;
    }
    let entropy = tollgate_digest::entropy(value);
    let hex = value.iter().all(u8::is_ascii_hexdigit);
    let least = if hex { 3.0 } else { 3.3 };
    // Letters alone, however mixed, are mostly names; drawn ones of this length hold a digit.
    let mixed = digits > 0 || value.len() >= 24 && entropy >= 4.2;
    if entropy < least || !mixed || digits == 1 && value.len() < 16 {
        return None;
    }
    let sure =
        value.len() >= 20 && entropy >= least + 0.2 && digits >= 2 && (assigned.quote.is_some() || is_screaming(name));
    Some(Checked {
        span: assigned.value..end,
        confidence: if sure { Confidence::Medium } else { Confidence::Low },
        verified: false,
    })
}

/// `password`, `passphrase`: given any value that is none of those that people write instead.
pub(crate) fn password(subject: &Subject<'_>) -> Option<Checked> {
    let (assigned, value, end) = value(subject)?;
    let name = subject.text.get(assigned.name.clone())?;
    if !(6..=128).contains(&value.len())
        || is_harmless(name)
        || placeholder::is_weak(value)
        || value.iter().any(|byte| !(0x20..0x7F).contains(byte))
    {
        return None;
    }
    // A sentence, an address, a path, a piece of code.
    let blanks = value.iter().filter(|byte| **byte == b' ').count();
    if blanks > 0 || is_something_else(value) {
        return None;
    }
    let digit = value.iter().any(u8::is_ascii_digit);
    let sign = value.iter().any(u8::is_ascii_punctuation);
    let both = value.iter().any(u8::is_ascii_lowercase) && value.iter().any(u8::is_ascii_uppercase);
    let kinds = usize::from(digit) + usize::from(sign) + usize::from(both);
    if random::is_wordy(value) && !digit || kinds == 0 {
        return None;
    }
    let strong = value.len() >= 8 && kinds >= 2 && assigned.quote.is_some() && strength(value) >= 40.0;
    Some(Checked {
        span: assigned.value..end,
        confidence: if strong { Confidence::Medium } else { Confidence::Low },
        verified: false,
    })
}

fn value<'a>(subject: &Subject<'a>) -> Option<(&'a Assigned, &'a [u8], usize)> {
    let assigned = subject.assigned?;
    let end = assign::end_of_value(subject.text, assigned, LONGEST)?;
    Some((assigned, subject.text.get(assigned.value..end)?, end))
}

fn is_harmless(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    HARMLESS.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
}

/// `API_TOKEN`: how environments spell what they hand in.
fn is_screaming(name: &[u8]) -> bool {
    name.contains(&b'_') && !name.iter().any(u8::is_ascii_lowercase)
}

/// Whether a value is an address, a path, a name in a program, a UUID, a date, a colour, a version.
fn is_something_else(value: &[u8]) -> bool {
    let has = |piece: &[u8]| memchr::memmem::find(value, piece).is_some();
    let slashes = value.iter().filter(|byte| **byte == b'/').count();
    let dots = value.split(|byte| *byte == b'.').filter(|part| part.len() > 1).count();
    let identifier = |part: &[u8]| {
        part.first().is_some_and(u8::is_ascii_alphabetic)
            && part.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            && random::is_wordy(part)
    };
    has(b"://")
        || has(b"::")
        || has(b"->")
        || has(b"()")
        || has(b"@example")
        || has(b"${")
        || has(b"\\u")
        || matches!(value[0], b'/' | b'.' | b'~' | b'$' | b'&' | b'*' | b'(' | b'@' | b'#' if value[0] != b'$' || value.get(1).is_some_and(|byte| byte.is_ascii_alphabetic()))
        || slashes >= 2 && value.split(|byte| *byte == b'/').filter(|part| !part.is_empty()).all(|part| part.len() < 20)
        || dots >= 3 && value.split(|byte| *byte == b'.').any(identifier)
        || value.ends_with(b";")
        || has(b"=>")
        || is_uuid(value)
        || is_time(value)
        || value.starts_with(b"data:")
        || value.starts_with(b"sha256-")
        || value.starts_with(b"sha512-")
        || value.starts_with(b"arn:")
        || value.starts_with(b"ssh-rsa")
        || value.starts_with(b"pk_")
        || value.starts_with(b"0x") && value.len() <= 42
}

fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value
            .iter()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 8 | 13 | 18 | 23) { *byte == b'-' } else { byte.is_ascii_hexdigit() })
}

/// `2026-01-31T…`
fn is_time(value: &[u8]) -> bool {
    value.len() >= 10
        && value[..10]
            .iter()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() })
}
