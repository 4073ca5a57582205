//! When which endpoint is asked: an open model, whose arrivals do not wait for answers.
//!
//! Gaps are drawn evenly from half to one and a half times their mean, so that no arrival keeps step with something periodic in the
//! service; endpoints take turns. An endpoint with a budget of requests per minute is passed over while it has none left.

use std::collections::VecDeque;

use crate::engine::random::Random;

/// The window of a budget, in seconds.
const MINUTE: f64 = 60.0;

/// What arrives next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Arrival {
    /// When, in seconds since the start.
    pub(crate) at: f64,
    /// Who is asked.
    pub(crate) lane: usize,
}

/// What is asked of one endpoint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lane {
    /// Most arrivals within any minute.
    pub(crate) per_minute: Option<u32>,
    /// Most arrivals at all.
    pub(crate) most: u64,
    /// Arrivals within the last minute, those before the start at negative times.
    recent: VecDeque<f64>,
    sent: u64,
    done: bool,
}

impl Lane {
    /// One that was asked `before` times just before the start.
    pub(crate) fn new(per_minute: Option<u32>, most: u64, before: u32) -> Self {
        let recent = std::iter::repeat_n(0.0, before as usize).collect();
        Self { per_minute, most, recent, sent: 0, done: false }
    }

    fn is_open(&self) -> bool {
        !self.done && self.sent < self.most
    }

    /// The first instant from `at` on at which the budget has room.
    fn room(&mut self, at: f64) -> f64 {
        let Some(budget) = self.per_minute else { return at };
        while self.recent.front().is_some_and(|first| first + MINUTE <= at) {
            self.recent.pop_front();
        }
        match self.recent.len().checked_sub(budget as usize) {
            Some(over) => self.recent.get(over).map_or(at, |first| first + MINUTE),
            None => at,
        }
    }
}

/// The arrivals of all lanes.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    lanes: Vec<Lane>,
    /// Arrivals per second to all, and to each.
    total: f64,
    each: f64,
    random: Random,
    clock: f64,
    turn: usize,
    beside: Option<Beside>,
}

/// What is asked beside the lanes for as long as any of them is open, at a steady pace of its own.
#[derive(Clone, Debug)]
struct Beside {
    rate: f64,
    at: f64,
    /// The arrival of a lane that comes after it.
    held: Option<Arrival>,
}

impl Schedule {
    /// The schedule of `lanes`: at most `total` arrivals per second, and `each` to one of them.
    pub(crate) fn new(lanes: Vec<Lane>, total: f64, each: f64, seed: u64) -> Self {
        Self { lanes, total, each, random: Random::new(seed), clock: 0.0, turn: 0, beside: None }
    }

    /// The same with one more lane, the last, which is asked `rate` times a second whatever the others are.
    #[must_use]
    pub(crate) fn beside(mut self, rate: f64) -> Self {
        self.beside = Some(Beside { rate, at: 0.0, held: None });
        self
    }

