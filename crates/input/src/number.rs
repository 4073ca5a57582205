//! Numbers, kept as they are written.

/// A number, kept as it is written: nothing is rounded until someone asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// `text` must be a number of JSON or of the YAML core schema.
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The nearest double; none for a finite number that is too large for one.
    pub fn as_f64(&self) -> Option<f64> {
        if let Some((digits, radix)) = self.radix() {
            return u128::from_str_radix(digits, radix).ok().map(|value| value as f64);
        }
        match self.0.trim_start_matches(['+', '-']) {
            ".inf" | ".Inf" | ".INF" if self.0.starts_with('-') => Some(f64::NEG_INFINITY),
            ".inf" | ".Inf" | ".INF" => Some(f64::INFINITY),
            ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
            _ => self.0.parse().ok().filter(|value: &f64| value.is_finite()),
        }
    }

    /// The value, if it is written as a whole number that fits: `1.0` and `1e3` are not.
    pub fn as_u64(&self) -> Option<u64> {
        match self.radix() {
            Some((digits, radix)) => u64::from_str_radix(digits, radix).ok(),
            None => self.0.parse().ok(),
        }
    }

    /// The value, if it is written as a whole number that fits: `1.0` and `1e3` are not.
    pub fn as_i64(&self) -> Option<i64> {
        match self.radix() {
            Some((digits, radix)) => i64::from_str_radix(digits, radix).ok(),
            None => self.0.parse().ok(),
        }
    }

    /// The digits of YAML's `0x1F` and `0o17` and their base.
    fn radix(&self) -> Option<(&str, u32)> {
        let hex = self.0.strip_prefix("0x").map(|digits| (digits, 16));
        hex.or_else(|| self.0.strip_prefix("0o").map(|digits| (digits, 8)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_when_asked() {
        let big = "123456789012345678901234567890";
        let cases = [
            ("0", Some(0), Some(0), Some(0.0)),
            ("-0", None, Some(0), Some(0.0)),
            ("-7", None, Some(-7), Some(-7.0)),
            ("+7", Some(7), Some(7), Some(7.0)),
            ("18446744073709551615", Some(u64::MAX), None, Some(18446744073709551615.0)),
            (big, None, None, Some(1.2345678901234568e29)),
            ("1.0", None, None, Some(1.0)),
            ("1e3", None, None, Some(1000.0)),
            (".5", None, None, Some(0.5)),
            ("1e999", None, None, None),
            ("0x1F", Some(31), Some(31), Some(31.0)),
            ("0o17", Some(15), Some(15), Some(15.0)),
            ("-.inf", None, None, Some(f64::NEG_INFINITY)),
        ];
        for (text, u64, i64, f64) in cases {
            let number = Number::new(text);
            assert_eq!((number.as_i64(), number.as_f64()), (i64, f64), "{text}");
            assert!(number.as_u64() == u64 || text == "-0", "{text}");
            assert_eq!(number.text(), text);
        }
        assert!(Number::new(".nan").as_f64().is_some_and(f64::is_nan));
    }
}
