//! What comes of one endpoint while it is asked: its answers in the order in which they were due, and the questions they decide.
//!
//! A test must see requests in the order of the schedule: answers that come early are the fast ones, and a test that saw those first
//! would pass too soon. So a request waits here until those before it are known. One that is on its way for longer than every limit is
//! known to be slow, whatever comes of it.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use crate::engine::{Decision, Observation, Outcome, Test};
use crate::options::Statistic;
use crate::shot::{Seen, Shot};

/// How many requests may stay without an answer before nobody is taken to be there.
const MOST_UNANSWERED: u64 = 20;

/// One thing that is asked of an endpoint's answers.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) statistic: Statistic,
    /// Milliseconds.
    pub(crate) limit: f64,
    /// The position of the target that asks it; none for a limit of the endpoint's own.
    pub(crate) target: Option<usize>,
    /// Whether nobody said of what it is a limit.
    pub(crate) assumed: bool,
    pub(crate) test: Test,
}

/// Why nothing more is asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Over {
    /// Every question is decided, or there was none.
    Decided,
    /// It never gave an answer.
    Silent,
    /// The service wants fewer requests.
    RateLimited {
        /// How long it said to wait, in its words.
        retry_after: Option<String>,
    },
}

/// What comes of one endpoint.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) questions: Vec<Question>,
    /// Whether the endpoint fails more often than it may.
    pub(crate) errors: Test,
    /// Measured requests in the order of the schedule.
    pub(crate) shots: Vec<Shot>,
    /// How often each class of failure was met, with the first message of each.
    pub(crate) failures: BTreeMap<&'static str, (u64, String)>,
    /// Failures before the first answer, which are no samples.
    pub(crate) unanswered: Option<(u64, String)>,
    pub(crate) over: Option<Over>,
    /// Requests that were due and not sent, for too many were on their way.
    pub(crate) unsent: u64,
    pending: VecDeque<Pending>,
    answered: bool,
    /// What is enough where nothing is asked: requests and time.
    enough: (u64, f64),
}

#[derive(Debug)]
struct Pending {
    at: f64,
    due: Instant,
    /// Whether the tests know of it; none while they do not, false where it is no sample.
    told: Option<bool>,
    seen: Option<Shot>,
}

impl Course {
    /// One that is asked `questions`; `answered`, whether it is known to answer.
    pub(crate) fn new(questions: Vec<Question>, errors: Test, answered: bool, enough: (u64, f64)) -> Self {
        Self {
            questions,
            errors,
            shots: Vec::new(),
            failures: BTreeMap::new(),
            unanswered: None,
            over: None,
            unsent: 0,
            pending: VecDeque::new(),
            answered,
            enough,
        }
    }

    /// The longest of its limits.
    fn longest(&self) -> Duration {
        let longest = self.questions.iter().map(|question| question.limit).fold(0.0, f64::max);
        Duration::from_secs_f64(longest / 1_000.0)
    }

    /// How long an answer may take: `usual`, and never so short that a limit could not be told from it.
    pub(crate) fn timeout(&self, usual: Duration) -> Duration {
        usual.max(2 * self.longest())
    }

    /// A request is sent.
    pub(crate) fn sent(&mut self, at: f64, due: Instant) {
        self.pending.push_back(Pending { at, due, told: None, seen: None });
    }

    /// What came of the request that was due at `at`.
    pub(crate) fn came(&mut self, at: f64, shot: Shot) {
        if let Seen::Limited { retry_after } = &shot.seen {
            self.over.get_or_insert(Over::RateLimited { retry_after: retry_after.clone() });
        }
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.at == at) {
            pending.seen = Some(shot);
        }
    }

    /// Tells the tests what is known by now.
    pub(crate) fn advance(&mut self, now: Instant) {
        let longest = self.longest();
        for i in 0..self.pending.len() {
            let pending = &self.pending[i];
            if pending.told.is_some() {
                continue;
            }
            let counts = match &pending.seen {
                Some(shot) => {
                    let (at, shot) = (pending.at, shot.clone());
                    self.tell(at, &shot)
                }
                None if self.answered && !self.questions.is_empty() && now > pending.due + longest => {
                    self.observe(pending.at, |_| true, None);
                    true
                }
                None => break,
            };
            self.pending[i].told = Some(counts);
        }
        while let Some(Pending { told: Some(counts), seen: Some(_), .. }) = self.pending.front() {
            let counts = *counts;
            self.pending
                .pop_front()
                .and_then(|pending| pending.seen)
                .into_iter()
                .for_each(|shot| self.keep(shot, counts));
        }
        if self.over.is_none() && self.is_decided() {
            self.over = Some(Over::Decided);
        }
    }

    /// Shows the tests one more request, if it is a sample: nothing is before the first answer.
    fn tell(&mut self, at: f64, shot: &Shot) -> bool {
        match &shot.seen {
            Seen::Limited { .. } | Seen::UnderWay => return false,
            Seen::Failed { answered: false, .. } if !self.answered => return false,
            Seen::Good => {
                self.answered = true;
                let latency = shot.latency_ms();
                self.observe(at, |limit| latency > limit, Some(false));
            }
            Seen::Failed { .. } => {
                self.answered = true;
                self.observe(at, |_| true, Some(true));
            }
        }
        true
    }

    /// One more request for every question; what is not known to have failed or not says nothing of the errors yet.
    fn observe(&mut self, at: f64, slow: impl Fn(f64) -> bool, failed: Option<bool>) {
        for question in &mut self.questions {
            question.test.observe(Observation { at_s: at, slow: slow(question.limit) });
        }
        if let Some(failed) = failed {
            self.errors.observe(Observation { at_s: at, slow: failed });
        }
    }

    /// Keeps what came of a request, for the numbers.
    fn keep(&mut self, shot: Shot, counts: bool) {
        match &shot.seen {
            Seen::Good | Seen::UnderWay => {}
            Seen::Limited { .. } => return,
            Seen::Failed { message, .. } if !counts => {
                let (count, _) = self.unanswered.get_or_insert((0, message.clone()));
                *count += 1;
                if *count >= MOST_UNANSWERED {
                    self.over.get_or_insert(Over::Silent);
                }
                return;
            }
            Seen::Failed { class, message, .. } => {
                let (count, _) = self.failures.entry(class).or_insert_with(|| (0, message.clone()));
                *count += 1;
            }
        }
        self.shots.push(shot);
    }

    fn is_decided(&self) -> bool {
        if self.questions.is_empty() {
            let span = self.shots.last().map_or(0.0, |shot| shot.at);
            return self.shots.len() as u64 >= self.enough.0 && span >= self.enough.1;
        }
        self.questions.iter().all(|question| question.test.decision() != Decision::Open)
            || self.errors.decision() == Decision::Fail
    }

    /// Nothing more comes: what is on its way counts as far as it is known.
    pub(crate) fn close(&mut self, now: Instant) {
        self.advance(now);
        for pending in std::mem::take(&mut self.pending) {
            let under_way = || Shot::under_way(pending.at, now.saturating_duration_since(pending.due));
            self.keep(pending.seen.unwrap_or_else(under_way), self.answered);
        }
    }

    /// What the questions come to.
    pub(crate) fn outcomes(&self) -> Vec<Outcome> {
        self.questions.iter().map(|question| question.test.finish()).collect()
    }
}

#[cfg(test)]
mod tests;
