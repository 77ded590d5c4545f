//! What panics have poisoned.

use super::held::Held;
use super::ids::InstanceId;
use super::panic::Panic;
use super::recording::Recording;
use std::collections::BTreeMap;

/// Which locks panics have poisoned.
#[derive(Clone, Debug)]
pub struct Poisoned<'a> {
    recording: &'a Recording,
    /// When each lock was poisoned for certain, at the latest.
    since: BTreeMap<InstanceId, u64>,
}

impl<'a> Poisoned<'a> {
    /// In this recording.
    #[must_use]
    pub fn of(recording: &'a Recording) -> Self {
        let mut since = BTreeMap::new();
        for panic in recording.panics.iter().filter(|panic| panic.ends_thread) {
            for held in poisonable(recording, panic) {
                let first = since.entry(held.instance).or_insert(panic.ticks);
                *first = panic.ticks.min(*first);
            }
        }
        Self { recording, since }
    }

    /// The locks that this panic poisons when it unwinds past their guards, outermost first, and that were not poisoned before.
    pub fn by(&self, panic: &'a Panic) -> impl Iterator<Item = &'a Held> {
        let is_first = |held: &&Held| {
            let since = self.since.get(&held.instance);
            since.is_none_or(|since| panic.ticks <= *since)
        };
        poisonable(self.recording, panic).filter(is_first)
    }
}

fn poisonable<'a>(recording: &'a Recording, panic: &'a Panic) -> impl Iterator<Item = &'a Held> {
    let held = panic.start.as_ref().map_or(&[][..], |start| &start.held);
    held.iter().filter(|held| {
        let class = held.class.and_then(|class| recording.class(class));
        class.is_some_and(|class| class.poisons) && !held.access.shared
    })
}
