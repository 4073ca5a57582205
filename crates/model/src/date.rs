//! Days of the calendar, and moments of a day.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day of the Gregorian calendar; serialized as `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

impl Date {
    /// Reads `YYYY-MM-DD`; none when there is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let mut part = |digits: usize| -> Option<i32> {
            parts.next().filter(|p| p.len() == digits && p.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        let date = Self { year, month: month as u8, day: day as u8 };
        (Self::from_days(date.days()) == date).then_some(date)
    }

    /// The day that holds this second, counted from 1970-01-01 UTC.
    pub fn from_unix(seconds: u64) -> Self {
        // The last second of the year 9999: later days have no name of four digits.
        const LAST: u64 = 253_402_300_799;
        Self::from_days((seconds.min(LAST) / 86_400) as i64)
    }

    /// Days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`).
    pub fn days(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    fn from_days(days: i64) -> Self {
        let days = days + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * shifted + 2) / 5 + 1) as u8;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 } as u8;
        Self { year: (era * 400 + year_of_era) as i32 + i32::from(month <= 2), month, day }
    }
}

/// The second, from 1970-01-01 UTC, that `text` names as RFC 3339 writes it, section 5.6; a fraction is cut off, and a blank
/// may stand for the `T`, as its note allows. None for anything else.
pub fn moment(text: &str) -> Option<i64> {
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

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("{text:?} is no day; one is written 2027-01-15")))
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree() {
        for (text, days) in [("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-11-21", 20_778), ("1969-12-31", -1)] {
            assert_eq!(Date::parse(text).unwrap().days(), days, "{text}");
        }
        for days in -200_000..200_000 {
            let date = Date::from_days(days);
            assert_eq!(date.days(), days);
            assert!(Date::from_days(days + 1) > date);
        }
    }

    #[test]
    fn a_date_travels_as_it_is_written() {
        let date = Date::parse("2026-11-20").unwrap();
        assert_eq!(serde_json::to_string(&date).unwrap(), "\"2026-11-20\"");
        assert_eq!(serde_json::from_str::<Date>("\"2026-11-20\"").unwrap(), date);
        let error = serde_json::from_str::<Date>("\"2026-02-30\"").unwrap_err();
        assert!(error.to_string().contains("is no day"), "{error}");
        assert!(serde_json::from_str::<Date>("3").is_err());
    }

    #[test]
    fn days_that_never_were_are_refused() {
        for text in ["2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-1", "2026-01-01x", ""] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn moments_are_seconds() {
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
            ("1970-01-02T00:00:01Z", Some(86_401)),
            ("2026-11-21T10:00:00.123Z", Some(20_778 * 86_400 + 36_000)),
            ("2026-11-21T10:00:00+02:00", Some(20_778 * 86_400 + 28_800)),
            ("2026-11-21 10:00:00-00:30", Some(20_778 * 86_400 + 37_800)),
            ("2026-11-21T10:00:00", None),
            ("2026-11-21T25:00:00Z", None),
            ("2026-11-21T10:00:00é", None),
            ("2026-11-2é", None),
            ("Wed, 25 Nov 2026 10:00:00", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(moment(text), expected, "{text}");
        }
    }
}
