//! Checks of what is inside a credential: checksums, armour, encodings.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use tollgate_digest::entropy;
use tollgate_model::Confidence;

use crate::decode::base64;
use crate::engine::assign::Assigned;
use crate::judge::generic;
use crate::judge::{placeholder, random};

/// A check in code that a rule may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Check {
    /// The last six characters are the CRC32 of those between the prefix and them, in base 62.
    GithubCrc32,
    /// Three parts in base64url, the first of which is JSON with `alg`.
    Jwt,
    /// An armoured key with a body in base64.
    Pem,
    /// Part of a JSON document that holds a service account's private key.
    JsonServiceAccount,
    /// The value is base64.
    Base64Decodes,
    /// `user:password` in base64.
    BasicAuth,
    /// A token of an `Authorization` header.
    Bearer,
    /// The password of an address.
    UrlPassword,
    /// A value without a form of its own, assigned to the name of a key or token.
    GenericSecret,
    /// A value without a form of its own, assigned to the name of a password.
    GenericPassword,
}

/// What a check looks at.
pub(crate) struct Subject<'a> {
    pub(crate) text: &'a [u8],
    /// Where the value stands.
    pub(crate) span: Range<usize>,
    /// The assignment that it stands in, for rules that look at one.
    pub(crate) assigned: Option<&'a Assigned>,
    /// How sure the rule is.
    pub(crate) confidence: Confidence,
}

/// What a check says: it is none, or this is how it stands.
pub(crate) struct Checked {
    pub(crate) span: Range<usize>,
    pub(crate) confidence: Confidence,
    pub(crate) verified: bool,
}

/// How far an armoured key may reach.
pub(crate) const LONGEST_ARMOUR: usize = 16_384;

impl Check {
    /// Whether it may look far beyond the match.
    pub(crate) fn is_far(self) -> bool {
        matches!(self, Self::Pem | Self::JsonServiceAccount | Self::Jwt)
    }

    pub(crate) fn run(self, subject: &Subject<'_>) -> Option<Checked> {
        let value = subject.text.get(subject.span.clone())?;
        let fits =
            |verified: bool, confidence: Confidence| Some(Checked { span: subject.span.clone(), confidence, verified });
        match self {
            Self::GithubCrc32 if checksum_fits(value) => fits(true, Confidence::High),
            // A token that the vendor cannot have issued: somebody made it up.
            Self::GithubCrc32 => fits(false, Confidence::Low),
            Self::Jwt => jwt(value).and_then(|confidence| fits(true, confidence)),
            Self::Pem => armour(subject),
            Self::JsonServiceAccount => service_account(subject),
            Self::Base64Decodes => base64::decode(value).and_then(|_| fits(true, subject.confidence)),
            Self::BasicAuth => basic(value).and_then(|()| fits(true, subject.confidence)),
            Self::Bearer
                if placeholder::is_weak(value) || random::is_wordy(value) || !value.iter().any(u8::is_ascii_digit) =>
            {
                None
            }
            Self::Bearer => fits(false, subject.confidence),
            Self::UrlPassword if placeholder::is_weak(value) || is_variable(value) => None,
            Self::UrlPassword => fits(false, url_confidence(subject, value)),
            Self::GenericSecret => generic::secret(subject),
            Self::GenericPassword => generic::password(subject),
        }
    }
}

