//! How reasons are worded: the number, then the distance to the limit.

use tollgate_model::{Metric, Op, Unit, format};

use crate::condition::Limit;
use crate::number::Number;

/// A limit as a number, with how it came about.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub(crate) number: Number,
    /// `80 %`, `the base (84.5 %)`, `2 KB above the base (610 KB)`.
    pub(crate) words: String,
}

impl Bound {
    /// The bound that `limit` sets, where the base's series is `base`.
    pub(crate) fn new(limit: &Limit, base: Option<&Metric>) -> Option<Self> {
        match limit {
            Limit::Success => None,
            Limit::Quantity(quantity) => Some(Self { number: quantity.number, words: quantity.words() }),
            Limit::Base { offset } => {
                let base = base?;
                let value = Number::of(base);
                let shown = number(base);
                let Some((added, by)) = offset else {
                    return Some(Self { number: value, words: format!("the base ({shown})") });
                };
                // On a percentage, percent means points; on anything else, a share of the base.
                let by_points = by.unit == base.unit;
                let distance = if by_points { by.number } else { value.by(by.number.times(1, 100)) };
                let signed = if *added { distance } else { distance.negative() };
                let amount = match (by_points, base.unit) {
                    (true, Unit::Percent) => format!("{} points", by.words().trim_end_matches(" %")),
                    _ => by.words(),
                };
                let side = if *added { "above" } else { "below" };
                Some(Self { number: value.plus(signed), words: format!("{amount} {side} the base ({shown})") })
            }
        }
    }
}

/// The value without its parts: `79.97 %`, `612.3 KB`.
fn number(metric: &Metric) -> String {
    match (metric.numerator, metric.denominator, metric.unit) {
        (Some(n), Some(d), _) => format::ratio(n, d),
        (.., Unit::Bytes) => format::short_bytes(metric.value.max(0.0) as u64),
        _ => format::value(metric.value, metric.unit),
    }
}

/// How far a failing value is from its bound: `3 lines short of 80 %`, `12.3 KB (12,345 B) over 600 KB`.
pub(crate) fn distance(metric: &Metric, op: Op, bound: &Bound, noun: Option<&str>) -> String {
    let limit = &bound.words;
    match op {
        Op::Eq => format!("not {limit}"),
        Op::Ne => format!("exactly {limit}"),
        Op::Ge | Op::Gt => match short(metric, op, bound) {
            Some(missing) => format!("{} short of {limit}", things(missing, noun)),
            None => format!("{} short of {limit}", gap(metric, bound)),
        },
        Op::Le | Op::Lt => match gap(metric, bound) {
            // A value that is its bound, where less is asked.
            none if none.starts_with("0 ") || none == "0" => format!("it must be below {limit}"),
            gap => format!("{gap} over {limit}"),
        },
    }
}

/// Of an exact ratio: how many more of the same denominator would do.
fn short(metric: &Metric, op: Op, bound: &Bound) -> Option<u64> {
    let (have, all) = (metric.numerator?, metric.denominator?);
    let wanted = bound.number.times(i128::from(all), 100);
    let wanted = if op == Op::Ge { wanted.ceil() } else { wanted.floor().saturating_add(1) };
    u64::try_from(wanted.saturating_sub(i128::from(have))).ok().filter(|missing| have.saturating_add(*missing) <= all)
}

fn gap(metric: &Metric, bound: &Bound) -> String {
    let gap = Number::of(metric).plus(bound.number.negative()).as_f64().abs();
    match metric.unit {
        Unit::Percent => format!("{} points", format::decimal(gap)),
        unit => format::value(gap, unit),
    }
}

fn things(count: u64, noun: Option<&str>) -> String {
    match noun {
        Some(noun) => format::things(count, noun),
        None => format::count(count),
    }
}

/// A range of values, widened outwards so that what is shown holds what is meant: `70 % to 90 %`.
pub(crate) fn range([low, high]: [f64; 2], unit: Unit) -> String {
    format!("{} to {}", downwards(low, unit), upwards(high, unit))
}

/// The end of a range that is nearest to what is asked: `at best 75 %`.
pub(crate) fn best(op: Op, interval: [f64; 2], unit: Unit) -> String {
    match op {
        Op::Ge | Op::Gt => format!("at best {}", upwards(interval[1], unit)),
        Op::Le | Op::Lt => format!("at best {}", downwards(interval[0], unit)),
        Op::Eq | Op::Ne => format!("anywhere from {}", range(interval, unit)),
    }
}

fn downwards(value: f64, unit: Unit) -> String {
    format::value(if unit == Unit::Percent { (value * 100.0).floor() / 100.0 } else { value }, unit)
}

fn upwards(value: f64, unit: Unit) -> String {
    format::value(if unit == Unit::Percent { (value * 100.0).ceil() / 100.0 } else { value }, unit)
}

/// What a bound asks for: `at least 80 %`.
pub(crate) fn demand(op: Op, bound: &Bound) -> String {
    let words = match op {
        Op::Ge => "at least",
        Op::Le => "at most",
        Op::Eq => "exactly",
        Op::Ne => "anything but",
        Op::Gt => "more than",
        Op::Lt => "less than",
    };
    format!("{words} {}", bound.words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Condition;

    fn say(metric: &Metric, condition: &str, base: Option<&Metric>) -> String {
        let condition = Condition::parse(condition).unwrap();
        let bound = Bound::new(&condition.limit, base).unwrap();
        format!("{}: {}", metric.shown(), distance(metric, condition.op, &bound, Some("line")))
    }

    #[test]
    fn distances_are_said_in_things_that_can_be_done() {
        let lines = |n, d| Metric::ratio("c.l", n, d).unwrap();
        let bytes = |n| Metric::bytes("b.t", n);
        let cases = [
            (lines(7_997, 10_000), "c.l >= 80%", None, "79.97 % (7,997 of 10,000): 3 lines short of 80 %"),
            (lines(799, 1_000), "c.l >= 79.91%", None, "79.9 % (799 of 1,000): 1 line short of 79.91 %"),
            (lines(80, 100), "c.l > 80%", None, "80 % (80 of 100): 1 line short of 80 %"),
            (lines(9, 10), "c.l >= base", Some(lines(95, 100)), "90 % (9 of 10): 1 line short of the base (95 %)"),
            (
                lines(9, 10),
                "c.l >= base - 0.5%",
                Some(lines(95, 100)),
                "90 % (9 of 10): 1 line short of 0.5 points below the base (95 %)",
            ),
            (bytes(612_345), "b.t <= 600 KB", None, "612.3 KB (612,345 B): 12.3 KB (12,345 B) over 600 KB"),
            (
                bytes(612_345),
                "b.t <= base + 2 KB",
                Some(bytes(610_000)),
                "612.3 KB (612,345 B): 345 B over 2 KB above the base (610 KB)",
            ),
            (bytes(600_000), "b.t < 600 KB", None, "600 KB (600,000 B): it must be below 600 KB"),
            (bytes(120), "b.t <= base + 10%", Some(bytes(100)), "120 B: 10 B over 10 % above the base (100 B)"),
        ];
        for (metric, condition, base, expected) in cases {
            assert_eq!(say(&metric, condition, base.as_ref()), expected);
        }
    }
}
