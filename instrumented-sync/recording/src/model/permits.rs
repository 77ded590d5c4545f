//! Who has permits of a semaphore, as far as the kept events tell.
//!
//! A permit has no owner: any thread may give it. So this says who took more often than it gave, and no more than that.

use super::ids::ThreadNum;
use super::recording::{Event, Op, Recording};
use std::collections::{BTreeMap, BTreeSet};

/// A thread that took permits more often than it gave some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taker {
    /// Who.
    pub thread: ThreadNum,
    /// How many more calls took permits than gave some. One call may take several.
    pub calls: u64,
    /// The last one that took some.
    pub last: Event,
}

impl Recording {
    /// The threads that took permits of a semaphore, or of a lock that any thread may release, more often than they gave some; by thread.
    /// Of a thread whose older events are not kept, those calls count that came after it last gave some.
    ///
    /// Empty where events were not read. O(events).
    #[must_use]
    pub fn takers(&self, object: u32) -> Vec<Taker> {
        let mut takers: BTreeMap<ThreadNum, Taker> = BTreeMap::new();
        let mut forgotten: BTreeSet<ThreadNum> = BTreeSet::new();
        for stream in &self.streams {
            if stream.overwritten + stream.omitted > 0 {
                forgotten.insert(stream.thread);
                takers.remove(&stream.thread);
            }
            let is_whole = !forgotten.contains(&stream.thread);
            for event in stream.events.iter().filter(|event| event.object == object) {
                let known = takers.get_mut(&stream.thread);
                match (event.op, known) {
                    (Op::Recv, Some(known)) => {
                        known.calls += 1;
                        known.last = *event;
                    }
                    (Op::Recv, None) => {
                        let taker = Taker { thread: stream.thread, calls: 1, last: *event };
                        takers.insert(stream.thread, taker);
                    }
                    (Op::Send, Some(known)) if known.calls > 1 && is_whole => known.calls -= 1,
                    (Op::Send, Some(_)) => drop(takers.remove(&stream.thread)),
                    _ => {}
                }
            }
        }
        takers.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::recording::Stream;
    use super::*;

    fn takers(streams: &[(u32, u64, &[Op])]) -> Vec<(u32, u64)> {
        let stream = |&(thread, overwritten, ops): &(u32, u64, &[Op])| Stream {
            thread: ThreadNum(thread),
            overwritten,
            events: ops.iter().map(|&op| Event { op, object: 7, ..Event::default() }).collect(),
            ..Stream::default()
        };
        let streams = streams.iter().map(stream).collect();
        let takers = Recording { streams, ..Recording::default() }.takers(7);
        takers.iter().map(|taker| (taker.thread.0, taker.calls)).collect()
    }

    #[test]
    fn who_took_more_often_than_it_gave() {
        use Op::{Recv, Send};
        assert_eq!(takers(&[(1, 0, &[Recv, Recv, Send]), (2, 0, &[Recv, Send])]), [(1, 1)]);
        assert_eq!(takers(&[(1, 0, &[Send, Recv]), (2, 0, &[Send])]), [(1, 1)], "a count begins");
        assert_eq!(takers(&[(1, 0, &[Recv]), (1, 0, &[Recv])]), [(1, 2)], "a ring was outgrown");
        assert_eq!(takers(&[]), []);
    }

    #[test]
    fn of_lost_events_nothing_is_concluded() {
        use Op::{Recv, Send};
        // It may have taken any number before.
        assert_eq!(takers(&[(1, 5, &[Send, Recv])]), [(1, 1)]);
        assert_eq!(takers(&[(1, 0, &[Recv, Recv]), (1, 5, &[Recv])]), [(1, 1)]);
        assert_eq!(takers(&[(1, 5, &[Recv, Recv, Send])]), []);
    }
}