/// Whether the last six characters are the checksum of what stands between the prefix (to the last `_`) and them.
///
/// Source: GitHub, "Behind GitHub's new authentication token formats" (2021): CRC32, base 62 (digits, capitals, small letters), filled up with
/// zeros.
fn checksum_fits(token: &[u8]) -> bool {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let body = token.iter().rposition(|byte| *byte == b'_').map_or(token, |at| &token[at + 1..]);
    let Some((random, sum)) = body.split_last_chunk::<6>() else { return false };
    let mut number = crc32(random);
    let mut expected = [b'0'; 6];
    for place in expected.iter_mut().rev() {
        *place = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    *sum == expected
}

/// CRC32 as zip and PNG have it (ISO 3309, polynomial EDB88320 reflected).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum: u32, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}

/// RFC 7519: header and payload are JSON objects in base64url, the header names an algorithm.
fn jwt(value: &[u8]) -> Option<Confidence> {
    let mut parts = value.split(|byte| *byte == b'.');
    let json = |part: Option<&[u8]>| serde_json::from_slice::<serde_json::Value>(&base64::decode(part?)?).ok();
    let header = json(parts.next())?;
    let algorithm = header.get("alg")?.as_str()?.to_owned();
    let payload = json(parts.next()).filter(serde_json::Value::is_object);
    let signed = parts.next().is_some_and(|signature| signature.len() >= 20);
    match payload {
        Some(payload) if signed && algorithm != "none" => {
            // The payload of the example on jwt.io and its many copies.
            let example = payload
                .get("name")
                .and_then(|name| name.as_str())
                .is_some_and(|name| name == "John Doe" || name == "Jane Doe");
            Some(if example { Confidence::Low } else { Confidence::Medium })
        }
        _ => Some(Confidence::Low),
    }
}

/// An armoured key from its header, which is what was matched, to its end.
fn armour(subject: &Subject<'_>) -> Option<Checked> {
    let text = subject.text;
    let start = subject.span.start;
    let header = &text[subject.span.clone()];
    let body_at = subject.span.end;
    let rest = &text[body_at..text.len().min(body_at + LONGEST_ARMOUR)];
    let end = memchr::memmem::find(rest, b"-----END").or_else(|| memchr::memmem::find(rest, b"---- END"));
    let body = &rest[..end.unwrap_or(rest.len())];
    let (payload, encrypted) = payload(body, end.is_none());
    let shown = memchr::memmem::find(body, b"...").is_some()
        || memchr::memmem::find(body, b"\xE2\x80\xA6").is_some()
        || memchr::memmem::find(body, b"${").is_some();
    if payload.len() < 40 || shown || entropy(&payload) < 3.8 || end.is_none() && payload.len() < 120 {
        return None;
    }
    let footer = end.map_or(0, |at| {
        let after = &rest[at + 4..];
        at + 4
            + memchr::memmem::find(&after[..after.len().min(80)], b"----").map_or(after.len().min(80), |close| {
                after[close..].iter().take_while(|byte| **byte == b'-').count() + close
            })
    });
    let last = if end.is_some() {
        body_at + footer
    } else {
        body_at + body.iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |at| at + 1)
    };
    let encrypted = encrypted || memchr::memmem::find(header, b"ENCRYPTED").is_some();
    let known = base64::decode(&payload[..payload.len().min(64) / 4 * 4]).is_some_and(|bytes| {
        bytes.first() == Some(&0x30)
            || bytes.starts_with(b"openssh-key-v1")
            || bytes.first().is_some_and(|byte| byte & 0x80 != 0)
    });
    let confidence = if encrypted || !known || end.is_none() { Confidence::Medium } else { Confidence::High };
    Some(Checked { span: start..last.max(body_at), confidence, verified: known && end.is_some() })
}

/// The base64 of an armoured body, wherever it stands: on lines of its own, in one string with `\n`, in several strings. And whether its
/// header lines say that it is encrypted.
fn payload(body: &[u8], open: bool) -> (Vec<u8>, bool) {
    let mut payload = Vec::new();
    let mut encrypted = false;
    let mut from = 0;
    let ends = |at: usize| {
        body[at] == b'\n' || body[at] == b'\\' && body.get(at + 1).is_some_and(|byte| matches!(byte, b'n' | b'r'))
    };
    while from < body.len() {
        let end = (from..body.len()).find(|at| ends(*at)).unwrap_or(body.len());
        let line = &body[from..end];
        let is_header = line.contains(&b':');
        encrypted |= is_header && memchr::memmem::find(line, b"ENCRYPTED").is_some();
        let before = payload.len();
        if !is_header {
            payload.extend(
                line.iter().copied().filter(|byte| base64::is_digit(*byte) && !(line.len() < 4 && *byte == b'+')),
            );
        }
        // Without an end, the first line that is none of it is the end.
        if open && from > 0 && payload.len() == before && !line.iter().all(u8::is_ascii_whitespace) && !is_header {
            break;
        }
        from = end + if body.get(end) == Some(&b'\\') { 2 } else { 1 };
    }
    (payload, encrypted)
}

