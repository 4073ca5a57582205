//! Limits as people write them: exact decimals with a unit.

use tollgate_model::{Unit, format};

use crate::number::Number;

/// A number with a unit, exactly as written: `80%`, `600 KB`, `1.5 s`, `0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// What it counts; bare numbers count things.
    pub unit: Unit,
    /// The value in the canonical scale of `unit`.
    pub(crate) number: Number,
    text: String,
}

/// Unit names, what they count, and how many canonical units one is, as a fraction.
const UNITS: &[(&str, Unit, i128, i128)] = &[
    ("%", Unit::Percent, 1, 1),
    ("B", Unit::Bytes, 1, 1),
    ("KB", Unit::Bytes, 1_000, 1),
    ("kB", Unit::Bytes, 1_000, 1),
    ("KiB", Unit::Bytes, 1 << 10, 1),
    ("MB", Unit::Bytes, 1_000_000, 1),
    ("MiB", Unit::Bytes, 1 << 20, 1),
    ("GB", Unit::Bytes, 1_000_000_000, 1),
    ("GiB", Unit::Bytes, 1 << 30, 1),
    ("us", Unit::Milliseconds, 1, 1_000),
    ("ms", Unit::Milliseconds, 1, 1),
    ("s", Unit::Milliseconds, 1_000, 1),
    ("min", Unit::Milliseconds, 60_000, 1),
    ("h", Unit::Milliseconds, 3_600_000, 1),
    ("days", Unit::Milliseconds, 86_400_000, 1),
    ("day", Unit::Milliseconds, 86_400_000, 1),
];

impl Quantity {
    /// Reads a number and its unit. The blank between them is optional.
    ///
    /// # Errors
    /// A sentence saying what is wrong and what is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (digits, unit) = (&text[..end], text[end..].trim());
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || (digits.contains('.') && fraction.is_empty()) || fraction.contains('.') {
            return Err(format!("`{text}` is not a number with a unit, such as 80%, 600 KB, 500 ms or 0"));
        }
        if whole.len() > 15 || fraction.len() > 6 {
            return Err(format!("`{digits}` has more digits than a limit can hold: 15 before the point, 6 after it"));
        }
        let mantissa: i128 = format!("{whole}{fraction}").parse().map_err(|_| format!("`{digits}` is not a number"))?;
        let number = Number::new(mantissa, 10i128.pow(fraction.len() as u32));
        if unit.is_empty() {
            return Ok(Self { unit: Unit::Count, number, text: text.to_owned() });
        }
        match UNITS.iter().find(|(name, ..)| *name == unit) {
            Some((_, kind, times, per)) => {
                Ok(Self { unit: *kind, number: number.times(*times, *per), text: text.to_owned() })
            }
            None => {
                let hint = crate::suggest::hint(unit, UNITS.iter().map(|(name, ..)| *name));
                Err(format!("unknown unit `{unit}`{hint}"))
            }
        }
    }

    /// The value in the canonical scale of its unit.
    pub fn value(&self) -> f64 {
        self.number.as_f64()
    }

    /// A limit nearer to `value`, in the unit that this one is written in: whole percents, else two digits that count, towards
    /// the milder side (`up`, of an upper limit). None where it would be the same or on the other side of this one.
    pub(crate) fn nearer(&self, value: f64, up: bool) -> Option<Self> {
        let unit = self.text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim();
        let scale = UNITS.iter().find(|(name, ..)| *name == unit).map_or(1.0, |(_, _, n, d)| *n as f64 / *d as f64);
        let value = value / scale;
        let step = match self.unit {
            Unit::Percent => 1.0,
            _ if value > 0.0 => 10f64.powf(value.log10().floor() - 1.0).max(1.0),
            _ => 1.0,
        };
        let steps = if up { (value / step).ceil() } else { (value / step).floor() };
        let blank = if self.text.contains(' ') { " " } else { "" };
        let nearer = Self::parse(&format!("{}{blank}{unit}", steps * step)).ok()?;
        let stricter = if up { nearer.number < self.number } else { nearer.number > self.number };
        stricter.then_some(nearer)
    }

    /// How reasons write it: `80 %`, `600 KB`, `0`.
    pub fn words(&self) -> String {
        match self.unit {
            Unit::Percent => format!("{} %", self.text.trim_end_matches('%').trim()),
            Unit::Count => format::value(self.value(), Unit::Count),
            Unit::Bytes | Unit::Milliseconds => {
                let end = self.text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.text.len());
                format!("{} {}", &self.text[..end], self.text[end..].trim())
            }
        }
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_exact() {
        for (text, unit, value) in [
            ("80%", Unit::Percent, 80.0),
            ("0.5 %", Unit::Percent, 0.5),
            ("600 KB", Unit::Bytes, 600_000.0),
            ("600KiB", Unit::Bytes, 614_400.0),
            ("350 us", Unit::Milliseconds, 0.35),
            ("1.5s", Unit::Milliseconds, 1500.0),
            ("90 days", Unit::Milliseconds, 7_776_000_000.0),
            ("0", Unit::Count, 0.0),
        ] {
            let quantity = Quantity::parse(text).unwrap();
            assert_eq!((quantity.unit, quantity.value()), (unit, value), "{text}");
        }
    }

    #[test]
    fn a_nearer_limit_keeps_its_unit_and_its_side() {
        for (limit, value, up, nearer) in [
            ("80%", 91.7, false, Some("91%")),
            ("80 %", 80.9, false, None),
            ("600 KB", 412_345.0, true, Some("420 KB")),
            ("1 MB", 412_345.0, true, None),
            ("500ms", 123.4, true, Some("130ms")),
            ("100", 7.0, true, Some("7")),
            ("100", 0.0, true, Some("0")),
            ("1", 1_234.0, false, Some("1200")),
            ("100", 99.5, true, None),
            ("100", f64::NAN, true, None),
        ] {
            let found = Quantity::parse(limit).unwrap().nearer(value, up);
            assert_eq!(found.map(|found| found.to_string()).as_deref(), nearer, "{limit} {value}");
        }
    }

    #[test]
    fn nonsense_is_refused_with_a_word_of_advice() {
        for (text, word) in [
            ("80 percent", "unknown unit `percent`"),
            ("600 kb", "did you mean `KB`"),
            ("1.", "not a number"),
            (".5", "not a number"),
            ("1.2.3", "not a number"),
            ("", "not a number"),
            ("-5", "not a number"),
            ("1e9", "unknown unit `e9`"),
            ("12345678901234567", "more digits"),
        ] {
            let message = Quantity::parse(text).unwrap_err();
            assert!(message.contains(word), "{text}: {message}");
        }
    }
}
