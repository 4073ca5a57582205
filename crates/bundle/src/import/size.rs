//! Sizes as other tools write them, kept to the byte.

use std::fmt;

use tollgate_input::Number;

/// The largest size that a condition can hold, in bytes.
const MOST: u128 = 999_999_999_999_999;

/// Units beyond the byte: the word for thousands and the one for 1024s, as they are compared and as they are written.
const SCALES: [[&str; 4]; 4] =
    [["kb", "KB", "kib", "KiB"], ["mb", "MB", "mib", "MiB"], ["gb", "GB", "gib", "GiB"], ["tb", "TB", "tib", "TiB"]];

/// What a tool takes a unit for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Units {
    /// KB is 1000 bytes, KiB is 1024: the package `bytes-iec`.
    Iec,
    /// KB is 1024 bytes, KiB is no unit: the package `bytes`.
    Binary,
}

/// A limit on a size: at least one byte, and no more than a condition can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// Whole bytes: what is beyond the last one cannot be used up.
    pub(crate) bytes: u64,
    /// How many bytes one of the unit has.
    unit: u64,
    /// What the unit is called.
    word: &'static str,
}

impl Size {
    /// `10 kB`, `1.5MiB`, `500`, as a tool with these units reads them; none of what it does not take for a size.
    pub(super) fn of_text(text: &str, units: Units) -> Option<Self> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (digits, unit) = text.split_at(end);
        let (unit, word) = unit_of(&unit.trim().to_ascii_lowercase(), units)?;
        Self::new(exact(digits, unit)?, unit, word)
    }

    /// `number` times `unit` bytes, where the unit is called `word`.
    pub(super) fn of_number(number: &Number, unit: u64, word: &'static str) -> Option<Self> {
        let rounded = || {
            let bytes = (number.as_f64()? * unit as f64).floor();
            (0.0..1e15).contains(&bytes).then_some(bytes as u128)
        };
        Self::new(exact(number.text(), unit).or_else(rounded)?, unit, word)
    }

    fn new(bytes: u128, unit: u64, word: &'static str) -> Option<Self> {
        (1..=MOST).contains(&bytes).then_some(Self { bytes: u64::try_from(bytes).ok()?, unit, word })
    }

    /// What its unit is called.
    pub(super) fn word(self) -> &'static str {
        self.word
    }

    /// How many bytes its unit was taken for.
    pub(super) fn unit_bytes(self) -> u64 {
        self.unit
    }

    /// The unit that was assumed, as a sentence about the tool `whose`.
    pub(super) fn assumed(self, whose: &str) -> String {
        match self.unit {
            1 => format!("{whose} reads it as bytes"),
            unit => format!("{whose} reads {} as {unit} bytes", self.word),
        }
    }
}

/// As a condition writes it, nothing rounded: in thousands or 1024s as it was written, else in the one that gives the rounder
/// number, else in bytes.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut scales = [(1_000, "KB"), (1_024, "KiB")];
        match self.unit {
            1 => scales.sort_by_key(|(scale, _)| significant(self.bytes / scale)),
            unit if unit.is_multiple_of(1_024) => scales.reverse(),
            _ => {}
        }
        match scales.iter().find(|(scale, _)| self.bytes.is_multiple_of(*scale)) {
            Some((scale, word)) => write!(f, "{} {word}", self.bytes / scale),
            None => write!(f, "{} B", self.bytes),
        }
    }
}

/// How many digits stand before the zeros at the end.
fn significant(mut number: u64) -> u32 {
    while number > 0 && number.is_multiple_of(10) {
        number /= 10;
    }
    number.checked_ilog10().map_or(0, |digits| digits + 1)
}

/// How many bytes the lower-case `unit` has, and how it is written.
fn unit_of(unit: &str, units: Units) -> Option<(u64, &'static str)> {
    if matches!(unit, "" | "b") {
        return Some((1, "B"));
    }
    (1..).zip(SCALES).find_map(|(power, [thousands, written, binary, written_binary])| match units {
        Units::Iec if unit == thousands => Some((1_000_u64.pow(power), written)),
        Units::Iec if unit == binary => Some((1_024_u64.pow(power), written_binary)),
        Units::Binary if unit == thousands => Some((1_024_u64.pow(power), written)),
        _ => None,
    })
}

