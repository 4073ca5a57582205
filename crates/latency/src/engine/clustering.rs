//! Slow requests that come in runs, and by how much that makes each request count for less.

use super::binomial;

/// How seldom independent requests are taken for clustered, at one look.
const LEVEL: f64 = 0.05;

/// What is known of runs among `n` requests of which `m` were slow.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Runs {
    /// Requests.
    pub n: u64,
    /// Slow ones.
    pub m: u64,
    /// Runs of slow ones without a fast one between them.
    pub runs: u64,
    /// Whether the last request was slow.
    last: bool,
}

impl Runs {
    /// One more request.
    pub fn add(&mut self, slow: bool) {
        self.n += 1;
        if slow {
            self.m += 1;
            self.runs += u64::from(!self.last);
        }
        self.last = slow;
    }

    /// The chance of so few runs, or fewer, if the slow requests fell anywhere (Wald and Wolfowitz 1940): of all ways to choose `m` places of `n`,
    /// those with r runs are C(m-1, r-1) C(n-m+1, r).
    pub fn chance(&self) -> f64 {
        let Self { n, m, runs, .. } = *self;
        if m < 2 || m == n {
            return 1.0;
        }
        let all = ln_choose(n, m);
        let ways = |r: u64| (ln_choose(m - 1, r - 1) + ln_choose(n - m + 1, r) - all).exp();
        let most = m.min(n - m + 1);
        (1..=runs.min(most)).map(ways).sum::<f64>().min(1.0)
    }

    /// How many requests count for one: 1 where they may be independent, else the factor by which the variance of a mean grows when neighbours
    /// are correlated by `rho`, (1 + rho) / (1 - rho).
    pub fn inflation(&self) -> f64 {
        if self.chance() > LEVEL {
            return 1.0;
        }
        let rho = self.correlation();
        ((1.0 + rho) / (1.0 - rho)).max(1.0)
    }

    /// The correlation of neighbours, were each state left with a constant chance.
    pub fn correlation(&self) -> f64 {
        let (n, m, runs) = (self.n as f64, self.m as f64, self.runs as f64);
        if self.m == 0 || self.m == self.n {
            return 0.0;
        }
        // Of m slow requests, m - runs were followed by a slow one; half a run is added, for the last one may go on.
        let stays = (m - runs + 0.5) / (m + 0.5);
        let share = m / n;
        ((stays - share) / (1.0 - share)).clamp(0.0, 0.99)
    }

    /// The mean length of a run of slow requests; none where there is none.
    pub fn spell(&self) -> Option<f64> {
        (self.runs > 0).then(|| self.m as f64 / self.runs as f64)
    }
}

/// The mean length of slow spells, in seconds, that would have left as few slow requests as were seen over `span` seconds with a chance of at most
/// `alpha`, if a share of `theta0` or more of the time were slow: spells come as a Poisson process of `theta0 / (1 - theta0)` per mean length, and `spells`
/// of them were met. Longer ones may have been missed.
pub fn covered(theta0: f64, alpha: f64, span: f64, spells: u64) -> f64 {
    let per_length = theta0 / (1.0 - theta0);
    // The chance to begin outside of a spell only helps where none was met.
    let bound = if spells == 0 { (alpha / (1.0 - theta0)).min(1.0) } else { alpha };
    span * per_length / expected(bound, spells)
}

/// The mean of a Poisson distribution that gives at most `k` with the chance `alpha`.
fn expected(alpha: f64, k: u64) -> f64 {
    let at_most = |mean: f64| {
        let mut term = (-mean).exp();
        let mut sum = term;
        for i in 1..=k {
            term *= mean / i as f64;
            sum += term;
        }
        sum
    };
    let (mut low, mut high) = (0.0, 50.0 + 4.0 * k as f64);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if at_most(middle) > alpha { low = middle } else { high = middle }
    }
    high
}

fn ln_choose(n: u64, k: u64) -> f64 {
    if k > n {
        return f64::NEG_INFINITY;
    }
    let factorial = |n: u64| binomial::ln_gamma(n as f64 + 1.0);
    factorial(n) - factorial(k) - factorial(n - k)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Runs {
        let mut runs = Runs::default();
        text.chars().for_each(|c| runs.add(c == '#'));
        runs
    }

    #[test]
    fn runs_are_counted() {
        let runs = of("..##.#..###.");
        assert_eq!((runs.n, runs.m, runs.runs, runs.spell()), (12, 6, 3, Some(2.0)));
        assert_eq!(of("...").spell(), None);
    }

    /// Held against every way to place the slow ones.
    #[test]
    fn the_chance_is_that_of_all_placings() {
        let (n, m) = (10, 4);
        let placings: Vec<Runs> = (0u32..1 << n)
            .filter(|bits| bits.count_ones() == m)
            .map(|bits| of(&(0..n).map(|i| if bits >> i & 1 == 1 { '#' } else { '.' }).collect::<String>()))
            .collect();
        for runs in 1..=4 {
            let few = placings.iter().filter(|placing| placing.runs <= runs).count() as f64 / placings.len() as f64;
            let chance = placings.iter().find(|placing| placing.runs == runs).unwrap().chance();
            assert!((few - chance).abs() < 1e-9, "{runs}: {few} {chance}");
        }
    }

    #[test]
    fn what_may_be_chance_is_taken_for_it() {
        assert_eq!(of("#....#...#......#.").inflation(), 1.0);
        assert_eq!(of(&format!("{}#", ".".repeat(99))).inflation(), 1.0);
        let clustered = of(&format!("{}{}{}", ".".repeat(40), "#".repeat(8), ".".repeat(40)));
        assert!(clustered.chance() < 1e-4 && clustered.inflation() > 5.0, "{}", clustered.inflation());
    }

    #[test]
    fn a_span_covers_spells_of_some_length() {
        // 0.95 exp(-0.0526 S / D) = 0.05 at D = S / 55.9
        assert!((covered(0.05, 0.05, 10.0, 0) - 10.0 / 55.9).abs() < 1e-3);
        assert!(covered(0.05, 0.05, 10.0, 3) < covered(0.05, 0.05, 10.0, 0));
        assert!((expected(0.05, 0) - 20f64.ln()).abs() < 1e-9);
    }
}
