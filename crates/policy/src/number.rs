//! Exact numbers, so that 79.99 % is never 80 %.

use std::cmp::Ordering;

use tollgate_model::{Metric, Unit};

/// A fraction of 128-bit integers, reduced. Where a product would not fit, `f64` decides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    numerator: i128,
    /// Always positive.
    denominator: i128,
}

impl Number {
    /// `numerator / denominator`; the denominator is taken as 1 when it is not positive.
    pub(crate) fn new(numerator: i128, denominator: i128) -> Self {
        let denominator = denominator.max(1);
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs()).max(1) as i128;
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    /// The value of a metric: its exact ratio where it has one.
    pub(crate) fn of(metric: &Metric) -> Self {
        match (metric.unit, metric.numerator, metric.denominator) {
            (Unit::Percent, Some(n), Some(d)) if d > 0 => Self::new(i128::from(n) * 100, i128::from(d)),
            _ => Self::from_f64(metric.value),
        }
    }

    /// The exact value of a finite `value` of moderate size; others are cut to the nearest bound.
    pub(crate) fn from_f64(value: f64) -> Self {
        if !value.is_finite() {
            return Self::new(if value > 0.0 { i128::MAX } else { i128::MIN + 1 }, 1);
        }
        let (mut scaled, mut denominator) = (value, 1i128);
        while scaled.fract() != 0.0 && denominator < 1 << 60 {
            scaled *= 2.0;
            denominator *= 2;
        }
        Self::new(scaled as i128, denominator)
    }

    pub(crate) fn as_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// `self * times / per`.
    pub(crate) fn times(self, times: i128, per: i128) -> Self {
        match (self.numerator.checked_mul(times), self.denominator.checked_mul(per)) {
            (Some(n), Some(d)) => Self::new(n, d),
            _ => Self::from_f64(self.as_f64() * times as f64 / per as f64),
        }
    }

    /// `self + other`.
    pub(crate) fn plus(self, other: Self) -> Self {
        let exact = || {
            let left = self.numerator.checked_mul(other.denominator)?;
            let right = other.numerator.checked_mul(self.denominator)?;
            Some(Self::new(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?))
        };
        exact().unwrap_or_else(|| Self::from_f64(self.as_f64() + other.as_f64()))
    }

    /// `-self`.
    pub(crate) fn negative(self) -> Self {
        Self { numerator: self.numerator.saturating_neg(), ..self }
    }

    /// `self * other`.
    pub(crate) fn by(self, other: Self) -> Self {
        self.times(other.numerator, other.denominator)
    }

    /// `self / other`; none where `other` is 0.
    pub(crate) fn over(self, other: Self) -> Option<Self> {
        let sign = other.numerator.signum();
        (sign != 0).then(|| self.times(other.denominator.saturating_mul(sign), other.numerator.saturating_abs()))
    }

    pub(crate) fn is_positive(self) -> bool {
        self.numerator > 0
    }

    /// The smallest integer that is not below it.
    pub(crate) fn ceil(self) -> i128 {
        self.numerator.saturating_neg().div_euclid(self.denominator).saturating_neg()
    }

    /// The largest integer that is not above it.
    pub(crate) fn floor(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = self.numerator.checked_mul(other.denominator);
        let right = other.numerator.checked_mul(self.denominator);
        match (left, right) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => self.as_f64().total_cmp(&other.as_f64()),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_exact() {
        let just_under = Number::new(79_999_999_999 * 100, 100_000_000_000);
        assert!(just_under < Number::new(80, 1));
        assert_eq!(Number::new(800, 10), Number::new(80, 1));
        let third = Number::of(&Metric::ratio("x.y", 1, 3).unwrap());
        assert!(third > Number::from_f64(33.333_333) && third < Number::from_f64(33.333_334));
    }

    #[test]
    fn floats_are_exact_and_bounded() {
        assert_eq!(Number::from_f64(0.5), Number::new(1, 2));
        assert_eq!(Number::from_f64(600_000.0), Number::new(600_000, 1));
        assert!(Number::from_f64(f64::NAN) < Number::new(0, 1));
        assert!(Number::from_f64(f64::INFINITY) > Number::from_f64(1e30));
    }

    #[test]
    fn a_quotient_has_the_sign_of_both() {
        let whole = |n| Number::new(n, 1);
        assert_eq!(whole(7).over(whole(-2)), Some(Number::new(-7, 2)));
        assert_eq!(whole(-7).over(whole(-2)), Some(Number::new(7, 2)));
        assert_eq!(whole(7).over(whole(0)), None);
    }

    #[test]
    fn rounding_goes_both_ways() {
        assert_eq!((Number::new(7, 2).ceil(), Number::new(7, 2).floor()), (4, 3));
        assert_eq!((Number::new(-7, 2).ceil(), Number::new(-7, 2).floor()), (-3, -4));
        assert_eq!((Number::new(4, 1).ceil(), Number::new(4, 1).floor()), (4, 4));
    }
}
