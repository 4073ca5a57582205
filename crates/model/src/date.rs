//! Days of the calendar.

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
        Self::from_days((seconds / 86_400) as i64)
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
}
