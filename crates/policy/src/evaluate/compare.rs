//! One number against its bound.

use tollgate_model::{Metric, Op, Verdict};

use super::Outcome;
use crate::number::Number;
use crate::policy::{Gate, TooClose};
use crate::words::{self, Bound};

/// One number against its bound.
pub(super) fn compared(gate: &Gate, metric: &Metric, op: Op, bound: &Bound, noun: Option<&str>) -> Outcome {
    let value = Number::of(metric);
    let (low, high) = match metric.interval {
        Some([low, high]) => (Number::from_f64(low), Number::from_f64(high)),
        None => (value, value),
    };
    let said = format!("{} is {}", metric.series(), metric.shown());
    let (verdict, text) = match (certain(op, low, high, bound), metric.interval) {
        (Some(true), _) => holds(gate, &said, op, value, bound),
        (Some(false), None) => (Verdict::Fail, format!("{said}: {}", words::distance(metric, op, bound, noun))),
        (Some(false), Some(interval)) => {
            let best = words::best(op, interval, metric.unit);
            (Verdict::Fail, format!("{said}, {best}: not {}", words::demand(op, bound)))
        }
        (None, interval) => {
            let range = words::range(interval.unwrap_or([metric.value; 2]), metric.unit);
            let demand = words::demand(op, bound);
            let text = format!("{said}, but lies anywhere from {range}, so {demand} is not certain");
            match gate.too_close {
                TooClose::Warn => (Verdict::Warn, format!("{text}; not proven")),
                TooClose::Unknown => (Verdict::Unknown, text),
            }
        }
    };
    let mut outcome = Outcome::new(verdict, text);
    outcome.labels = metric.labels.clone();
    let over = value.plus(bound.number.negative()).as_f64();
    outcome.excess = match op {
        Op::Ge | Op::Gt => -over,
        Op::Le | Op::Lt => over,
        Op::Eq | Op::Ne => over.abs(),
    };
    if verdict != Verdict::Pass {
        (outcome.places, outcome.more_places) = (metric.places.clone(), metric.more_places);
    }
    outcome
}

/// A value that satisfies its bound: a pass, unless it is near enough to warn.
fn holds(gate: &Gate, said: &str, op: Op, value: Number, bound: &Bound) -> (Verdict, String) {
    match gate.warns_above(op, bound.number).filter(|(from, _)| value >= *from) {
        Some((_, at)) => (Verdict::Warn, format!("{said}: above {} of its limit, {}", at.words(), bound.words)),
        None => (Verdict::Pass, format!("{said}: {}", words::demand(op, bound))),
    }
}

/// Whether every value from `low` to `high` satisfies the bound, or none does; none where some do.
fn certain(op: Op, low: Number, high: Number, bound: &Bound) -> Option<bool> {
    let at = |number: Number| op.holds(number.cmp(&bound.number));
    let inside = low <= bound.number && bound.number <= high;
    match op {
        // Equality with a point inside a wider range holds for that point only.
        Op::Eq | Op::Ne if inside && low != high => None,
        _ if at(low) == at(high) => Some(at(low)),
        _ => None,
    }
}
