//! The last events across threads.

use super::objects::{EVENTS_LOOKED_AT, Objects};
use super::when::{self, Known, Takes, Timed};
use std::collections::BTreeSet;
use syncscope_detector::finding::Place;
use syncscope_recording::Recording;
use syncscope_recording::model::{Event, InstanceId, Op, Primitive, ThreadNum, Wait};

/// How many last events are shown of each thread.
pub(super) const EVENTS_OF_A_THREAD: usize = 3;

/// An event near the end.
#[derive(Clone, Debug, PartialEq)]
pub struct LastEvent {
    /// Seconds after the start.
    pub at: Option<f64>,
    /// How that time is known.
    pub known: Known,
    /// The number of the thread.
    pub number: u32,
    /// Number and name, escaped.
    pub thread: String,
    /// What happened, in words, escaped.
    pub what: String,
    /// Where.
    pub place: Place,
}

/// How many of the last events of each stream have to be read to show `limit`, and to name what is shown.
#[must_use]
pub fn events_for(limit: usize) -> usize {
    limit.max(EVENTS_OF_A_THREAD + 1).max(EVENTS_LOOKED_AT)
}

/// The last `limit` events of all threads together, oldest first.
pub(super) fn last_events(
    recording: &Recording,
    objects: &Objects<'_>,
    takes: &Takes,
    limit: usize,
) -> Vec<LastEvent> {
    let threads: BTreeSet<ThreadNum> =
        recording.streams.iter().map(|stream| stream.thread).filter(|_| limit > 0).collect();
    let mut events: Vec<(usize, Timed<'_>)> = Vec::new();
    for thread in threads {
        // More than the limit of one thread can never be among the last.
        let last = when::last_of(recording, thread, takes, limit);
        events.extend(last.into_iter().rev().enumerate());
    }
    events.sort_by_key(|(index, timed)| (timed.ticks, timed.known, timed.thread, *index));
    let from = events.len().saturating_sub(limit);
    events[from..].iter().map(|(_, timed)| told(timed, objects)).collect()
}

/// The last `limit` events of a thread, oldest first, without the beginning of the wait that it is in.
pub(super) fn last_of(
    thread: ThreadNum,
    wait: Option<&Wait>,
    recording: &Recording,
    objects: &Objects<'_>,
    takes: &Takes,
    limit: usize,
) -> Vec<LastEvent> {
    let mut events = when::last_of(recording, thread, takes, limit + 1);
    let begins = |timed: &Timed<'_>| matches!(timed.event.op, Op::BlockBegin(_)) && wait.is_some();
    if events.first().is_some_and(begins) {
        events.remove(0);
    }
    events.truncate(limit);
    events.iter().rev().map(|timed| told(timed, objects)).collect()
}

fn told(timed: &Timed<'_>, objects: &Objects<'_>) -> LastEvent {
    LastEvent {
        at: objects.seconds(timed.ticks),
        known: timed.known,
        number: timed.thread.0,
        thread: objects.thread(timed.thread),
        what: words(timed.thread, timed.event, objects),
        place: objects.place(timed.event.site),
    }
}

/// What happened, in words, escaped.
pub(crate) fn words(of: ThreadNum, event: &Event, objects: &Objects<'_>) -> String {
    let object = || objects.instance(InstanceId(event.object), event.class);
    let thread = || objects.thread(ThreadNum(event.object));
    match event.op {
        Op::Unknown => "does something that this version does not know".to_owned(),
        Op::Acquire(access) if access.init => format!("begins to initialise {}", object()),
        Op::Acquire(access) if access.shared => format!("reads {}", object()),
        Op::Acquire(access) if access.reacquire => format!("takes {} again after a wait", object()),
        Op::Acquire(_) => format!("takes {}", object()),
        Op::Release => format!("releases {}", object()),
        Op::BlockBegin(kind) => match objects.waited(kind, event.object, event.class) {
            Some(object) => format!("waits for {object} ({})", kind.words()),
            None => format!("begins to {}", kind.words()),
        },
        Op::BlockEnd(kind) => match objects.waited(kind, event.object, event.class) {
            Some(object) => format!("no longer waits for {object} ({})", kind.words()),
            None => format!("is back from {}", kind.words()),
        },
        Op::Spawn => format!("spawns thread {}", thread()),
        Op::Join => format!("has joined thread {}", thread()),
        Op::NotifyOne | Op::NotifyAll | Op::Send | Op::Recv => {
            let primitive = objects.primitive(InstanceId(event.object), event.class);
            handed_over(event.op, primitive, &object())
        }
        Op::Unpark => format!("unparks thread {}", thread()),
        Op::Barrier => format!("passes {}", object()),
        Op::ThreadStart => "starts".to_owned(),
        Op::ThreadEnd if objects.has_panicked(of) => "ends by a panic".to_owned(),
        Op::ThreadEnd => "has returned".to_owned(),
        Op::InitDone => format!("has initialised {}", object()),
    }
}

/// Giving and taking, in the words of the primitive. `object` is escaped already.
fn handed_over(op: Op, primitive: Primitive, object: &str) -> String {
    let form = match (primitive, op) {
        (_, Op::Recv) => primitive.takes(),
        (Primitive::Event, _) => primitive.gives(),
        (_, Op::NotifyOne) => "notifies one of _",
        (_, Op::NotifyAll) => "notifies all of _",
        _ => primitive.gives(),
    };
    form.replace('_', object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_primitive_has_its_words() {
        for (op, primitive, expected) in [
            (Op::Send, Primitive::Channel, "sends to `x`"),
            (Op::Recv, Primitive::Channel, "receives from `x`"),
            (Op::Send, Primitive::Semaphore, "gives permits to `x`"),
            (Op::Recv, Primitive::Semaphore, "takes permits of `x`"),
            (Op::Send, Primitive::Lock, "releases `x`"),
            (Op::Recv, Primitive::Lock, "acquires `x`"),
            (Op::Send, Primitive::Queue, "puts into `x`"),
            (Op::Recv, Primitive::Queue, "gets from `x`"),
            (Op::NotifyAll, Primitive::Event, "sets `x`"),
            (Op::Recv, Primitive::Event, "finds `x` set"),
            (Op::NotifyOne, Primitive::Condvar, "notifies one of `x`"),
            (Op::NotifyAll, Primitive::Condvar, "notifies all of `x`"),
        ] {
            assert_eq!(handed_over(op, primitive, "`x`"), expected);
        }
    }
}
