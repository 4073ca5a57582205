//! Drives requests: each is sent when it is due, whether or not those before it were answered.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::LocalSet;

use crate::clock::Clock;
use crate::schedule::{Arrival, Schedule};

/// Most requests that may be on their way at once.
pub(crate) const MOST_UNDER_WAY: usize = 512;

/// How often it is looked whether somebody asks to stop.
const TICK: Duration = Duration::from_millis(100);

/// What happens.
pub(crate) enum Event<T> {
    /// A request is due; whoever is told says whether to send it.
    Due(Arrival, Instant),
    /// One that was due is not sent, for too many are on their way.
    Unsent(Arrival),
    /// What came of one.
    Came(Arrival, T),
    /// Time passed.
    Tick,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Go on; send it.
    Go,
    /// Leave it out.
    Skip,
    /// Stop everything; what is on its way is given up.
    Stop,
}

enum Message<T> {
    Due(Arrival, Instant),
    Came(Arrival, T),
    /// No further arrival comes.
    Over,
}

/// Tells of the end of the clock's thread, however it ends.
struct Ring<T>(mpsc::UnboundedSender<Message<T>>);

impl<T> Drop for Ring<T> {
    fn drop(&mut self) {
        let _ = self.0.send(Message::Over);
    }
}

/// What `future` comes to; none where `stopped` said so before.
pub(crate) async fn unless<T>(stopped: impl Fn() -> bool, future: impl Future<Output = T>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    loop {
        match tokio::time::timeout(TICK, &mut future).await {
            Ok(what) => return Some(what),
            Err(_) if stopped() => return None,
            Err(_) => {}
        }
    }
}

/// Lets `schedule` run for at most `most`: `shoot` makes what is sent, `take` learns of everything and may close lanes of the clock.
/// Comes back when nothing is due any more and nothing on its way, or `take` says so.
pub(crate) async fn drive<T, F>(
    schedule: Schedule,
    most: Duration,
    shoot: impl Fn(Arrival, Instant) -> F,
    mut take: impl FnMut(&Clock, Event<T>) -> Next,
) where
    T: Send + 'static,
    F: Future<Output = T> + 'static,
{
    let (sender, mut messages) = mpsc::unbounded_channel();
    let ring = Ring(sender.clone());
    let clock = Clock::start(schedule, most, move |arrival, due| ring.0.send(Message::Due(arrival, due)).is_ok());
    let mut under_way = 0;
    let mut over = false;
    let local = LocalSet::new();
    let work = async {
        while !over || under_way > 0 {
            let event = match tokio::time::timeout(TICK, messages.recv()).await {
                Err(_) => Event::Tick,
                Ok(None) => break,
                Ok(Some(Message::Over)) => {
                    over = true;
                    Event::Tick
                }
                Ok(Some(Message::Came(arrival, what))) => {
                    under_way -= 1;
                    Event::Came(arrival, what)
                }
                Ok(Some(Message::Due(arrival, _))) if under_way >= MOST_UNDER_WAY => Event::Unsent(arrival),
                Ok(Some(Message::Due(arrival, due))) => Event::Due(arrival, due),
            };
            let due = match &event {
                Event::Due(arrival, due) => Some((*arrival, *due)),
                _ => None,
            };
            match (take(&clock, event), due) {
                (Next::Stop, _) => break,
                (Next::Go, Some((arrival, due))) => {
                    // What is sent is large, and a task is moved several times before it runs.
                    let (shot, sender) = (Box::pin(shoot(arrival, due)), sender.clone());
                    under_way += 1;
                    tokio::task::spawn_local(async move {
                        let _ = sender.send(Message::Came(arrival, shot.await));
                    });
                }
                _ => {}
            }
        }
    };
    local.run_until(work).await;
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::probe;

    #[test]
    fn what_goes_on_for_ever_ends_when_somebody_says_so() {
        let asked = Cell::new(0);
        let stopped = || asked.replace(asked.get() + 1) >= 2;
        let runtime = probe::runtime().unwrap();
        assert_eq!(runtime.block_on(unless(stopped, std::future::pending::<u8>())), None);
        assert_eq!(asked.get(), 3);
        assert_eq!(runtime.block_on(unless(|| true, async { 7 })), Some(7));
    }
}
