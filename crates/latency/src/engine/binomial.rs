//! The binomial distribution, by the regularized incomplete beta function (its continued fraction, Lentz's method).

/// The chance of at most `m` among `n`, each with the chance `p`.
pub fn at_most(n: u64, p: f64, m: u64) -> f64 {
    if m >= n {
        return 1.0;
    }
    // P(X <= m) = I_{1-p}(n - m, m + 1)
    incomplete_beta((n - m) as f64, (m + 1) as f64, 1.0 - p)
}

/// The chance of at least `m` among `n`.
pub fn at_least(n: u64, p: f64, m: u64) -> f64 {
    match m {
        0 => 1.0,
        m if m > n => 0.0,
        m => incomplete_beta(m as f64, (n - m + 1) as f64, p),
    }
}

/// The fewest requests of which a share of `theta0` or more would leave none slow with a chance of at most `alpha`: without so many nothing passes.
pub fn least_for_pass(theta0: f64, alpha: f64) -> u64 {
    // ln(1 - theta0) by its series where theta0 is small; a hair less, so that a whole number is not missed by rounding.
    (alpha.ln() / (-theta0).ln_1p() - 1e-9).ceil().max(1.0) as u64
}

fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let log = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p();
    let front = log.exp();
    // The fraction converges fast on this side of the mean only.
    let value = if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    };
    value.clamp(0.0, 1.0)
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    const ENOUGH: f64 = 1e-15;
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut c, mut d) = (1.0, 1.0 / guard(1.0 - (a + b) * x / (a + 1.0)));
    let mut h = d;
    for i in 1..100_000 {
        let m = f64::from(i);
        for numerator in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / guard(1.0 + numerator * d);
            c = guard(1.0 + numerator / c);
            h *= d * c;
        }
        if (d * c - 1.0).abs() < ENOUGH {
            break;
        }
    }
    h
}

/// The logarithm of the gamma function (Stirling's series, after raising the argument).
pub(super) fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 0.0);
    while x < 15.0 {
        shift -= x.ln();
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0))) / x;
    shift + (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum itself, for small numbers.
    fn summed(n: u64, p: f64, m: u64) -> f64 {
        let mut term = (1.0 - p).powi(n as i32);
        let mut sum = term;
        for i in 0..m {
            term *= (n - i) as f64 / (i + 1) as f64 * p / (1.0 - p);
            sum += term;
        }
        sum
    }

    #[test]
    fn it_is_the_sum() {
        for n in [1, 2, 10, 59, 300] {
            for p in [0.01, 0.05, 0.5, 0.9] {
                for m in [0, 1, n / 20, n / 2, n - 1] {
                    let (sum, value) = (summed(n, p, m), at_most(n, p, m));
                    assert!((sum - value).abs() < 1e-10, "{n} {p} {m}: {sum} {value}");
                    assert!((1.0 - summed(n, p, m) - at_least(n, p, m + 1)).abs() < 1e-10);
                }
            }
        }
        assert!((at_most(1_000_000, 0.05, 50_000) - 0.5012).abs() < 1e-3);
        assert_eq!((at_least(5, 0.5, 0), at_least(5, 0.5, 6), at_most(5, 0.5, 5)), (1.0, 0.0, 1.0));
    }

    #[test]
    fn the_fewest_requests_are_those_of_the_published_table() {
        assert_eq!([0.5, 0.1, 0.05, 0.01, 0.001].map(|t| least_for_pass(t, 0.05)), [5, 29, 59, 299, 2995]);
        assert_eq!([0.5, 0.1, 0.05, 0.01, 0.001].map(|t| least_for_pass(t, 0.01)), [7, 44, 90, 459, 4603]);
    }

    #[test]
    fn fixed_numbers_pass_and_fail_as_the_published_table_says() {
        let pass = |n: u64, t: f64| (0..n).take_while(|m| at_most(n, t, *m) <= 0.05).count() as i64 - 1;
        let fail = |n: u64, t: f64| (0..=n).find(|m| at_least(n, t, *m) <= 0.05).unwrap();
        let ns = [50, 59, 93, 100, 124, 153, 181, 200, 300, 500, 1000, 2000];
        assert_eq!(ns.map(|n| pass(n, 0.05)), [-1, 0, 1, 1, 2, 3, 4, 4, 8, 16, 38, 83]);
        assert_eq!(ns.map(|n| fail(n, 0.05)), [6, 7, 9, 10, 11, 13, 15, 16, 22, 34, 63, 117]);
        let ns = [299, 473, 628, 1000, 2000];
        assert_eq!(ns.map(|n| (pass(n, 0.01), fail(n, 0.01))), [(0, 7), (1, 10), (2, 12), (4, 16), (12, 29)]);
    }
}
