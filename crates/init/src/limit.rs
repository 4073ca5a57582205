//! Limits as conditions write them.

use std::fmt;

/// A limit with its unit. Percentages are exact to a hundredth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Hundredths of a percent.
    Percent(u32),
    /// Bytes.
    Bytes(u64),
    /// Things.
    Count(u64),
}

impl Limit {
    /// A percentage; none of what is no part of a hundred.
    pub(crate) fn percent(value: f64) -> Option<Self> {
        let hundredths = (value * 100.0).round();
        ((0.0..=10_000.0).contains(&hundredths)).then_some(Self::Percent(hundredths as u32))
    }

    /// Of two limits on one series the one that asks for more.
    pub(crate) fn stricter(self, other: Self) -> Self {
        match (self, other) {
            (Self::Percent(a), Self::Percent(b)) => Self::Percent(a.max(b)),
            (Self::Bytes(a), Self::Bytes(b)) => Self::Bytes(a.min(b)),
            (Self::Count(a), Self::Count(b)) => Self::Count(a.min(b)),
            (one, _) => one,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Percent(hundredths) => match (hundredths / 100, hundredths % 100) {
                (whole, 0) => write!(f, "{whole}%"),
                (whole, rest) if rest % 10 == 0 => write!(f, "{whole}.{}%", rest / 10),
                (whole, rest) => write!(f, "{whole}.{rest:02}%"),
            },
            Self::Bytes(bytes) if bytes % 1_000 == 0 && bytes > 0 => write!(f, "{} KB", bytes / 1_000),
            Self::Bytes(bytes) if bytes % 1_024 == 0 && bytes > 0 => write!(f, "{} KiB", bytes / 1_024),
            Self::Bytes(bytes) => write!(f, "{bytes} B"),
            Self::Count(count) => write!(f, "{count}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_written_with_their_units() {
        for (limit, text) in [
            (Limit::percent(80.0), "80%"),
            (Limit::percent(79.5), "79.5%"),
            (Limit::percent(0.07), "0.07%"),
            (Some(Limit::Bytes(600_000)), "600 KB"),
            (Some(Limit::Bytes(128_000)), "128 KB"),
            (Some(Limit::Bytes(3_072)), "3 KiB"),
            (Some(Limit::Bytes(501)), "501 B"),
        ] {
            assert_eq!(limit.map(|limit| limit.to_string()).as_deref(), Some(text));
        }
        for none in [Limit::percent(101.0), Limit::percent(-1.0), Limit::percent(f64::NAN)] {
            assert_eq!(none, None);
        }
    }

    #[test]
    fn the_stricter_limit_asks_for_more() {
        assert_eq!(Limit::Percent(7_000).stricter(Limit::Percent(8_000)), Limit::Percent(8_000));
        assert_eq!(Limit::Bytes(7).stricter(Limit::Bytes(8)), Limit::Bytes(7));
    }
}
