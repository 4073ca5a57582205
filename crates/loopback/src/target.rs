//! Paths and queries of requests.

/// A path's segments and a query's pairs, decoded.
#[derive(Debug, Default)]
pub(crate) struct Target {
    pub(crate) segments: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
}

impl Target {
    /// Takes a target apart; `None` where an escape is none or stands for no UTF-8.
    pub(crate) fn parse(target: &str) -> Option<Self> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segments = path.trim_start_matches('/').split('/').map(decode).collect::<Option<_>>()?;
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(key)?, decode(&value.replace('+', " "))?))
        });
        Some(Self { segments, query: pairs.collect::<Option<_>>()? })
    }

    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str())
    }
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Escapes everything but letters, digits and `-._~`.
pub(crate) fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// What is wrong with the way a target is written, if anything.
pub(crate) fn flaw(target: &str) -> Option<&'static str> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let allowed = |byte: u8, more: &[u8]| {
        byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%".contains(&byte) || more.contains(&byte)
    };
    if !path.bytes().all(|byte| allowed(byte, b"")) || !query.bytes().all(|byte| allowed(byte, b"?")) {
        return Some("the path or the query holds a character that must be percent-encoded");
    }
    let Some(parsed) = Target::parse(target) else {
        return Some("a percent-encoding in the path or the query is none");
    };
    let odd = |segment: &String| matches!(segment.as_str(), "" | "." | "..");
    parsed.segments.iter().any(odd).then_some("the path has an empty, `.` or `..` segment")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_taken_apart_and_decoded() {
        let target = Target::parse("/rules/a%2Fb%20%C3%A4?x=1&labels=a%2Cb+c&y").unwrap();
        assert_eq!(target.segments, ["rules", "a/b ä"]);
        assert_eq!((target.get("labels"), target.get("y"), target.get("z")), (Some("a,b c"), Some(""), None));
        assert!(Target::parse("/%ff").is_none());
        assert_eq!(encode("a/b ä~"), "a%2Fb%20%C3%A4~");
    }

    #[test]
    fn flaws_are_named() {
        assert_eq!(flaw("/repos/o/r/rules/branches/a%2Fb?per_page=100"), None);
        assert!(flaw("/a\"b").unwrap().contains("percent-encoded"));
        assert!(flaw("/ä").unwrap().contains("percent-encoded"));
        assert!(flaw("/a?b=#").unwrap().contains("percent-encoded"));
        assert!(flaw("/a%2").unwrap().contains("is none"));
        assert!(flaw("/a%zz").unwrap().contains("is none"));
        assert!(flaw("/a//b").unwrap().contains("segment"));
        assert!(flaw("/a/%2e%2E/b").unwrap().contains("segment"));
    }
}
