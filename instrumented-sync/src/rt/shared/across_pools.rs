//! How waits for jobs and jobs use locks, for all threads: see `detector/src/pool`.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use syncscope_detector::pool::Uses;
use syncscope_recording::writer::bounded_lock;

/// Shards of the table.
const SHARDS: usize = 16;
/// Locks in a shard. Beyond that those are forgotten that are not held over jobs, else all.
const IN_SHARD: usize = 512;
/// Distinct findings that are recorded of a process; and places of which a stack is.
const TOLD: usize = 1024;

/// Words of eight bytes that may be recorded of what is done in jobs; and how many of them are not for the ways to the jobs.
const ROOM: u32 = 1 << 20;
const NOT_FOR_WAYS: u32 = ROOM / 2;

/// A lock, and where it is held over which wait, or taken in a job that was handed out where.
pub(crate) type Places = (u32, u32, u32);

/// The process's.
#[derive(Debug)]
pub(crate) struct AcrossPools {
    shards: Vec<Mutex<HashMap<u32, Uses>>>,
    /// Whether any lock was held over a wait for jobs.
    has_holds: AtomicBool,
    /// What may still be recorded of what is done in jobs.
    room: AtomicU32,
    told: Mutex<HashSet<(Places, Places, bool)>>,
    /// The stack + 1 of the first wait at places.
    stacks: Mutex<HashMap<Places, u32>>,
}

impl AcrossPools {
    pub(crate) fn new() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            has_holds: AtomicBool::new(false),
            room: AtomicU32::new(ROOM),
            told: Mutex::default(),
            stacks: Mutex::default(),
        }
    }

    /// Calls `body` with what is known of a lock. Not at all when the table is in use for too long.
    pub(crate) fn with(&self, instance: u32, body: impl FnOnce(&mut Uses)) {
        let Some(mut shard) = bounded_lock(self.shard(instance)) else { return };
        if shard.len() >= IN_SHARD && !shard.contains_key(&instance) {
            shard.retain(|_, uses| uses.is_held_over_jobs());
            if shard.len() >= IN_SHARD {
                shard.clear();
            }
        }
        body(shard.entry(instance).or_default());
    }

    /// Some lock is held over a wait for jobs.
    pub(crate) fn note_hold(&self) {
        // Relaxed: a flag that is only ever set, and asked by the thread that has set it.
        self.has_holds.store(true, Ordering::Relaxed);
    }

    /// Whether this lock, or initialiser, was held over a wait for jobs.
    pub(crate) fn is_held(&self, instance: u32) -> bool {
        // Relaxed: as in `note_hold`.
        self.has_holds.load(Ordering::Relaxed)
            && bounded_lock(self.shard(instance))
                .is_some_and(|shard| shard.get(&instance).is_some_and(Uses::is_held_over_jobs))
    }

    /// Room for so many words of what is done in a job, with the way to it or without: `false` when it is used up.
    pub(crate) fn spend(&self, words: usize, with_way: bool) -> bool {
        let least = if with_way { NOT_FOR_WAYS } else { 0 };
        let rest = |left: u32| left.checked_sub(words as u32).filter(|left| *left >= least);
        // Relaxed: an amount; nothing is published through it.
        self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest).is_ok()
    }

    /// Whether anything was recorded of what is done in jobs.
    pub(crate) fn tells_of_jobs(&self) -> bool {
        // Relaxed: who has waited for the job that was told of sees what it has spent.
        self.room.load(Ordering::Relaxed) < ROOM
    }

    /// Whether this was not told before, with or without a doubt; from now on it was.
    pub(crate) fn is_new(&self, hold: Places, take: Places, is_doubtful: bool) -> bool {
        let told = bounded_lock(&self.told);
        told.is_some_and(|mut told| told.len() < TOLD && told.insert((hold, take, is_doubtful)))
    }

    /// The stack + 1 of the first wait at these places: taken now by `take`, if this is it. 0 when there are too many.
    pub(crate) fn stack_of(&self, places: Places, take: impl FnOnce() -> u32) -> u32 {
        let Some(mut stacks) = bounded_lock(&self.stacks) else { return 0 };
        if stacks.len() >= TOLD && !stacks.contains_key(&places) {
            return 0;
        }
        *stacks.entry(places).or_insert_with(take)
    }

    fn shard(&self, instance: u32) -> &Mutex<HashMap<u32, Uses>> {
        &self.shards[instance as usize % SHARDS]
    }
}
