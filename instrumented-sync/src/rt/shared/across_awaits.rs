//! Locks that block threads and that tasks have kept while they slept.

use super::tasks::Key;
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use syncscope_recording::writer::bounded_lock;

/// Locks that are known, at most: later ones are not told.
const LOCKS: usize = 1 << 12;
/// Distinct findings that are recorded of a process.
const TOLD: usize = 1024;

/// A task that has slept with a lock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keeper {
    pub(crate) key: Key,
    pub(crate) thread: u32,
    /// The last segment in which it did.
    pub(crate) segment: u32,
    /// Which runtime polls it, and which thread of the system did.
    pub(crate) runtime: usize,
    pub(crate) os_tid: u32,
    pub(crate) class: u32,
    pub(crate) access: u8,
    pub(crate) site: u32,
    /// Where it slept, if that is known.
    pub(crate) awaits: u32,
}

/// The process's.
#[derive(Debug, Default)]
pub(crate) struct AcrossAwaits {
    is_any: AtomicBool,
    /// By instance: the first task that did.
    keepers: Mutex<HashMap<u32, Keeper>>,
    /// Places of both.
    told: Mutex<HashSet<(u32, u32)>>,
}

impl AcrossAwaits {
    /// Whether there are some.
    #[inline]
    pub(crate) fn is_any(&self) -> bool {
        // Relaxed: a late view only misses what comes first.
        self.is_any.load(Ordering::Relaxed)
    }

    /// A task sleeps with this lock.
    #[cold]
    pub(crate) fn note(&self, instance: u32, keeper: Keeper) {
        let Some(mut keepers) = bounded_lock(&self.keepers) else { return };
        if let Some(known) = keepers.get_mut(&instance) {
            if known.key == keeper.key {
                *known = keeper;
            }
        } else if keepers.len() < LOCKS {
            keepers.insert(instance, keeper);
        }
        // Relaxed: as in `is_any`.
        self.is_any.store(true, Ordering::Relaxed);
    }

    /// The task that has slept with this lock.
    #[cold]
    pub(crate) fn keeper(&self, instance: u32) -> Option<Keeper> {
        bounded_lock(&self.keepers)?.get(&instance).copied()
    }

    /// Whether this was not told before; from now on it was.
    #[cold]
    pub(crate) fn is_new(&self, kept_at: u32, taken_at: u32) -> bool {
        let told = bounded_lock(&self.told);
        told.is_some_and(|mut told| told.len() < TOLD && told.insert((kept_at, taken_at)))
    }
}