    /// Nothing more is asked of this one.
    pub(crate) fn finish(&mut self, lane: usize) {
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.done = true;
        }
    }

    /// Nothing more is asked at all.
    pub(crate) fn finish_all(&mut self) {
        self.lanes.iter_mut().for_each(|lane| lane.done = true);
    }

    /// The next arrival, never before the last one; none once all lanes are done.
    pub(crate) fn next(&mut self) -> Option<Arrival> {
        let Some(mut beside) = self.beside.take() else { return self.next_of_lanes() };
        let next = match beside.held.take().filter(|held| !self.lanes[held.lane].done) {
            Some(held) => Some(held),
            None => self.next_of_lanes(),
        };
        let next = match next {
            Some(arrival) if beside.at < arrival.at => {
                beside.held = Some(arrival);
                let at = beside.at;
                beside.at += (0.5 + self.random.unit()) / beside.rate;
                Some(Arrival { at, lane: self.lanes.len() })
            }
            next => next,
        };
        self.beside = Some(beside);
        next
    }

    fn next_of_lanes(&mut self) -> Option<Arrival> {
        let open = self.lanes.iter().filter(|lane| lane.is_open()).count();
        if open == 0 {
            return None;
        }
        let gap = 1.0 / self.total.min(self.each * open as f64);
        self.clock += gap * (0.5 + self.random.unit());
        let clock = self.clock;
        // Whose turn it is, else the next one with room, else the one that has it first.
        let count = self.lanes.len();
        let turns = (0..count).map(|step| (self.turn + step) % count);
        let mut first: Option<(f64, usize)> = None;
        for index in turns {
            let lane = &mut self.lanes[index];
            if !lane.is_open() {
                continue;
            }
            let room = lane.room(clock);
            if first.is_none_or(|(at, _)| room < at) {
                first = Some((room, index));
            }
            if room <= clock {
                break;
            }
        }
        let (at, index) = first?;
        self.clock = self.clock.max(at);
        self.turn = (index + 1) % count;
        let lane = &mut self.lanes[index];
        lane.sent += 1;
        if lane.per_minute.is_some() {
            lane.recent.push_back(self.clock);
        }
        Some(Arrival { at: self.clock, lane: index })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lanes(n: usize) -> Vec<Lane> {
        (0..n).map(|_| Lane::new(None, 1_000, 0)).collect()
    }

    #[test]
    fn lanes_take_turns_with_random_gaps_around_their_mean() {
        let mut schedule = Schedule::new(lanes(3), 30.0, 100.0, 7);
        let all: Vec<Arrival> = std::iter::from_fn(|| schedule.next()).take(300).collect();
        assert!(all.iter().zip(&all[1..]).all(|(a, b)| b.lane == (a.lane + 1) % 3));
        let gaps: Vec<f64> = all.iter().zip(&all[1..]).map(|(a, b)| b.at - a.at).collect();
        assert!(gaps.iter().all(|gap| *gap >= 0.5 / 30.0 - 1e-9 && *gap <= 1.5 / 30.0 + 1e-9));
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        assert!((mean * 30.0 - 1.0).abs() < 0.05, "{mean}");
        assert!(gaps.iter().any(|gap| *gap < 0.6 / 30.0) && gaps.iter().any(|gap| *gap > 1.4 / 30.0));
    }

    #[test]
    fn one_lane_alone_is_asked_no_faster_than_each_may_be() {
        let mut schedule = Schedule::new(lanes(2), 40.0, 7.5, 1);
        let both: Vec<Arrival> = std::iter::from_fn(|| schedule.next()).take(150).collect();
        assert!((both[149].at - 10.0).abs() < 1.0, "{}", both[149].at);
        schedule.finish(1);
        let alone: Vec<Arrival> = std::iter::from_fn(|| schedule.next()).take(75).collect();
        assert!(alone.iter().all(|arrival| arrival.lane == 0));
        assert!((alone[74].at - both[149].at - 10.0).abs() < 1.0);
        schedule.finish(0);
        assert_eq!(schedule.next(), None);
    }

    #[test]
    fn what_is_beside_keeps_its_pace_and_ends_with_the_lanes() {
        let mut schedule = Schedule::new(vec![Lane::new(None, 100, 0)], 10.0, 10.0, 5).beside(2.0);
        let all: Vec<Arrival> = std::iter::from_fn(|| schedule.next()).collect();
        assert!(all.windows(2).all(|pair| pair[0].at <= pair[1].at));
        let beside = all.iter().filter(|arrival| arrival.lane == 1).count();
        assert_eq!(all.len() - beside, 100);
        assert!((17..=24).contains(&beside), "{beside}");
    }

    #[test]
    fn no_minute_has_more_than_the_budget() {
        let limited = Lane::new(Some(30), 100, 3);
        let mut schedule = Schedule::new(vec![limited, Lane::new(None, 500, 0)], 20.0, 10.0, 3);
        let all: Vec<Arrival> = std::iter::from_fn(|| schedule.next()).collect();
        let of = |lane: usize| all.iter().filter(|a| a.lane == lane).map(|a| a.at).collect::<Vec<f64>>();
        let times: Vec<f64> = [0.0; 3].into_iter().chain(of(0)).collect();
        assert_eq!((times.len(), of(1).len()), (103, 500));
        for from in &times {
            let within = times.iter().filter(|at| *from <= **at && **at < from + MINUTE).count();
            assert!(within <= 30, "{within} from {from}");
        }
        assert!(times[102] > 180.0 && times[102] < 190.0, "{}", times[102]);
        assert!(all.windows(2).all(|pair| pair[0].at <= pair[1].at));
    }
}
