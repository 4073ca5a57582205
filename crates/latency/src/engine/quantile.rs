//! Quantiles of what was measured, and where the true ones lie.

use super::binomial;

/// The quantile `p` of ascending values, between two of them in proportion (type 7 of Hyndman and Fan 1996, as k6 and NumPy have it). None of
/// nothing; infinite where it falls among infinite values.
pub fn point(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = p.clamp(0.0, 1.0) * last as f64;
    let (low, part) = (at.floor() as usize, at.fract());
    let (a, b) = (*sorted.get(low)?, sorted[(low + 1).min(last)]);
    Some(if part == 0.0 || a == b { a } else { a + (b - a) * part })
}

/// Where the true quantile `p` lies with a confidence of at least `confidence`, whatever the distribution is: between two of the ascending values,
/// by their ranks. An end that so few values do not tell is 0 or infinite. None of nothing.
pub fn interval(sorted: &[f64], p: f64, confidence: f64) -> Option<[f64; 2]> {
    let n = sorted.len() as u64;
    if n == 0 {
        return None;
    }
    let half = (1.0 - confidence) / 2.0;
    // The k-th smallest is above the quantile with the chance that fewer than k values are below it.
    let above = |k: u64| binomial::at_most(n, p, k - 1) >= 1.0 - half;
    let below = |k: u64| binomial::at_least(n, p, k) >= 1.0 - half;
    // Both hold from some rank on; it is found by halving.
    let high = first(n, &above).map_or(f64::INFINITY, |k| sorted[k as usize - 1]);
    let low = first(n, &|k| !below(k)).map_or(n, |k| k - 1);
    Some([low.checked_sub(1).map_or(0.0, |i| sorted[i as usize]), high])
}

/// The first rank from 1 to `n` at which `holds`, which holds from there on.
fn first(n: u64, holds: &dyn Fn(u64) -> bool) -> Option<u64> {
    let (mut low, mut high) = (1, n + 1);
    while low < high {
        let middle = (low + high) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    (low <= n).then_some(low)
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;
    use super::*;

    #[test]
    fn points_lie_between_values() {
        let values = [1.0, 2.0, 3.0, 4.0];
        assert_eq!([0.0, 0.5, 1.0].map(|p| point(&values, p)), [Some(1.0), Some(2.5), Some(4.0)]);
        assert_eq!(point(&[], 0.5), None);
        assert_eq!(point(&[1.0, f64::INFINITY], 0.0), Some(1.0));
        assert_eq!(point(&[1.0, f64::INFINITY], 0.9), Some(f64::INFINITY));
        assert_eq!(point(&[f64::INFINITY; 3], 0.9), Some(f64::INFINITY));
    }

    #[test]
    fn ends_that_nothing_tells_are_open() {
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(interval(&values, 0.95, 0.95), Some([7.0, f64::INFINITY]).map(|_| [8.0, f64::INFINITY]));
        assert_eq!(interval(&values, 0.5, 0.95), Some([2.0, 9.0]));
        assert_eq!(interval(&[], 0.5, 0.95), None);
        assert_eq!(interval(&[5.0], 0.5, 0.95), Some([0.0, f64::INFINITY]));
    }

    #[test]
    fn intervals_hold_the_true_quantile_as_often_as_they_say() {
        let mut random = Random::new(11);
        for (p, n) in [(0.5, 40), (0.95, 75), (0.95, 400)] {
            let held = (0..2_000)
                .filter(|_| {
                    let mut values: Vec<f64> = (0..n).map(|_| random.unit()).collect();
                    values.sort_by(f64::total_cmp);
                    interval(&values, p, 0.95).is_some_and(|[low, high]| low <= p && p <= high)
                })
                .count();
            assert!(held >= 1_890, "p{p} of {n}: {held}");
        }
    }
}
