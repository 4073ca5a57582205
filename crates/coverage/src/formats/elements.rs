//! What formats in XML share: paths in attributes, and branches of which only the number is told.

use tollgate_input::xml::{Scanner, Value};

use crate::marks::MOST_COUNTED;
use crate::reading::Reading;

/// How many branches a report may tell for each of its records, and besides, so that few bytes cannot take much memory.
const EACH: u64 = 64;
const BESIDES: u64 = 1_000_000;

/// Notes that the last event of `scanner` makes no sense. Its line is looked up for the first one alone, which is the
/// one that is named: counting lines for each would take the square of the report's length.
pub(super) fn malformed(reading: &mut Reading, scanner: &Scanner, message: &str) {
    let line = if reading.malformed.first.is_none() { scanner.line() } else { 0 };
    reading.malformed.add(line, message);
}

/// The path that an attribute holds, unless it holds none or one with control characters.
pub(super) fn path(value: Option<Value<'_>>) -> Option<String> {
    let value = value?;
    // As text, a line feed in an attribute is a space.
    let raw = value.raw().iter().any(u8::is_ascii_control);
    let path = value.text();
    let named = !path.trim().is_empty() && !raw && !path.chars().any(char::is_control);
    named.then(|| path.into_owned())
}

/// Keeps the number of branches in proportion to the records that tell them.
#[derive(Debug)]
pub(super) struct Allowance(u64);

impl Default for Allowance {
    fn default() -> Self {
        Self(BESIDES)
    }
}

impl Allowance {
    /// Of `all` branches that a further record tells, `hit` were taken: both numbers, if they make sense.
    pub(super) fn record(&mut self, hit: u64, all: u64) -> Result<(u32, u32), &'static str> {
        self.0 = self.0.saturating_add(EACH);
        if hit > all {
            return Err("more branches are taken than there are");
        }
        if all > MOST_COUNTED.into() {
            return Err("a line has no more than 100,000 branches");
        }
        self.0 = self.0.checked_sub(all).ok_or("the lines up to here have more branches than code has")?;
        Ok((hit as u32, all as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_stay_in_proportion() {
        let mut allowance = Allowance::default();
        assert_eq!(allowance.record(1, 2), Ok((1, 2)));
        assert_eq!(allowance.record(2, 2), Ok((2, 2)));
        assert!(allowance.record(3, 2).is_err() && allowance.record(0, u64::MAX).is_err());
        let told = (0..1000).map_while(|_| allowance.record(0, 100_000).ok()).count();
        assert_eq!(told, 10);
        assert_eq!(allowance.record(0, 60), Ok((0, 60)));
    }
}
