//! The test of one bound.

use super::clustering::{self, Runs};
use super::mixture::Mixture;
use super::{binomial, wald};

/// How many requests without a single slow one are taken for "every one", where no share at all may be slow: it proves a p99.
const EVERY: u64 = 299;

/// Of the error that a pass may have, the share that the test of independent requests uses up. The rest is for runs of slow requests that are
/// too short to be told from chance.
const KEPT: f64 = 0.7;

/// The same of the tolerant test, which decides on fewer requests, and so on fewer spells.
const KEPT_TOLERANT: f64 = 1.0 / 6.0;

/// More requests than this are not counted when it is asked how many a pass takes.
const UNCOUNTED: u64 = 1 << 40;

/// How a bound is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The mixture of likelihood ratios, looked at after every request.
    Strict,
    /// Wald's test, likewise.
    Tolerant,
    /// The binomial test, looked at once.
    Fixed,
}

/// What is tested, and within which bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// The share of slow requests that is the bound; 0 where none at all may be slow.
    pub theta0: f64,
    /// The error that each verdict may have.
    pub alpha: f64,
    /// How.
    pub method: Method,
    /// Least requests before any verdict.
    pub least: u64,
    /// Least seconds from the start to the last request before any verdict.
    pub least_time_s: f64,
    /// Most requests; of a fixed number, that.
    pub most: u64,
    /// The mean length of slow spells, in seconds, that a pass must cover, where it must.
    pub spell_s: Option<f64>,
}

/// One request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// When it was due, in seconds since the start.
    pub at_s: f64,
    /// Whether it was slower than the limit, or failed.
    pub slow: bool,
}

/// What is known so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing yet.
    Open,
    /// The share of slow requests is below the bound.
    Pass,
    /// It is above.
    Fail,
}

/// What the test says at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// Proven to be below the bound.
    Pass,
    /// Proven to be above.
    Fail,
    /// Not proven, either way.
    TooClose,
    /// There were too few requests for any proof.
    TooFew {
        /// How many it takes.
        least: u64,
    },
    /// They came within too short a time for any verdict.
    TooShort,
    /// Proven to be below the bound, were it not for slow spells that a pass must cover and that would have been missed still.
    Uncovered,
}

/// The end of a test, with its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What it says.
    pub says: Says,
    /// Requests it rests on.
    pub n: u64,
    /// Slow ones among them.
    pub m: u64,
    /// The evidence against "the bound or more", and against "the bound or less", 1 being none; of a test without a bound, 1.
    pub e_pass: f64,
    /// See [`Self::e_pass`].
    pub e_fail: f64,
    /// How many requests count for one, for slow ones came in runs; 1 where they did not.
    pub inflation: f64,
    /// The longest mean length of slow spells, in seconds, that a pass covers.
    pub covered_spell_s: Option<f64>,
    /// The share that a pass rules out: the bound itself, or what the test tolerates beyond it.
    pub ruled_out: f64,
}

/// The test of one bound. Requests are shown to it in the order in which they were due.
#[derive(Clone, Debug)]
pub struct Test {
    plan: Plan,
    mixture: Option<Mixture>,
    runs: Runs,
    span: f64,
    /// Requests before which it is not looked again whether a pass covers what it must.
    uncovered: u64,
    decision: Decision,
}

impl Test {
    /// A test that has seen nothing.
    pub fn new(plan: Plan) -> Self {
        let mixture = (plan.theta0 > 0.0 && plan.theta0 < 1.0).then(|| Mixture::of(plan.theta0));
        Self { plan, mixture, runs: Runs::default(), span: 0.0, uncovered: 0, decision: Decision::Open }
    }

    /// Shows it one more request. Once it has decided, nothing changes any more.
    pub fn observe(&mut self, observation: Observation) {
        if self.decision != Decision::Open || self.runs.n >= self.plan.most {
            return;
        }
        self.runs.add(observation.slow);
        self.span = self.span.max(observation.at_s);
        if self.runs.n >= self.plan.least && self.span >= self.plan.least_time_s {
            self.decision = self.decide();
        }
    }

    /// What is known by now.
    pub fn decision(&self) -> Decision {
        self.decision
    }

    fn decide(&mut self) -> Decision {
        let (n, m) = (self.runs.n, self.runs.m);
        if self.mixture.is_none() {
            return match (m, n) {
                (1.., _) => Decision::Fail,
                (0, EVERY..) => Decision::Pass,
                _ => Decision::Open,
            };
        }
        // What independent requests do not prove, clustered ones do not either: their evidence is a root of this one, at most.
        match self.proven(1.0) {
            Decision::Open => Decision::Open,
            Decision::Pass if !self.covers() => Decision::Open,
            _ => self.proven(self.runs.inflation()),
        }
    }

