//! The distribution of one endpoint's latencies. A failed request, and one that never came to its end, took for ever.

use crate::engine::quantile;
use crate::options::Statistic;
use crate::shot::{Seen, Shot};

/// How sure intervals are.
pub(crate) const CONFIDENCE: f64 = 0.95;

/// What was measured of one endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    /// Milliseconds, ascending.
    sorted: Vec<f64>,
    pub(crate) failed: u64,
}

impl Summary {
    /// Of these requests.
    pub(crate) fn of(shots: &[Shot]) -> Self {
        let ms = |shot: &Shot| if shot.is_good() { shot.latency_ms() } else { f64::INFINITY };
        let mut sorted: Vec<f64> = shots.iter().map(ms).collect();
        sorted.sort_by(f64::total_cmp);
        let failed = shots.iter().filter(|shot| matches!(shot.seen, Seen::Failed { .. })).count() as u64;
        Self { sorted, failed }
    }

    /// How many requests there were.
    pub(crate) fn count(&self) -> u64 {
        self.sorted.len() as u64
    }

    /// The statistic in milliseconds; infinite where it falls among those that failed, none without requests.
    pub(crate) fn value(&self, statistic: Statistic) -> Option<f64> {
        match statistic.quantile() {
            Some(p) => quantile::point(&self.sorted, p),
            None => self.sorted.last().copied(),
        }
    }

    /// Where the true one lies with a confidence of 95 %; an end that the requests do not tell is 0 or infinite.
    pub(crate) fn interval(&self, statistic: Statistic) -> Option<[f64; 2]> {
        quantile::interval(&self.sorted, statistic.quantile()?, CONFIDENCE)
    }

    /// Latencies of the requests that were answered rightly, ascending.
    pub(crate) fn answered(&self) -> &[f64] {
        let end = self.sorted.partition_point(|ms| ms.is_finite());
        &self.sorted[..end]
    }
}
