//! How far the machine and the probe itself can be trusted.

use tollgate_model::format;

use crate::duration;
use crate::engine::quantile;
use crate::shot::Shot;

/// Which share of a limit the noise may take before nothing can fail by it.
const MOST_NOISE: f64 = 0.1;

/// Least answers of the canary that say something.
const LEAST_CANARIES: usize = 10;

/// What the canary and the schedule say. All in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Noise {
    /// The 95th percentile of the canary's answers; none where it was heard too seldom.
    pub(crate) canary: Option<f64>,
    /// How long after they were due requests were sent: median and 95th percentile.
    pub(crate) lag: [f64; 2],
    /// How many were due and never sent.
    pub(crate) unsent: u64,
}

impl Noise {
    /// Of what was measured.
    pub(crate) fn of<'s>(canary: &[Shot], shots: impl Iterator<Item = &'s Shot>, unsent: u64) -> Self {
        let mut heard: Vec<f64> =
            canary.iter().map(|shot| if shot.is_good() { shot.latency_ms() } else { f64::INFINITY }).collect();
        heard.sort_by(f64::total_cmp);
        let mut lags: Vec<f64> = shots.map(|shot| shot.lag.as_secs_f64() * 1_000.0).collect();
        lags.sort_by(f64::total_cmp);
        let at = |sorted: &[f64], p: f64| quantile::point(sorted, p).unwrap_or(0.0);
        Self {
            canary: (heard.len() >= LEAST_CANARIES).then(|| at(&heard, 0.95)),
            lag: [at(&lags, 0.5), at(&lags, 0.95)],
            unsent,
        }
    }

    /// Why nothing can fail a limit of so many milliseconds.
    pub(crate) fn hides(&self, limit: f64) -> Option<String> {
        let most = limit * MOST_NOISE;
        let shown = duration::shown;
        match self.canary {
            Some(canary) if canary > most => Some(format!(
                "the machine is too noisy: an answer that takes no time took {} (p95), more than a tenth of {}",
                shown(canary),
                shown(limit)
            )),
            _ => None,
        }
    }

    /// Why nothing can be told of a limit of so many milliseconds: the probe itself was too slow.
    pub(crate) fn saturated(&self, limit: f64) -> Option<String> {
        if self.unsent > 0 {
            let many = format::things(self.unsent, "request");
            return Some(format!(
                "the probe did not keep up: {many} could not be sent, for too many were on their way"
            ));
        }
        (self.lag[1] > limit * MOST_NOISE).then(|| {
            format!(
                "the probe did not keep up: requests were sent {} late (p95), more than a tenth of {}",
                duration::shown(self.lag[1]),
                duration::shown(limit)
            )
        })
    }

    /// What it comes to, in words.
    pub(crate) fn words(&self) -> String {
        let lag = duration::shown(self.lag[0]);
        match self.canary {
            Some(canary) => format!(
                "noise: a server that answers at once took {} (p95); requests were sent {lag} late (median)",
                duration::shown(canary)
            ),
            None => format!("noise: requests were sent {lag} late (median)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tollgate_http::Phases;

    use super::*;
    use crate::shot::Seen;

    fn shots(ms: &[u64], lag_us: u64) -> Vec<Shot> {
        let shot = |ms: &u64| Shot {
            at: 0.0,
            lag: Duration::from_micros(lag_us),
            latency: Duration::from_millis(*ms),
            phases: Phases::default(),
            bytes: 0,
            seen: Seen::Good,
        };
        ms.iter().map(shot).collect()
    }

    #[test]
    fn noise_is_held_against_the_limit() {
        let quiet = Noise::of(&shots(&[1; 40], 50), shots(&[5; 40], 50).iter(), 0);
        assert_eq!((quiet.canary, quiet.hides(500.0), quiet.saturated(500.0)), (Some(1.0), None, None));
        assert!(quiet.hides(9.0).unwrap().contains("took 1 ms (p95), more than a tenth of 9 ms"));
        let late = Noise::of(&[], shots(&[5; 40], 60_000).iter(), 0);
        assert!(late.saturated(500.0).unwrap().contains("sent 60 ms late"));
        assert_eq!(late.canary, None);
        assert!(Noise::of(&[], [].iter(), 3).saturated(500.0).unwrap().contains("3 requests could not be sent"));
    }
}
