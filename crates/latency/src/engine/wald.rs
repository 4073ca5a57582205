//! Wald's sequential probability ratio test, with a tolerance that is stated: it never fails what keeps the bound, and never passes what is
//! beyond twice the bound; between the two it may do either.

/// Whether `m` slow requests of `n` prove that less than [`worst`] are slow; wrong with a chance of at most `alpha`.
pub fn passes(theta0: f64, alpha: f64, n: f64, m: f64) -> bool {
    ratio(theta0, n, m) <= -bound(alpha)
}

/// Whether they prove that more than `theta0` are, likewise.
pub fn fails(theta0: f64, alpha: f64, n: f64, m: f64) -> bool {
    ratio(theta0, n, m) >= bound(alpha)
}

/// The logarithm of the likelihood of [`worst`] over that of `theta0`.
fn ratio(theta0: f64, n: f64, m: f64) -> f64 {
    let bad = worst(theta0);
    m * (bad / theta0).ln() + (n - m) * ((1.0 - bad) / (1.0 - theta0)).ln()
}

fn bound(alpha: f64) -> f64 {
    ((1.0 - alpha) / alpha).ln()
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
        let at = |m: u32| (1..999).find(|n| passes(0.05, 0.05, f64::from(*n), f64::from(m))).unwrap();
        assert_eq!([0, 1, 2, 3].map(at), [55, 69, 83, 96]);
        assert_eq!((1..9).find(|n| fails(0.05, 0.05, f64::from(*n), f64::from(*n))), Some(5));
        assert_eq!(worst(0.5), 0.75);
    }
}
