//! When an event happened, as far as that is known.
//!
//! A release has no event of its own: what is recorded is that it came after one event of its thread and before the next. So it is told
//! with the latest time that is possible: that of the next event, or that at which another thread took the lock, if this is earlier.

use std::collections::{BTreeMap, BTreeSet};
use syncscope_recording::Recording;
use syncscope_recording::model::{Event, Op, ThreadNum};

/// How the time of an event is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// It happened then, or before.
    AtLatest,
    /// It happened then.
    Exactly,
    /// It happened then, or later.
    AtEarliest,
}

impl Known {
    /// The word used in outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AtLatest => "at-latest",
            Self::Exactly => "exact",
            Self::AtEarliest => "at-earliest",
        }
    }
}

/// An event of a thread with its time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timed<'a> {
    pub(crate) thread: ThreadNum,
    pub(crate) ticks: u64,
    pub(crate) known: Known,
    pub(crate) event: &'a Event,
}

/// Who took what alone, and when: by object, sorted by time.
#[derive(Debug, Default)]
pub(crate) struct Takes(BTreeMap<u32, Vec<(u64, ThreadNum)>>);

impl Takes {
    /// Of the objects that are released in the last `limit` events of a thread.
    pub(crate) fn new(recording: &Recording, limit: usize) -> Self {
        let tails = recording.streams.iter().map(|stream| {
            let from = stream.events.len().saturating_sub(limit);
            &stream.events[from..]
        });
        let releases = tails.flatten().filter(|event| event.op == Op::Release);
        let released: BTreeSet<u32> = releases.map(|event| event.object).collect();
        let mut takes: BTreeMap<u32, Vec<(u64, ThreadNum)>> = BTreeMap::new();
        for stream in recording.streams.iter().filter(|_| !released.is_empty()) {
            let takes_alone = |event: &&Event| {
                matches!(event.op, Op::Acquire(access) if !access.shared)
                    && released.contains(&event.object)
            };
            for event in stream.events.iter().filter(takes_alone) {
                takes.entry(event.object).or_default().push((event.ticks, stream.thread));
            }
        }
        takes.values_mut().for_each(|taken| taken.sort_unstable());
        Self(takes)
    }

    /// When another thread took the object, not before `from`.
    fn by_another(&self, thread: ThreadNum, event: &Event) -> Option<u64> {
        let taken = self.0.get(&event.object)?;
        let from = taken.partition_point(|(ticks, _)| *ticks < event.ticks);
        taken[from..].iter().find(|(_, by)| *by != thread).map(|(ticks, _)| *ticks)
    }
}

/// The last `limit` events of a thread, newest first.
pub(crate) fn last_of<'a>(
    recording: &'a Recording,
    thread: ThreadNum,
    takes: &Takes,
    limit: usize,
) -> Vec<Timed<'a>> {
    // A thread that outgrew its ring has several streams, the oldest first.
    let streams = recording.streams.iter().filter(|stream| stream.thread == thread).rev();
    let mut next: Option<u64> = None;
    let events = streams.flat_map(|stream| stream.events.iter().rev()).take(limit);
    let timed = events.map(|event| {
        let (ticks, known) = match event.op {
            Op::Release => {
                let latest = next.into_iter().chain(takes.by_another(thread, event)).min();
                match latest {
                    Some(latest) => (latest.max(event.ticks), Known::AtLatest),
                    None => (event.ticks, Known::AtEarliest),
                }
            }
            _ => (event.ticks, Known::Exactly),
        };
        // What comes before it in the thread is no later.
        next = if known == Known::AtEarliest { None } else { Some(ticks) };
        Timed { thread, ticks, known, event }
    });
    timed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use syncscope_recording::model::{Access, Stream};

    const TAKE: Op = Op::Acquire(Access {
        shared: false,
        is_try: false,
        reacquire: false,
        init: false,
        recursive: false,
        kept: false,
        limited: false,
        in_turn: false,
    });

    /// Time, what, object.
    type Row = (u64, Op, u32);

    fn recording(streams: &[(u32, &[Row])]) -> Recording {
        let event = |&(ticks, op, object): &Row| Event { ticks, op, object, ..Event::default() };
        let stream = |(thread, events): &(u32, &[Row])| Stream {
            thread: ThreadNum(*thread),
            events: events.iter().map(event).collect(),
            ..Stream::default()
        };
        Recording { streams: streams.iter().map(stream).collect(), ..Recording::default() }
    }

    fn times(recording: &Recording, thread: u32) -> Vec<(u64, Known)> {
        let takes = Takes::new(recording, 10);
        let last = last_of(recording, ThreadNum(thread), &takes, 10);
        last.iter().rev().map(|timed| (timed.ticks, timed.known)).collect()
    }

    #[test]
    fn a_release_came_before_the_next_event() {
        let events = [(10, TAKE, 1), (10, Op::Release, 1), (90, Op::ThreadEnd, 0)];
        let known = [Known::Exactly, Known::AtLatest, Known::Exactly];
        let expected: Vec<_> = [10, 90, 90].into_iter().zip(known).collect();
        assert_eq!(times(&recording(&[(1, &events)]), 1), expected);
        // A thread that outgrew its ring has several streams.
        assert_eq!(times(&recording(&[(1, &events[..2]), (1, &events[2..])]), 1), expected);
    }

    #[test]
    fn a_release_came_before_another_thread_took_the_lock() {
        let first = [
            (10, TAKE, 1),
            (20, TAKE, 2),
            (20, Op::Release, 2),
            (20, Op::Release, 1),
            (90, Op::ThreadEnd, 0),
        ];
        let second = [(5, TAKE, 1), (50, TAKE, 1)];
        let all = recording(&[(1, &first), (2, &second)]);
        let ticks: Vec<u64> = times(&all, 1).iter().map(|(ticks, _)| *ticks).collect();
        assert_eq!(ticks, [10, 20, 50, 50, 90], "the inner one was released before the outer one");
    }

    #[test]
    fn readers_do_not_keep_readers_out() {
        let read = Op::Acquire(Access { shared: true, ..Access::default() });
        let first = [(10, read, 1), (10, Op::Release, 1), (90, Op::ThreadEnd, 0)];
        let all = recording(&[(1, &first), (2, &[(50, read, 1)])]);
        assert_eq!(times(&all, 1)[1], (90, Known::AtLatest));
    }

    #[test]
    fn nothing_came_after_it() {
        let all = recording(&[(1, &[(10, TAKE, 1), (10, Op::Release, 1)])]);
        assert_eq!(times(&all, 1)[1], (10, Known::AtEarliest));
    }
}
