//! The thread that lets arrivals come when they are due. It has nothing else to do, and its sleep is finer than that of an
//! asynchronous runtime, whose timers round up to a millisecond.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::schedule::{Arrival, Schedule};

/// A schedule that two threads share: one reads it, the other closes lanes.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    schedule: Arc<Mutex<Schedule>>,
    start: Instant,
    until: Instant,
}

/// Longest sleep before it is looked whether lanes were closed meanwhile.
const NAP: Duration = Duration::from_millis(100);

impl Clock {
    /// Hands each arrival to `ring` when it is due, from now on for `most`; `ring` says whether anybody listens still. At the end
    /// `ring` is dropped.
    pub(crate) fn start(
        schedule: Schedule,
        most: Duration,
        mut ring: impl FnMut(Arrival, Instant) -> bool + Send + 'static,
    ) -> Self {
        let start = Instant::now();
        let clock = Self { schedule: Arc::new(Mutex::new(schedule)), start, until: start + most };
        let own = clock.clone();
        thread::spawn(move || {
            while let Some((arrival, due)) = own.next() {
                if !own.sleep(due) || !ring(arrival, due) {
                    break;
                }
            }
        });
        clock
    }

    /// Nothing more comes for this lane.
    pub(crate) fn finish(&self, lane: usize) {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner).finish(lane);
    }

    /// Nothing more comes at all.
    pub(crate) fn finish_all(&self) {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner).finish_all();
    }

    fn next(&self) -> Option<(Arrival, Instant)> {
        let arrival = self.schedule.lock().unwrap_or_else(PoisonError::into_inner).next()?;
        let due = self.start + Duration::from_secs_f64(arrival.at);
        (due < self.until).then_some((arrival, due))
    }

    /// Sleeps until `due`; false where it is over before.
    fn sleep(&self, due: Instant) -> bool {
        loop {
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            thread::sleep(left.min(NAP));
            if Arc::strong_count(&self.schedule) == 1 {
                return false;
            }
        }
    }
}
