//! Instants as SARIF writes them (§3.9: RFC 3339 in UTC; other offsets are met in the wild).

use tollgate_model::{Date, moment};

/// The instant in seconds since 1970-01-01 UTC; none where `text` is not `2027-01-15T08:30:00Z`, with a fraction,
/// another offset or none, or only the day.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(day) = Date::parse(text) {
        return Some(day.days() * 86_400);
    }
    let (minute, rest) = (text.get(..16)?, text.get(16..)?);
    let second = if rest.starts_with(':') { "" } else { ":00" };
    let zone = if rest.contains(['Z', 'z', '+', '-']) { "" } else { "Z" };
    moment(&format!("{minute}{second}{rest}{zone}"))
}

/// The day, as UTC has it, of the instant that `text` names.
pub(super) fn day(text: &str) -> Option<String> {
    seconds(text).and_then(|seconds| u64::try_from(seconds).ok()).map(|seconds| Date::from_unix(seconds).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_and_nothing_else() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1970-01-02", Some(86_400)),
            ("2016-07-16T14:18:25.123Z", Some(1_468_678_705)),
            ("2016-07-16 14:18:25", Some(1_468_678_705)),
            ("2016-07-16T14:18Z", Some(1_468_678_680)),
            ("2016-07-16T16:18:25+02:00", Some(1_468_678_705)),
            ("2016-07-16T09:18:25-05:00", Some(1_468_678_705)),
            ("2016-07-16T25:00:00Z", None),
            ("2016-02-30T00:00:00Z", None),
            ("2016-07-16T14Z", None),
            ("2016-07-16T14:18:25.Z", None),
            ("2016-07-16T14:18:25:00Z", None),
            ("2016-07-16T14:18:25+2", None),
            ("2016-07-16x", None),
            ("soon", None),
            ("2016-07-1é", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
        assert_eq!(day("2026-12-31T23:30:00-05:00").as_deref(), Some("2027-01-01"));
        assert_eq!(day("1900-01-01"), None);
    }
}
