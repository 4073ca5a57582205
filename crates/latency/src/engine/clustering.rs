//! Slow requests that come in runs, and by how much that makes each request count for less.

use super::binomial;

/// How seldom independent requests are taken for clustered, at one look.
const LEVEL: f64 = 0.05;

/// What is too unlikely to be added up.
const NEGLIGIBLE: f64 = 1e-9;

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

/// The chance that a service which is slow for a share `theta0` of the time, in spells with a mean of `mean_s` seconds, shows as few runs of slow
/// requests as `seen` or fewer, when it is asked every `gap_s` seconds in the mean.
///
/// Spells and the times between them are exponential, so that the states in which requests find the service are a Markov chain. Gaps spread
/// evenly from half to one and a half times their mean, as the schedule draws them.
pub fn missed(seen: &Runs, theta0: f64, gap_s: f64, mean_s: f64) -> f64 {
    let Some(later) = seen.n.checked_sub(1) else { return 1.0 };
    // How much of a state is left after a gap: the mean of exp(-gap (1/spell + 1/between)).
    let x = gap_s / (mean_s * (1.0 - theta0));
    let left = (-x / 2.0).exp() * -(-x).exp_m1() / x;
    let (starts, ends) = (theta0 * (1.0 - left), (1.0 - theta0) * (1.0 - left));
    // One run more than were seen begins after as many spells and one time more between them, or, from a spell on, no time more: what the spells
    // leave of the requests must have too few beginnings.
    let few = |left: u64| match seen.runs {
        0 => (1.0 - theta0) * binomial::at_most(left, starts, 0),
        runs => {
            (1.0 - theta0) * binomial::at_most(left, starts, runs) + theta0 * binomial::at_most(left, starts, runs - 1)
        }
    };
    if seen.runs == 0 {
        return few(later);
    }
    let (mut chance, mut rest) = (0.0, 1.0);
    for slow in seen.runs..later {
        let so_many = (ln_choose(slow - 1, seen.runs - 1)
            + seen.runs as f64 * ends.ln()
            + (slow - seen.runs) as f64 * (-ends).ln_1p())
        .exp();
        chance += so_many * few(later - slow);
        rest -= so_many;
        if rest < NEGLIGIBLE {
            break;
        }
    }
    (chance + rest.max(0.0)).min(1.0)
}

/// The mean length of slow spells, in seconds, up to which the requests `seen` over `span_s` seconds would have shown more of them with a chance
/// of at least 1 - `alpha`, were a share of `theta0` or more of the time slow. Longer ones may have been missed.
pub fn covered(seen: &Runs, theta0: f64, alpha: f64, span_s: f64) -> f64 {
    let gap = span_s / seen.n.max(1) as f64;
    let (mut low, mut high) = (gap / 1_000.0, span_s.max(gap));
    if gap <= 0.0 || missed(seen, theta0, gap, low) > alpha {
        return 0.0;
    }
    for _ in 0..24 {
        let middle = (low * high).sqrt();
        if missed(seen, theta0, gap, middle) > alpha { high = middle } else { low = middle }
    }
    low
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

    fn clean(n: u64) -> Runs {
        Runs { n, ..Runs::default() }
    }

    #[test]
    fn what_no_slow_request_covers_is_a_formula() {
        let gap = 10.0 / 78.0;
        for mean in [0.05, 0.1, 0.5] {
            let x: f64 = gap / (mean * 0.95);
            let left = ((-x / 2.0).exp() - (-1.5 * x).exp()) / x;
            let formula = 0.95 * (1.0 - 0.05 * (1.0 - left)).powi(77);
            assert!((missed(&clean(78), 0.05, gap, mean) - formula).abs() < 1e-9);
        }
        let lengths = [78, 200, 1_000].map(|n| covered(&clean(n), 0.05, 0.05, 10.0));
        assert!(lengths.is_sorted() && lengths[0] > 0.07 && lengths[2] < 10.0 / 55.9, "{lengths:?}");
        assert_eq!(covered(&clean(40), 0.05, 0.05, 10.0), 0.0);
        assert_eq!(covered(&clean(0), 0.05, 0.05, 0.0), 0.0);
    }

    /// Held against the chain itself, one request after the other.
    #[test]
    fn missed_runs_are_those_of_the_chain() {
        let (theta0, gap) = (0.1, 0.2);
        for mean in [0.02, 0.3, 2.0] {
            let x: f64 = gap / (mean * (1.0 - theta0));
            let left = ((-x / 2.0).exp() - (-1.5 * x).exp()) / x;
            let (starts, ends) = (theta0 * (1.0 - left), (1.0 - theta0) * (1.0 - left));
            for (n, runs) in [(1, 0), (1, 1), (20, 0), (20, 3), (60, 1), (60, 9), (200, 12)] {
                let mut fast = vec![0.0; runs + 1];
                let mut slow = vec![0.0; runs + 2];
                (fast[0], slow[1]) = (1.0 - theta0, theta0);
                for _ in 1..n {
                    let now_slow =
                        (0..=runs + 1).map(|i| slow[i] * (1.0 - ends) + if i > 0 { fast[i - 1] * starts } else { 0.0 });
                    let now_slow: Vec<f64> = now_slow.collect();
                    fast = (0..=runs).map(|i| fast[i] * (1.0 - starts) + slow[i] * ends).collect();
                    slow = now_slow;
                }
                let chain: f64 = fast.iter().chain(&slow[..=runs]).sum();
                let seen = Runs { n, runs: runs as u64, ..Runs::default() };
                let found = missed(&seen, theta0, gap, mean);
                assert!((found - chain).abs() < 1e-7, "{mean} {n} {runs}: {found} {chain}");
            }
        }
    }
}
