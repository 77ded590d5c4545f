//! Threads at the end: what they wait for and hold.

use super::event::{LastEvent, last_events};
use super::objects::Objects;
use crate::source::Sources;
use syncscope_detector::finding::Place;
use syncscope_recording::Recording;
use syncscope_recording::model::{BoardSlot, Held, Thread, ThreadNum, WaitKind};

/// A process at the end of its recording. Names are escaped; times are seconds after the start.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// The last thing that was recorded.
    pub last: Option<f64>,
    /// Threads that had not ended.
    pub threads: Vec<ThreadEnd>,
    /// How many had ended.
    pub ended_threads: usize,
    /// The last events of all threads, oldest first.
    pub events: Vec<LastEvent>,
}

/// A thread that had not ended.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreadEnd {
    /// Its number.
    pub number: u32,
    /// Its name, as it is.
    pub name: Option<String>,
    /// Number and name, escaped.
    pub label: String,
    /// The kernel's id.
    pub os_tid: u32,
    /// The first thread.
    pub is_main: bool,
    /// Where it was spawned.
    pub spawned: Place,
    /// Its closure has returned.
    pub returned: bool,
    /// What it waits for.
    pub wait: Option<Wait>,
    /// What it holds, oldest first.
    pub holds: Vec<Hold>,
    /// How many more it holds.
    pub held_unlisted: u32,
}

/// A wait at the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// The call: `lock`, `recv` …
    pub call: &'static str,
    /// What for; `None` for park and sleep.
    pub object: Option<String>,
    /// Ends by itself after a time.
    pub timed: bool,
    /// Where.
    pub place: Place,
    /// Since when.
    pub since: Option<f64>,
    /// From then to the last thing that was recorded: it waited at least so long.
    pub at_least: Option<f64>,
    /// The threads that hold it.
    pub holders: Vec<Holder>,
}

/// Who holds what another waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The number of the thread.
    pub number: u32,
    /// Number and name, escaped.
    pub thread: String,
    /// Where it took it.
    pub place: Place,
}

/// A lock that is held at the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// Which.
    pub lock: String,
    /// As a reader.
    pub shared: bool,
    /// Where it was taken.
    pub place: Place,
    /// Since when.
    pub since: Option<f64>,
}

/// The state of a recorded process at its end, with up to `events` of its last events.
#[must_use]
pub fn end(recording: &Recording, sources: &Sources, events: usize) -> End {
    let objects = Objects::new(recording, sources);
    let last = last_ticks(recording);
    let mut slots: Vec<&BoardSlot> = recording.board.iter().filter(|s| s.thread.0 != 0).collect();
    slots.sort_by_key(|slot| slot.thread);
    let threads: Vec<_> =
        slots.iter().map(|slot| thread(slot, recording, &objects, last)).collect();
    End {
        last: objects.seconds(last),
        ended_threads: recording.threads.len().saturating_sub(threads.len()),
        threads,
        events: last_events(recording, &objects, events),
    }
}

fn thread(slot: &BoardSlot, recording: &Recording, objects: &Objects<'_>, last: u64) -> ThreadEnd {
    let unknown = Thread::default();
    let thread = recording.threads.get(&slot.thread).unwrap_or(&unknown);
    ThreadEnd {
        number: slot.thread.0,
        name: thread.name.clone(),
        label: objects.thread(slot.thread),
        os_tid: thread.os_tid,
        is_main: thread.is_main,
        spawned: objects.place(thread.spawn_site),
        returned: slot.returned,
        wait: slot.wait.as_ref().filter(|wait| wait.kind != WaitKind::None).map(|wait| Wait {
            call: call(wait.kind),
            object: objects.waited(wait.kind, wait.object, wait.class),
            timed: wait.timed,
            place: objects.place(wait.site),
            since: objects.seconds(wait.since_ticks),
            at_least: recording.seconds_between(wait.since_ticks, last),
            holders: holders(slot.thread, wait.kind, wait.object, recording, objects),
        }),
        holds: slot.held.iter().map(|held| hold(held, objects)).collect(),
        held_unlisted: slot.held_unlisted,
    }
}

fn hold(held: &Held, objects: &Objects<'_>) -> Hold {
    Hold {
        lock: objects.instance(held.instance, held.class),
        shared: held.access.shared,
        place: objects.place(held.site),
        since: objects.seconds(held.since_ticks),
    }
}

/// Who holds the object that `waiter` waits for; itself too, since that is a deadlock.
fn holders(
    waiter: ThreadNum,
    kind: WaitKind,
    object: u32,
    recording: &Recording,
    objects: &Objects<'_>,
) -> Vec<Holder> {
    if matches!(kind, WaitKind::Join | WaitKind::Scope | WaitKind::Park | WaitKind::Sleep) {
        return Vec::new();
    }
    let held =
        recording.board.iter().flat_map(|slot| slot.held.iter().map(move |h| (slot.thread, h)));
    let mut holders: Vec<Holder> = held
        .filter(|(_, held)| held.instance.0 == object)
        .map(|(thread, held)| Holder {
            number: thread.0,
            thread: if thread == waiter { "itself".to_owned() } else { objects.thread(thread) },
            place: objects.place(held.site),
        })
        .collect();
    holders.sort_by_key(|holder| holder.number);
    holders
}

/// The clock at the last thing that was recorded.
fn last_ticks(recording: &Recording) -> u64 {
    let board = recording.board.iter().flat_map(|slot| {
        slot.held.iter().map(|held| held.since_ticks).chain(slot.wait.iter().map(|w| w.since_ticks))
    });
    let events = recording.streams.iter().filter_map(|stream| Some(stream.events.last()?.ticks));
    let deadlocks = recording.deadlocks.iter().map(|deadlock| deadlock.ticks);
    let all = board.chain(events).chain(deadlocks).chain(recording.process.end_ticks);
    all.max().unwrap_or(recording.process.start_ticks)
}

/// The call that a thread is blocked in.
pub(super) const fn call(kind: WaitKind) -> &'static str {
    match kind {
        WaitKind::None | WaitKind::Unknown => "an unknown call",
        WaitKind::Mutex => "lock",
        WaitKind::Read => "read",
        WaitKind::Write => "write",
        WaitKind::Condvar | WaitKind::Barrier | WaitKind::Event | WaitKind::OnceWait => "wait",
        WaitKind::Once => "initialisation",
        WaitKind::Recv => "recv",
        WaitKind::Send => "send",
        WaitKind::Join | WaitKind::QueueJoin => "join",
        WaitKind::Scope => "end of a scope",
        WaitKind::Park => "park",
        WaitKind::Sleep => "sleep",
        WaitKind::Semaphore | WaitKind::Lock => "acquire",
        WaitKind::Put => "put",
        WaitKind::Get => "get",
    }
}
