//! How numbers are written for people: the same in a reason, a table and a comment.

use crate::Unit;

/// `7997` as `7,997`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things with its word: `1 line`, `7,997 lines`, `2 branches`.
pub fn things(value: u64, one: &str) -> String {
    let ending = match value {
        1 => "",
        _ if one.ends_with("ch") || one.ends_with('s') || one.ends_with('x') => "es",
        _ => "s",
    };
    format!("{} {one}{ending}", count(value))
}

/// An exact ratio as a percentage, cut (never rounded up) to two decimals, trailing zeros dropped: `79.97 %`.
pub fn ratio(numerator: u64, denominator: u64) -> String {
    if denominator == 0 {
        return "no data".to_owned();
    }
    let hundredths = u128::from(numerator) * 10_000 / u128::from(denominator);
    percent_of_hundredths(hundredths)
}

fn percent_of_hundredths(hundredths: u128) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match (rest, rest % 10) {
        (0, _) => format!("{whole} %"),
        (_, 0) => format!("{whole}.{} %", rest / 10),
        _ => format!("{whole}.{rest:02} %"),
    }
}

/// A size: bytes up to 999, then one decimal of KB (1000) or MB, cut, with the exact bytes after it.
pub fn bytes(value: u64) -> String {
    match short_bytes(value) {
        text if value < 1000 => text,
        text => format!("{text} ({} B)", count(value)),
    }
}

/// The same without the exact bytes: `612.3 KB`.
pub fn short_bytes(value: u64) -> String {
    const SCALES: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
    match SCALES.iter().find(|(scale, _)| value >= *scale) {
        Some((scale, name)) => {
            let tenths = u128::from(value) * 10 / u128::from(*scale);
            match tenths % 10 {
                0 => format!("{} {name}", count((tenths / 10) as u64)),
                rest => format!("{}.{rest} {name}", count((tenths / 10) as u64)),
            }
        }
        None => format!("{value} B"),
    }
}

/// The names `shown`, of `all` there are: `a, b and 3 more`.
pub fn few(shown: &[impl AsRef<str>], all: usize) -> String {
    let named = shown.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
    match all.saturating_sub(shown.len()) {
        0 => named,
        more => format!("{named} and {} more", count(more as u64)),
    }
}

/// A duration given in milliseconds: `350 us`, `12.5 ms`, `1.25 s`, `3 min`, `2 h`, `7 days`.
pub fn milliseconds(value: f64) -> String {
    const SCALES: [(f64, &str); 5] =
        [(86_400_000.0, "days"), (3_600_000.0, "h"), (60_000.0, "min"), (1_000.0, "s"), (1.0, "ms")];
    let (scale, name) = SCALES.into_iter().find(|(scale, _)| value.abs() >= *scale).unwrap_or((0.001, "us"));
    format!("{} {name}", decimal(value / scale))
}

/// At most two decimals, trailing zeros dropped.
pub fn decimal(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A value in the canonical scale of `unit`.
pub fn value(value: f64, unit: Unit) -> String {
    let whole = value >= 0.0 && value.fract() == 0.0 && value < 9e15;
    match unit {
        Unit::Count if whole => count(value as u64),
        Unit::Count => decimal(value),
        Unit::Percent => format!("{} %", decimal(value)),
        Unit::Bytes if whole => bytes(value as u64),
        Unit::Bytes => format!("{} B", decimal(value)),
        Unit::Milliseconds => milliseconds(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_separators() {
        let texts: Vec<_> = [0, 999, 1000, 7_997, 1_234_567].map(count).into();
        assert_eq!(texts, ["0", "999", "1,000", "7,997", "1,234,567"]);
    }

    #[test]
    fn a_ratio_is_never_rounded_up() {
        assert_eq!(ratio(7_997, 10_000), "79.97 %");
        assert_eq!(ratio(79_999, 100_000), "79.99 %");
        assert_eq!(ratio(2_071, 2_072), "99.95 %");
        assert_eq!(ratio(1, 1), "100 %");
        assert_eq!(ratio(1, 2), "50 %");
        assert_eq!(ratio(905, 1000), "90.5 %");
        assert_eq!(ratio(0, 0), "no data");
        assert_eq!(ratio(u64::MAX, u64::MAX), "100 %");
    }

    #[test]
    fn sizes_keep_their_bytes() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(612_345), "612.3 KB (612,345 B)");
        assert_eq!(bytes(600_000), "600 KB (600,000 B)");
        assert_eq!(short_bytes(1_250_000_000), "1.2 GB");
    }

    #[test]
    fn durations_choose_their_scale() {
        let texts: Vec<_> = [0.35, 12.5, 1250.0, 180_000.0, 604_800_000.0].map(milliseconds).into();
        assert_eq!(texts, ["350 us", "12.5 ms", "1.25 s", "3 min", "7 days"]);
    }
}
