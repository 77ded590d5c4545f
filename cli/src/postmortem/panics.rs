//! Threads that panicked, and the locks that this has poisoned.

use super::objects::Objects;
use crate::escape;
use syncscope_detector::finding::Place;
use syncscope_recording::Recording;
use syncscope_recording::model::{Event, InstanceId, Panic, Poisoned};

/// A panic.
#[derive(Clone, Debug, PartialEq)]
pub struct Panicked {
    /// Number and name of its thread, escaped.
    pub thread: String,
    /// Seconds after the start; at the latest, where the place is not known.
    pub at: Option<f64>,
    /// Where, escaped; `None` where its beginning was not recorded.
    pub place: Option<Place>,
    /// The first line of the message, escaped; empty where it is no text.
    pub message: String,
    /// Locks that it has poisoned.
    pub poisoned: Vec<String>,
    /// Locks that it has poisoned, unless it was something else that released them, or was caught before.
    pub perhaps_poisoned: Vec<String>,
}

/// Of those that were caught in a thread that the program did not spawn, only the ones that may have poisoned something: tests panic
/// that should.
pub(super) fn panics(recording: &Recording, objects: &Objects<'_>) -> Vec<Panicked> {
    let poisoned = Poisoned::of(recording);
    let says_something = |panic: &&Panic| {
        let thread = recording.threads.get(&panic.thread);
        panic.ends_thread
            || thread.is_none_or(|thread| !thread.is_foreign)
            || poisoned.by(panic).next().is_some()
    };
    let in_order = recording.panics_in_order().into_iter();
    in_order
        .filter(says_something)
        .map(|panic| panicked(panic, &poisoned, recording, objects))
        .collect()
}

fn panicked<'a>(
    panic: &'a Panic,
    poisoned: &Poisoned<'a>,
    recording: &Recording,
    objects: &Objects<'_>,
) -> Panicked {
    let held = poisoned.by(panic);
    let held: Vec<_> = held.map(|held| objects.instance(held.instance, held.class)).collect();
    let (poisoned, perhaps_poisoned) = match &panic.start {
        Some(_) if panic.ends_thread => (held, Vec::new()),
        Some(_) => (Vec::new(), held),
        None => (Vec::new(), released(panic, recording, objects)),
    };
    Panicked {
        thread: objects.thread(panic.thread),
        at: objects.seconds(panic.ticks),
        place: panic.start.as_ref().map(|start| objects.place(start.site)),
        message: escape::text(&panic.message).into_owned(),
        poisoned,
        perhaps_poisoned,
    }
}

/// What the thread released as it ended.
fn released(panic: &Panic, recording: &Recording, objects: &Objects<'_>) -> Vec<String> {
    let lock = |event: &Event| {
        let instance = InstanceId(event.object);
        objects
            .is_poisoned_by_panics(instance, event.class)
            .then(|| objects.instance(instance, event.class))
    };
    recording.released_at_its_end(panic.thread).into_iter().filter_map(lock).collect()
}
