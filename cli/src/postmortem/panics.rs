//! Threads that panicked, and the locks that they may have poisoned.

use super::objects::Objects;
use crate::escape;
use syncscope_recording::Recording;
use syncscope_recording::model::{Event, InstanceId, Primitive};

/// A thread whose closure has panicked.
#[derive(Clone, Debug, PartialEq)]
pub struct Panicked {
    /// Number and name, escaped.
    pub thread: String,
    /// Seconds after the start, at the latest.
    pub at: Option<f64>,
    /// The first line of the message, escaped; empty where it is no text.
    pub message: String,
    /// Locks that it released as it ended: poisoned if it held them when it panicked.
    pub released: Vec<String>,
}

pub(super) fn panics(recording: &Recording, objects: &Objects<'_>) -> Vec<Panicked> {
    let lock = |event: &Event| {
        let instance = InstanceId(event.object);
        let primitive = objects.primitive(instance, event.class);
        matches!(primitive, Primitive::Mutex | Primitive::RwLock)
            .then(|| objects.instance(instance, event.class))
    };
    let panicked = |panic: &syncscope_recording::model::Panic| Panicked {
        thread: objects.thread(panic.thread),
        at: objects.seconds(panic.ticks),
        message: escape::text(&panic.message).into_owned(),
        released: recording
            .released_at_its_end(panic.thread)
            .into_iter()
            .filter_map(lock)
            .collect(),
    };
    recording.panics_in_order().into_iter().map(panicked).collect()
}
