//! Durations and shares, as options have them.

use std::time::Duration;

use tollgate_check::CheckError;
use tollgate_model::format;

/// Longest duration that an option may ask for, in milliseconds: a day.
const LONGEST: f64 = 86_400_000.0;

/// Reads a duration such as `500 ms`, `1.5 s` or `250` (milliseconds), as milliseconds. None for what is no duration, no time at all,
/// or more than a day.
pub(crate) fn milliseconds(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let scale = match unit.trim() {
        "" | "ms" => 1.0,
        "us" => 0.001,
        "s" => 1_000.0,
        "min" => 60_000.0,
        "h" => 3_600_000.0,
        _ => return None,
    };
    let value = number.parse::<f64>().ok()? * scale;
    (value > 0.0 && value <= LONGEST).then_some(value)
}

/// The duration that the option `key` has.
///
/// # Errors
/// An option that is none.
pub(crate) fn option(key: &str, text: &str) -> Result<Duration, CheckError> {
    Ok(Duration::from_secs_f64(option_ms(key, text)? / 1_000.0))
}

/// The same in milliseconds.
///
/// # Errors
/// An option that is none.
pub(crate) fn option_ms(key: &str, text: &str) -> Result<f64, CheckError> {
    milliseconds(text).ok_or_else(|| {
        CheckError::option(key, format!("{text:?} is no duration of at most a day; write it as \"500 ms\" or \"2 s\""))
    })
}

/// By how much something may be more: `10 %` of it, or so many milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Amount {
    /// A share of it, 0.1 for 10 %.
    Share(f64),
    /// Milliseconds.
    Fixed(f64),
}

impl Amount {
    /// Reads an amount.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match share(text) {
            Some(share) => Some(Self::Share(share)),
            None => milliseconds(text).map(Self::Fixed),
        }
    }

    /// It, for people.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Share(share) => format!("{} %", format::decimal(share * 100.0)),
            Self::Fixed(ms) => format::milliseconds(ms),
        }
    }

    /// The most that `base` may become, both in milliseconds.
    pub(crate) fn above(self, base: f64) -> f64 {
        match self {
            Self::Share(share) => base * (1.0 + share),
            Self::Fixed(more) => base + more,
        }
    }
}

/// Milliseconds for people: three digits that mean something, `48.1 ms`.
pub(crate) fn shown(ms: f64) -> String {
    format::milliseconds(rounded(ms))
}

/// To three significant digits.
pub(crate) fn rounded(ms: f64) -> f64 {
    if ms == 0.0 || !ms.is_finite() {
        return ms;
    }
    let scale = 10f64.powf(2.0 - ms.abs().log10().floor());
    (ms * scale).round() / scale
}

/// Reads a percentage, as a share from 0 to 10.
pub(crate) fn share(text: &str) -> Option<f64> {
    let number = text.trim().strip_suffix('%')?.trim_end();
    let plain = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let share = number.parse::<f64>().ok()? / 100.0;
    (plain && share <= 10.0).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        for (text, ms) in [
            ("500 ms", 500.0),
            ("500ms", 500.0),
            ("1.5 s", 1500.0),
            ("250", 250.0),
            ("80us", 0.08),
            ("2 min", 120_000.0),
        ] {
            assert_eq!(milliseconds(text), Some(ms), "{text}");
        }
        for text in ["", "ms", "-5 ms", "5 m", "0 s", "1.2.3 s", "2 days", "25 h", "inf", "1e3", "5 %"] {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }

    #[test]
    fn people_read_three_digits() {
        for (ms, text) in
            [(48.1312, "48.1 ms"), (134.69, "135 ms"), (0.4839, "484 us"), (1_250.4, "1.25 s"), (0.0, "0 us")]
        {
            assert_eq!(shown(ms), text);
        }
    }

    #[test]
    fn an_amount_is_a_share_or_a_duration() {
        assert_eq!(Amount::parse("10 %").unwrap().above(200.0), 220.00000000000003);
        assert_eq!(Amount::parse("20 ms").unwrap().above(200.0), 220.0);
        assert_eq!(Amount::parse("ten"), None);
        assert_eq!(share("0%"), Some(0.0));
        assert_eq!(share("-1 %"), None);
        assert_eq!(share("2000 %"), None);
    }
}
