//! Services that do not exist, for tests and tables: what a test says of them, and how often that is wrong. Seeds are fixed, so that every run
//! says the same.

use super::random::Random;
use super::{Decision, Method, Observation, Plan, Test};

/// Mean seconds between two requests to one endpoint, as the schedule spreads them.
pub const GAP: f64 = 1.0 / 7.5;

/// How a service is slow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Service {
    /// Latencies are independent and lognormal; their p95 is `ratio` times the limit.
    Lognormal {
        /// The true p95 over the limit.
        ratio: f64,
        /// The standard deviation of their logarithms.
        sigma: f64,
    },
    /// It is slow in spells, and at no other time.
    Spells {
        /// The share of time in which it is slow.
        share: f64,
        /// The mean length of a spell, in seconds.
        mean: f64,
    },
    /// Pairs of head and base on a machine whose speed changes up to threefold every seven seconds; both are lognormal with a standard
    /// deviation of 0.2, and more than a tenth above the base is slow.
    Pairs {
        /// The true ratio of head to base.
        ratio: f64,
    },
}

/// The 95th percentile of the standard normal distribution.
const Z95: f64 = 1.644_853_626_951_472_2;

/// What `runs` tests came to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Tests.
    pub runs: u32,
    /// Those that passed.
    pub passed: u32,
    /// Those that failed.
    pub failed: u32,
    /// Mean requests.
    pub mean: f64,
}

impl Tally {
    /// The share that passed.
    pub fn pass(&self) -> f64 {
        f64::from(self.passed) / f64::from(self.runs)
    }

    /// The share that failed.
    pub fn fail(&self) -> f64 {
        f64::from(self.failed) / f64::from(self.runs)
    }
}

/// The plan of a p95, as the checker makes it: 5 % error, at least 20 requests and 10 seconds, at most `most` requests.
pub fn p95(method: Method, most: u64) -> Plan {
    Plan { theta0: 0.05, alpha: 0.05, method, least: 20, least_time_s: 10.0, most, spell_s: None }
}

/// Tests `service` `runs` times by `plan`, with a request every `gap` seconds in the mean.
pub fn tally(plan: Plan, service: Service, gap: f64, runs: u32, seed: u64) -> Tally {
    let mut tally = Tally { runs, ..Tally::default() };
    let mut requests = 0;
    for run in 0..runs {
        let (decision, n) = one(plan, service, gap, Random::new(seed ^ (u64::from(run) << 20)));
        requests += n;
        match decision {
            Decision::Pass => tally.passed += 1,
            Decision::Fail => tally.failed += 1,
            Decision::Open => {}
        }
    }
    tally.mean = requests as f64 / f64::from(runs);
    tally
}

fn one(plan: Plan, service: Service, gap: f64, random: Random) -> (Decision, u64) {
    let mut test = Test::new(plan);
    for (n, observation) in (1..=plan.most).zip(observations(service, gap, random)) {
        test.observe(observation);
        if test.decision() != Decision::Open {
            return (test.decision(), n);
        }
    }
    (test.decision(), plan.most)
}

/// What requests to `service` come to, one every `gap` seconds in the mean.
pub fn observations(service: Service, gap: f64, mut random: Random) -> impl Iterator<Item = Observation> {
    let mut state = State::new(service, &mut random);
    let mut at_s = 0.0;
    std::iter::repeat_with(move || {
        at_s += gap * (0.5 + random.unit());
        Observation { at_s, slow: state.is_slow(service, at_s, &mut random) }
    })
}

/// Whether a spell goes on, and until when it does or does not.
struct State {
    slow: bool,
    until: f64,
}

impl State {
    fn new(service: Service, random: &mut Random) -> Self {
        let Service::Spells { share, .. } = service else { return Self { slow: false, until: f64::INFINITY } };
        let slow = random.unit() < share;
        let until = Self::length(service, slow, random);
        Self { slow, until }
    }

    fn length(service: Service, slow: bool, random: &mut Random) -> f64 {
        let Service::Spells { share, mean } = service else { return f64::INFINITY };
        random.exponential(if slow { mean } else { mean * (1.0 - share) / share })
    }

    fn is_slow(&mut self, service: Service, at: f64, random: &mut Random) -> bool {
        match service {
            Service::Lognormal { ratio, sigma } => random.normal() > Z95 - ratio.ln() / sigma,
            Service::Spells { .. } => {
                while self.until < at {
                    self.slow = !self.slow;
                    self.until += Self::length(service, self.slow, random);
                }
                self.slow
            }
            Service::Pairs { ratio } => {
                let noise = |at: f64| 2.0 + (at * 2.0 * std::f64::consts::PI / 7.0).sin();
                let head = ratio * (0.2 * random.normal()).exp() * noise(at);
                let base = (0.2 * random.normal()).exp() * noise(at + 0.005);
                head > 1.1 * base
            }
        }
    }
}
