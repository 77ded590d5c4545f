//! Tasks, of all runtimes in the process: their numbers, which are a thread's numbers, and how many have a state.

use super::class_set::ClassSet;
use super::stamp::Stamp;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use syncscope_recording::writer::bounded_lock;

/// States at a time, at most: of tasks beyond that nothing is recorded.
const STATES: u32 = 2048;
/// From so many on a state is given up as soon as its task holds and awaits nothing.
const CROWDED: u32 = 1024;
/// Tasks that get a record with name and place; later ones have a number only.
const DESCRIBED: u32 = 1 << 14;
/// So many states at a time are given to tasks only for what they await, and so many in the process's life.
const AWAITING: u32 = 256;
const EVER_AWAITING: u32 = 1024;
const SHARDS: usize = 16;
/// Semaphores of which it is known how many permits there are.
const SEMAPHORES: usize = 1 << 14;

/// The code of runtimes, which there may be several of in a process.
#[derive(Debug)]
pub(crate) struct Family {
    /// Says which runtime of the family polls in the calling thread; 0 when that is not known.
    pub(crate) runtime: fn() -> usize,
}

/// Tells tasks apart: the code of their runtime, and its own number of the task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub(crate) family: &'static Family,
    pub(crate) id: u64,
}

impl Key {
    fn parts(&self) -> (*const Family, u64) {
        (self.family, self.id)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

/// What is known of a task.
#[derive(Debug)]
struct Known {
    number: u32,
    /// What had happened before its end, once it has ended.
    last: Option<Stamp>,
}

/// The process's.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    /// Of tasks that have a state, or that others wait for the end of.
    known_ones: [Mutex<HashMap<Key, Known>>; SHARDS],
    /// How many there are.
    known: AtomicU32,
    /// How many permits semaphores have had from the beginning, by instance: of those that somebody had to wait for.
    permits: Mutex<HashMap<u32, u32>>,
    states: AtomicU32,
    described: AtomicU32,
    /// Classes of locks that tasks await: who waits for one blocks no thread.
    pub(crate) awaited: ClassSet,
    /// States that were given to tasks only for what they await.
    awaiting: AtomicU32,
}

impl Tasks {
    fn shard(&self, key: Key) -> &Mutex<HashMap<Key, Known>> {
        &self.known_ones[key.id as usize % SHARDS]
    }

    /// The number of a task, a new one from `fresh` if it has none. `None` when the table cannot be had.
    #[cold]
    pub(crate) fn number(&self, key: Key, fresh: impl FnOnce() -> u32) -> Option<u32> {
        let mut known = bounded_lock(self.shard(key))?;
        let known = known.entry(key).or_insert_with(|| {
            // Relaxed: an amount; who asks for it has synchronized with the task.
            self.known.fetch_add(1, Ordering::Relaxed);
            Known { number: fresh(), last: None }
        });
        Some(known.number)
    }

    /// Whether the task has this number.
    #[cold]
    pub(crate) fn has_number(&self, key: Key, number: u32) -> bool {
        bounded_lock(self.shard(key))
            .is_some_and(|known| known.get(&key).is_some_and(|known| known.number == number))
    }

    /// The task, which has a number, has come to its end.
    #[cold]
    pub(crate) fn set_last(&self, key: Key, last: Stamp) {
        if let Some(mut known) = bounded_lock(self.shard(key))
            && let Some(known) = known.get_mut(&key)
        {
            known.last = Some(last);
        }
    }

    /// The number of a task that has one, and what had happened before its end.
    pub(crate) fn ended(&self, key: Key) -> Option<(u32, Option<Stamp>)> {
        // Relaxed: as above.
        if self.known.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let known = bounded_lock(self.shard(key))?;
        known.get(&key).map(|known| (known.number, known.last.clone()))
    }

    /// The task has ended, or goes on as another one as far as we are told.
    pub(crate) fn forget(&self, key: Key) {
        // Relaxed: as above.
        if self.known.load(Ordering::Relaxed) == 0 {
            return;
        }
        if let Some(mut known) = bounded_lock(self.shard(key))
            && known.remove(&key).is_some()
        {
            self.known.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// A semaphore, which somebody waits for, had so many permits at first.
    #[cold]
    pub(crate) fn note_permits(&self, instance: u32, permits: u32) {
        if let Some(mut known) = bounded_lock(&self.permits)
            && known.len() < SEMAPHORES
        {
            known.insert(instance, permits);
        }
    }

    /// How many permits a semaphore had at first; `None` when that is not known.
    #[cold]
    pub(crate) fn permits(&self, instance: u32) -> Option<u32> {
        bounded_lock(&self.permits)?.get(&instance).copied()
    }

    /// Whether there is room for one more state, which is taken. Ends by [`Self::gave_up`].
    pub(crate) fn may_begin(&self) -> bool {
        // Relaxed: an amount.
        let one_more = |states| (states < STATES).then_some(states + 1);
        self.states.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
    }

    /// Whether a task without a state may get one only for what it awaits.
    #[inline]
    pub(crate) fn may_begin_for_await(&self) -> bool {
        // Relaxed: amounts.
        self.awaiting.load(Ordering::Relaxed) < EVER_AWAITING
            && self.states.load(Ordering::Relaxed) < AWAITING
    }

    /// A task has got one only for that.
    pub(crate) fn began_for_await(&self) {
        // Relaxed: an amount.
        self.awaiting.fetch_add(1, Ordering::Relaxed);
    }

    /// A state was given up.
    pub(crate) fn gave_up(&self) {
        // Relaxed: an amount.
        self.states.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether idle states are better given up.
    pub(crate) fn is_crowded(&self) -> bool {
        // Relaxed: an amount.
        self.states.load(Ordering::Relaxed) > CROWDED
    }

    /// Whether one more task gets a record.
    pub(crate) fn is_described(&self) -> bool {
        // Relaxed: an amount.
        self.described.load(Ordering::Relaxed) < DESCRIBED
            && self.described.fetch_add(1, Ordering::Relaxed) < DESCRIBED
    }
}