/// The rest of a Google service account's document around what was matched.
fn service_account(subject: &Subject<'_>) -> Option<Checked> {
    let from = subject.span.start.saturating_sub(4096);
    let near = &subject.text[from..subject.text.len().min(subject.span.end + 4096)];
    let has = |piece: &[u8]| memchr::memmem::find(near, piece).is_some();
    let whole = has(b"service_account") && has(b"PRIVATE KEY-----") && has(b"client_email");
    whole.then(|| Checked { span: subject.span.clone(), confidence: subject.confidence, verified: true })
}

/// `user:password` in base64.
fn basic(value: &[u8]) -> Option<()> {
    let pair = base64::decode(value)?;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    let printable = std::str::from_utf8(&pair).is_ok_and(|text| !text.chars().any(char::is_control));
    let password = &pair[colon + 1..];
    (printable && password.len() >= 4 && !placeholder::is_weak(password) && !placeholder::is_weak(&pair[..colon]))
        .then_some(())
}

/// Whether the password of an address is the name of a variable, as in `postgres://USER:PASSWORD@HOST`.
fn is_variable(value: &[u8]) -> bool {
    let escape = |value: &[u8]| value.len() > 2 && value[0] == b'%' && value[1].is_ascii_hexdigit();
    value.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
        || matches!(value.first(), Some(b'$' | b'{' | b'<' | b'%')) && !escape(value)
}

/// A server on the same machine is a developer's; a short word is what documentation shows.
fn url_confidence(subject: &Subject<'_>, password: &[u8]) -> Confidence {
    let after = &subject.text[subject.span.end..subject.text.len().min(subject.span.end + 40)];
    let host = after.strip_prefix(b"@").unwrap_or(after);
    let local = [
        &b"localhost"[..],
        b"127.0.0.1",
        b"0.0.0.0",
        b"[::1]",
        b"db:",
        b"db/",
        b"postgres:",
        b"mysql:",
        b"redis:",
        b"mongo:",
        b"host:",
        b"host/",
        b"host.docker",
        b"example.",
    ]
    .iter()
    .any(|known| host.starts_with(known))
        || memchr::memmem::find(host, b"example.").is_some();
    let simple = password.len() < 8 || password.iter().all(u8::is_ascii_lowercase);
    match (local, simple) {
        (true, _) | (_, true) => subject.confidence.min(Confidence::Low),
        _ => subject.confidence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_verified() {
        let token = ["gh", "p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"].concat();
        assert!(checksum_fits(token.as_bytes()));
        assert!(!checksum_fits(token.replace("0mLq17", "0mLq18").as_bytes()));
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn an_armoured_key_is_taken_whole_wherever_it_stands() {
        let body = "MIIEpAIBAAKCAQEA04up8hoqzS1APIB0RhjXyObwHQnOzhAk5Bd7mhkSbPkyhP1".to_owned()
            + "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let [begin, end] = ["BEGIN", "END"].map(|word| format!("-----{word} RSA PRIVATE {}-----", "KEY"));
        for joint in ["\n", "\\n", "\r\n", "\" +\n  \"", "\n    "] {
            let text = format!("x {begin}{joint}{}{joint}{}{joint}{end} y", &body[..64], &body[64..]);
            let at = text.find("-----").unwrap();
            let subject = Subject {
                text: text.as_bytes(),
                span: at..at + begin.len(),
                assigned: None,
                confidence: Confidence::High,
            };
            let checked = Check::Pem.run(&subject).unwrap_or_else(|| panic!("{joint:?}"));
            assert_eq!(&text[checked.span], text[at..].strip_suffix(" y").unwrap(), "{joint:?}");
            assert!(checked.verified);
        }
        let open = format!("{begin}\n...\n{end}");
        let subject =
            Subject { text: open.as_bytes(), span: 0..begin.len(), assigned: None, confidence: Confidence::High };
        assert!(Check::Pem.run(&subject).is_none());
    }
}
