//! Times of reports.

use tollgate_model::Date;

/// The second, from 1970-01-01 UTC, that `text` names as RFC 3339 writes it, section 5.6; a fraction is cut off, and a blank
/// may stand for the `T`, as its note allows. None for anything else.
pub(super) fn unix(text: &str) -> Option<i64> {
    let day = Date::parse(text.get(..10)?)?;
    let rest = text.get(10..)?.strip_prefix(['T', 't', ' '])?;
    let clock = rest.get(..8)?;
    let (hour, minute, second) = (number(clock.get(..2)?)?, number(clock.get(3..5)?)?, number(clock.get(6..)?)?);
    let colons = clock.as_bytes().get(2) == Some(&b':') && clock.as_bytes().get(5) == Some(&b':');
    if !colons || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut zone = rest.get(8..)?;
    if let Some(fraction) = zone.strip_prefix('.') {
        let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        if after.len() == fraction.len() {
            return None;
        }
        zone = after;
    }
    Some(day.days() * 86_400 + hour * 3_600 + minute * 60 + second - offset(zone)?)
}

/// The day that a time begins with, or that stands alone.
pub(super) fn day(text: &str) -> Option<Date> {
    Date::parse(text.get(..10)?)
}

/// How many seconds `zone` (`Z`, `+02:00`) is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3_600 + minutes * 60))
}

/// Two digits.
fn number(text: &str) -> Option<i64> {
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds() {
        let cases = [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-06-18T13:58:33+02:00", Some(1_781_783_913)),
            ("2024-01-10T11:04:41.000000005Z", Some(1_704_884_681)),
            ("2024-01-10 11:04:41.5-00:30", Some(1_704_886_481)),
            ("1969-12-31T23:59:59Z", Some(-1)),
            ("2024-01-10T11:04:41", None),
            ("2024-01-10T11:04:41.Z", None),
            ("2024-01-10T24:04:41Z", None),
            ("2024-13-10T11:04:41Z", None),
            ("2024-01-10T11-04-41Z", None),
            ("2024-01-10T11:04:41+2:00", None),
            ("2024-01-10T11:04:41é", None),
            ("2024-01-1é", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(unix(text), expected, "{text}");
        }
        assert_eq!(day("2024-01-10T99").map(|day| day.to_string()).as_deref(), Some("2024-01-10"));
        assert_eq!(day("soon"), None);
    }
}