    /// What the requests prove if only one of `inflation` counts.
    fn proven(&self, inflation: f64) -> Decision {
        let Plan { theta0, alpha, method, most, .. } = self.plan;
        let (n, m) = self.counted(inflation);
        let fail = match method {
            Method::Strict => self.e_fail(n, m) >= 1.0 / alpha,
            Method::Tolerant => wald::fails(theta0, alpha, n, m),
            Method::Fixed => {
                self.runs.n >= most && binomial::at_least(n.ceil() as u64, theta0, m.floor() as u64) <= alpha
            }
        };
        match self.passes(n, m) {
            true => Decision::Pass,
            false if fail => Decision::Fail,
            false => Decision::Open,
        }
    }

    /// Whether `m` slow requests of `n` that are independent prove that the bound is kept.
    fn passes(&self, n: f64, m: f64) -> bool {
        let Plan { theta0, alpha, method, most, .. } = self.plan;
        let proven = match method {
            Method::Strict => self.e_pass(n, m) >= 1.0 / (alpha * KEPT),
            Method::Tolerant => wald::passes(theta0, alpha * KEPT_TOLERANT, n, m),
            Method::Fixed => {
                self.runs.n >= most && binomial::at_most(n.floor() as u64, theta0, m.ceil() as u64) <= alpha
            }
        };
        proven && n >= binomial::least_for_pass(self.ruled_out(), alpha) as f64
    }

    /// The fewest requests that pass, if none of them is slow.
    fn least_for_pass(&self) -> u64 {
        let Plan { theta0, alpha, method, most, least, .. } = self.plan;
        if self.mixture.is_none() {
            return EVERY;
        }
        if method == Method::Fixed {
            return most.max(binomial::least_for_pass(theta0, alpha));
        }
        let mut high = least.max(1);
        while high < UNCOUNTED && !self.passes(high as f64, 0.0) {
            high *= 2;
        }
        let mut low = high / 2;
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.passes(middle as f64, 0.0) { high = middle } else { low = middle }
        }
        high.max(least)
    }

    /// Whether a pass now would cover spells as long as it must. That takes a while to find out, and many more requests to change.
    fn covers(&mut self) -> bool {
        let Some(wanted) = self.plan.spell_s else { return true };
        if self.runs.n < self.uncovered {
            return false;
        }
        let gap = self.span / self.runs.n.max(1) as f64;
        let covers = clustering::missed(&self.runs, self.ruled_out(), gap, wanted) <= self.plan.alpha;
        self.uncovered = self.runs.n + self.runs.n / 64 + 1;
        covers
    }

    fn covered(&self) -> Option<f64> {
        self.mixture.as_ref()?;
        Some(clustering::covered(&self.runs, self.ruled_out(), self.plan.alpha, self.span))
    }

    /// Requests, and slow ones, if only one of `inflation` counts.
    fn counted(&self, inflation: f64) -> (f64, f64) {
        (self.runs.n as f64 / inflation, self.runs.m as f64 / inflation)
    }

    fn e_pass(&self, n: f64, m: f64) -> f64 {
        self.mixture.as_ref().map_or(1.0, |mixture| mixture.less(n, m))
    }

    fn e_fail(&self, n: f64, m: f64) -> f64 {
        self.mixture.as_ref().map_or(1.0, |mixture| mixture.more(n, m))
    }

    fn ruled_out(&self) -> f64 {
        match self.plan.method {
            Method::Tolerant if self.plan.theta0 > 0.0 => wald::worst(self.plan.theta0),
            _ => self.plan.theta0,
        }
    }

    /// What it comes to, now that nothing more is shown.
    pub fn finish(&self) -> Outcome {
        let inflation = self.runs.inflation();
        let (n, m) = self.counted(inflation);
        let least = self.least_for_pass();
        let says = match self.decision {
            Decision::Pass => Says::Pass,
            Decision::Fail => Says::Fail,
            Decision::Open if self.runs.n < least => Says::TooFew { least },
            Decision::Open if self.span < self.plan.least_time_s => Says::TooShort,
            Decision::Open if self.passes(n, m) => Says::Uncovered,
            Decision::Open => Says::TooClose,
        };
        Outcome {
            says,
            n: self.runs.n,
            m: self.runs.m,
            e_pass: self.e_pass(n, m),
            e_fail: self.e_fail(n, m),
            inflation,
            covered_spell_s: self.covered(),
            ruled_out: self.ruled_out(),
        }
    }
}

#[cfg(test)]
mod tests;