/// The whole bytes of `digits`, a decimal without sign or exponent, times `unit`.
fn exact(digits: &str, unit: u64) -> Option<u128> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mantissa = format!("{whole}{fraction}");
    if whole.is_empty() || mantissa.len() > 18 || !mantissa.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    Some(mantissa.parse::<u128>().ok()? * u128::from(unit) / scale)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tollgate_input::{Limits, json};

    use super::*;

    fn number(text: &str, unit: u64) -> Option<Size> {
        let node = json::parse("x.json", text, Limits::default()).unwrap();
        Size::of_number(node.as_number().unwrap(), unit, "KB")
    }

    #[test]
    fn units_are_those_of_the_tool_and_nothing_is_rounded() {
        for (text, units, bytes, written) in [
            ("10 kB", Units::Iec, 10_000, "10 KB"),
            ("10kb", Units::Binary, 10_240, "10 KiB"),
            ("1.5 MB", Units::Iec, 1_500_000, "1500 KB"),
            ("1.5 MB", Units::Binary, 1_572_864, "1536 KiB"),
            ("256 KB", Units::Iec, 256_000, "256 KB"),
            ("125 KiB", Units::Iec, 128_000, "125 KiB"),
            ("500 KB", Units::Binary, 512_000, "500 KiB"),
            ("10.0625 KiB", Units::Iec, 10_304, "10304 B"),
            ("10.5 KB", Units::Iec, 10_500, "10500 B"),
            ("512000", Units::Iec, 512_000, "500 KiB"),
            ("250000 B", Units::Binary, 250_000, "250 KB"),
            ("128000", Units::Iec, 128_000, "128 KB"),
            ("1001 b", Units::Iec, 1_001, "1001 B"),
            ("1.0009 kB", Units::Iec, 1_000, "1 KB"),
            ("2 TiB", Units::Iec, 2 << 40, "2147483648 KiB"),
            ("0.5 GB", Units::Iec, 500_000_000, "500000 KB"),
        ] {
            let size = Size::of_text(text, units).unwrap();
            assert_eq!((size.bytes, size.to_string().as_str()), (bytes, written), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in [
            "",
            "kB",
            "-1 kB",
            "+1 kB",
            "1..2 kB",
            "1 s",
            "1 kilobyte",
            "0",
            "0.4 B",
            ".5 kB",
            "1e3",
            "1 k",
            "1 kB x",
            "1000 TB",
            "9999999999999999999999",
            "10000000000000000000000000000000000000 TB",
            "ten",
            "1 kB\u{202e}",
        ] {
            assert_eq!(Size::of_text(text, Units::Iec), None, "{text:?}");
        }
        assert_eq!(Size::of_text("10 KiB", Units::Binary), None);
    }

    #[test]
    fn numbers_have_the_unit_that_they_are_given() {
        for (text, unit, bytes) in [
            ("500", 1_000, Some(500_000)),
            ("125", 1_024, Some(128_000)),
            ("5e2", 1_000, Some(500_000)),
            ("0.5", 1_024, Some(512)),
            ("0", 1_000, None),
            ("-3", 1_000, None),
            ("1e400", 1, None),
            ("1e15", 1, None),
            ("999999999999999", 1, Some(999_999_999_999_999)),
        ] {
            assert_eq!(number(text, unit).map(|size| size.bytes), bytes, "{text} {unit}");
        }
    }

    #[test]
    fn the_assumed_unit_is_said() {
        let said = |text, units| Size::of_text(text, units).unwrap().assumed("it");
        assert_eq!(said("1 mb", Units::Binary), "it reads MB as 1048576 bytes");
        assert_eq!(said("1 kib", Units::Iec), "it reads KiB as 1024 bytes");
        assert_eq!(said("7", Units::Iec), "it reads it as bytes");
    }

    proptest! {
        /// What is written says the same bytes again.
        #[test]
        fn written_sizes_keep_their_bytes(whole in 0_u64..1_000_000, part in 0_u32..1_000, unit in 0_usize..9) {
            let units = ["B", "kB", "KiB", "MB", "MiB", "GB", "GiB", "", "Kb"];
            if let Some(size) = Size::of_text(&format!("{whole}.{part:03} {}", units[unit]), Units::Iec) {
                let again = Size::of_text(&size.to_string(), Units::Iec).unwrap();
                prop_assert_eq!(again.bytes, size.bytes);
            }
        }
    }
}
