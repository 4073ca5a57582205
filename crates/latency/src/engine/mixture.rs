//! The mixture of likelihood ratios.

use std::sync::OnceLock;

/// Alternatives on each side.
const GRID: usize = 12;

/// No alternative is nearer to certainty than this.
const CAP: f64 = 0.95;

/// One alternative against `theta0`: the logarithms of the factors by which one slow and one fast request multiply its likelihood.
#[derive(Clone, Copy, Debug)]
struct Alternative {
    slow: f64,
    fast: f64,
}

/// The alternatives on both sides of one `theta0`, of equal weight and evenly spaced in logarithms.
#[derive(Clone, Debug)]
pub struct Mixture {
    less: [Alternative; GRID],
    more: [Alternative; GRID],
}

impl Mixture {
    /// For `theta0` strictly between 0 and 1: alternatives from 0.02 to 0.85 times it, and from 1.15 to 18 times (60 for less than 0.02), none
    /// above 0.95.
    pub fn new(theta0: f64) -> Self {
        let most = if theta0 < 0.02 { 60.0 } else { 18.0 };
        let alternative = |theta: f64| {
            let theta = theta.min(CAP.max(theta0));
            Alternative { slow: (theta / theta0).ln(), fast: ((1.0 - theta) / (1.0 - theta0)).ln() }
        };
        let spread = |from: f64, to: f64| {
            let step = (to / from).powf(1.0 / (GRID - 1) as f64);
            std::array::from_fn(|i| alternative(theta0 * from * step.powi(i as i32)))
        };
        Self { less: spread(0.02, 0.85), more: spread(1.15, most) }
    }

    /// The evidence against "`theta0` or more", after `m` slow requests of `n`; at least 1/alpha with a chance of at most alpha while that
    /// is true. `n` and `m` need not be whole.
    pub fn less(&self, n: f64, m: f64) -> f64 {
        evidence(&self.less, n, m)
    }

    /// The evidence against "`theta0` or less", likewise.
    pub fn more(&self, n: f64, m: f64) -> f64 {
        evidence(&self.more, n, m)
    }

    /// The same of `theta0`, kept for those that are usual.
    pub fn of(theta0: f64) -> Self {
        static USUAL: OnceLock<Mixture> = OnceLock::new();
        if theta0 == 0.05 { USUAL.get_or_init(|| Self::new(theta0)).clone() } else { Self::new(theta0) }
    }
}

/// The mean of the likelihood ratios, summed in logarithms.
fn evidence(alternatives: &[Alternative; GRID], n: f64, m: f64) -> f64 {
    let logs = alternatives.map(|a| m * a.slow + (n - m) * a.fast);
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logs.iter().map(|log| (log - most).exp()).sum();
    (most + (sum / GRID as f64).ln()).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first `n` at which `m` slow requests pass at `alpha`.
    fn passes_at(theta0: f64, m: u32, alpha: f64) -> u32 {
        let mixture = Mixture::new(theta0);
        (1..10_000).find(|n| mixture.less(f64::from(*n), f64::from(m)) >= 1.0 / alpha).unwrap()
    }

    #[test]
    fn passes_come_when_the_published_tables_say() {
        assert_eq!([0, 1, 2, 3].map(|m| passes_at(0.05, m, 0.05)), [70, 125, 172, 214]);
        assert_eq!([0, 1, 2, 3].map(|m| passes_at(0.05, m, 0.01)), [105, 162, 212, 256]);
        assert_eq!([0, 1, 2, 3].map(|m| passes_at(0.01, m, 0.05)), [356, 634, 873, 1084]);
    }

    #[test]
    fn all_slow_fails_at_once() {
        for theta0 in [0.05, 0.01] {
            let mixture = Mixture::new(theta0);
            assert_eq!((1..9).find(|n| mixture.more(f64::from(*n), f64::from(*n)) >= 20.0), Some(2));
        }
    }

    #[test]
    fn no_alternative_is_impossible() {
        for theta0 in [0.5, 0.1, 0.05, 0.01, 0.96] {
            let mixture = Mixture::new(theta0);
            for a in mixture.less.iter().chain(&mixture.more) {
                assert!(a.slow.is_finite() && a.fast.is_finite(), "{theta0}: {a:?}");
            }
        }
    }

    /// The property that everything rests on: at the bound the mean of the evidence is 1 after any number of requests.
    #[test]
    fn at_the_bound_the_mean_of_the_evidence_is_one() {
        for theta0 in [0.5, 0.05, 0.01] {
            let mixture = Mixture::new(theta0);
            for n in [1u32, 5, 40] {
                let mean = |evidence: &dyn Fn(f64, f64) -> f64| -> f64 {
                    (0..=n).map(|m| chance(n, m, theta0) * evidence(f64::from(n), f64::from(m))).sum()
                };
                assert!((mean(&|n, m| mixture.less(n, m)) - 1.0).abs() < 1e-9);
                assert!((mean(&|n, m| mixture.more(n, m)) - 1.0).abs() < 1e-9);
            }
        }
    }

    fn chance(n: u32, m: u32, p: f64) -> f64 {
        let choose: f64 = (0..m).map(|i| f64::from(n - i) / f64::from(m - i)).product();
        choose * p.powi(m as i32) * (1.0 - p).powi((n - m) as i32)
    }
}
