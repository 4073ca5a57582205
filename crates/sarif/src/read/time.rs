//! Instants as SARIF writes them (§3.9: RFC 3339 in UTC; other offsets are met in the wild).

use tollgate_model::Date;

/// The instant in seconds since 1970-01-01 UTC; none where `text` is not `2027-01-15T08:30:00Z`, with a fraction,
/// another offset or none, or only the day.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let day = Date::parse(text.get(..10)?)?.days() * 86_400;
    let clock = match text.get(10..)? {
        "" => return Some(day),
        rest => rest.strip_prefix(['T', 't', ' '])?,
    };
    let (clock, offset) = split_offset(clock)?;
    Some(day + time(clock)? - offset)
}

/// The day, as UTC has it, of the instant that `text` names.
pub(super) fn day(text: &str) -> Option<String> {
    seconds(text).and_then(|seconds| u64::try_from(seconds).ok()).map(|seconds| Date::from_unix(seconds).to_string())
}

/// What comes before the offset, and the offset in seconds.
fn split_offset(clock: &str) -> Option<(&str, i64)> {
    if let Some(clock) = clock.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    match clock.rfind(['+', '-']) {
        None => Some((clock, 0)),
        Some(at) => {
            let (clock, offset) = clock.split_at(at);
            let sign = if offset.starts_with('-') { -1 } else { 1 };
            let (hours, minutes) = offset.get(1..)?.split_once(':')?;
            Some((clock, sign * (number(hours, 23)? * 3_600 + number(minutes, 59)? * 60)))
        }
    }
}

/// Seconds since midnight of `08:30`, `08:30:00` or `08:30:00.123`.
fn time(clock: &str) -> Option<i64> {
    let whole = match clock.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit()) => whole,
        Some(_) => return None,
        None => clock,
    };
    let mut parts = whole.split(':');
    let (hours, minutes) = (number(parts.next()?, 23)?, number(parts.next()?, 59)?);
    let seconds = parts.next().map_or(Some(0), |seconds| number(seconds, 60))?;
    parts.next().is_none().then_some(hours * 3_600 + minutes * 60 + seconds)
}

/// Two digits up to `most`.
fn number(digits: &str, most: i64) -> Option<i64> {
    let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| two && *number <= most)
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
