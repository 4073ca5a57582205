//! Wald's sequential probability ratio test, with a tolerance that is stated: it never fails what keeps the bound, and never passes what is
//! beyond twice the bound; between the two it may do either.

/// What the test says after `m` slow requests of `n`: `Some(true)` for "at most `theta0`", `Some(false)` for "at least twice that", with an error
/// of at most `alpha` each.
pub fn says(theta0: f64, alpha: f64, n: f64, m: f64) -> Option<bool> {
    let bad = worst(theta0);
    let ratio = m * (bad / theta0).ln() + (n - m) * ((1.0 - bad) / (1.0 - theta0)).ln();
    let bound = ((1.0 - alpha) / alpha).ln();
    if ratio <= -bound {
        Some(true)
    } else if ratio >= bound {
        Some(false)
    } else {
        None
    }
}

/// The share that a pass rules out: twice `theta0`, and no more than halfway from it to 1.
pub fn worst(theta0: f64) -> f64 {
    (2.0 * theta0).min(0.5 + theta0 / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_come_when_the_published_table_says() {
        let passes = |m: u32| (1..999).find(|n| says(0.05, 0.05, f64::from(*n), f64::from(m)) == Some(true)).unwrap();
        assert_eq!([0, 1, 2, 3].map(passes), [55, 69, 83, 96]);
        assert_eq!((1..9).find(|n| says(0.05, 0.05, f64::from(*n), f64::from(*n)) == Some(false)), Some(5));
        assert_eq!(worst(0.5), 0.75);
    }
}
