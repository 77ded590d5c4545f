//! The last events across threads.

use super::call::call;
use super::end::EVENTS_OF_A_THREAD;
use super::objects::{EVENTS_LOOKED_AT, Objects};
use syncscope_detector::finding::Place;
use syncscope_recording::Recording;
use syncscope_recording::model::{Event, InstanceId, Op, Primitive, ThreadNum, Wait};

/// An event near the end.
#[derive(Clone, Debug, PartialEq)]
pub struct LastEvent {
    /// Seconds after the start.
    pub at: Option<f64>,
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
    limit: usize,
) -> Vec<LastEvent> {
    let mut events: Vec<(u64, ThreadNum, usize, &Event)> = Vec::new();
    for stream in &recording.streams {
        // More than the limit of one thread can never be among the last.
        let from = stream.events.len().saturating_sub(limit);
        let tail = stream.events.iter().enumerate().skip(from);
        events.extend(tail.map(|(index, event)| (event.ticks, stream.thread, index, event)));
    }
    events.sort_by_key(|&(ticks, thread, index, _)| (ticks, thread, index));
    let from = events.len().saturating_sub(limit);
    events[from..].iter().map(|&(_, thread, _, event)| told(thread, event, objects)).collect()
}

/// The last `limit` events of a thread, oldest first, without the beginning of the wait that it is in.
pub(super) fn last_of(
    thread: ThreadNum,
    wait: Option<&Wait>,
    recording: &Recording,
    objects: &Objects<'_>,
    limit: usize,
) -> Vec<LastEvent> {
    let streams = recording.streams.iter().filter(|stream| stream.thread == thread);
    // A thread that outgrew its ring has several streams, the oldest first.
    let mut events: Vec<&Event> =
        streams.rev().flat_map(|stream| stream.events.iter().rev()).take(limit + 1).collect();
    let begins = |event: &&Event| matches!(event.op, Op::BlockBegin(_)) && wait.is_some();
    if events.first().is_some_and(begins) {
        events.remove(0);
    }
    events.truncate(limit);
    events.iter().rev().map(|event| told(thread, event, objects)).collect()
}

fn told(thread: ThreadNum, event: &Event, objects: &Objects<'_>) -> LastEvent {
    LastEvent {
        at: objects.seconds(event.ticks),
        number: thread.0,
        thread: objects.thread(thread),
        what: words(event, objects),
        place: objects.place(event.site),
    }
}

fn words(event: &Event, objects: &Objects<'_>) -> String {
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
            Some(object) => format!("waits for {object} ({})", call(kind)),
            None => format!("begins to {}", call(kind)),
        },
        Op::BlockEnd(kind) => match objects.waited(kind, event.object, event.class) {
            Some(object) => format!("no longer waits for {object} ({})", call(kind)),
            None => format!("is back from {}", call(kind)),
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
        Op::ThreadEnd => "has returned".to_owned(),
        Op::InitDone => format!("has initialised {}", object()),
    }
}

/// Giving and taking, in the words of the primitive. `object` is escaped already.
fn handed_over(op: Op, primitive: Primitive, object: &str) -> String {
    let gives = op != Op::Recv;
    match (primitive, op) {
        (Primitive::Event, _) if gives => format!("sets {object}"),
        (Primitive::Event, _) => format!("finds {object} set"),
        (_, Op::NotifyOne) => format!("notifies one of {object}"),
        (_, Op::NotifyAll) => format!("notifies all of {object}"),
        (Primitive::Semaphore, _) if gives => format!("gives permits to {object}"),
        (Primitive::Semaphore, _) => format!("takes permits of {object}"),
        (Primitive::Lock, _) if gives => format!("releases {object}"),
        (Primitive::Lock, _) => format!("acquires {object}"),
        (Primitive::Queue, _) if gives => format!("puts into {object}"),
        (Primitive::Queue, _) => format!("gets from {object}"),
        _ if gives => format!("sends to {object}"),
        _ => format!("receives from {object}"),
    }
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
