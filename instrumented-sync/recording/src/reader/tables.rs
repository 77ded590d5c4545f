//! The tables of a recording, by the numbers that the file gives.

use super::grounds::Grounds;
use crate::model::{
    Class, ClassId, Clock, Deadlock, HeldAcrossPool, InstanceId, KeptAsleep, LikelyOrder,
    MemoryRace, Module, Overdue, Panic, Race, Site, SiteId, Strand, Thread, ThreadNum, ThreadState,
    WaitStack,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Ids are given out densely, so they cannot be far beyond the count of records. Records may be missing, though.
const SLACK: usize = 1 << 16;

/// The tables. Sites and classes keep the numbers of the file; clocks and stacks get new ones, without gaps.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) sites: Table<Site>,
    pub(super) classes: Table<Class>,
    pub(super) threads: BTreeMap<ThreadNum, Thread>,
    pub(super) clocks: Vec<Clock>,
    pub(super) stacks: Vec<Vec<u64>>,
    pub(super) modules: Vec<Module>,
    pub(super) deadlocks: Vec<Deadlock>,
    pub(super) races: Vec<Race>,
    pub(super) memory_races: Vec<MemoryRace>,
    pub(super) accesses_checked: bool,
    pub(super) likely_orders: Vec<LikelyOrder>,
    /// Threads, and numbers of stacks.
    pub(super) spawn_stacks: Vec<(ThreadNum, u32)>,
    pub(super) across_pools: Vec<HeldAcrossPool>,
    pub(super) kept_asleep: Vec<KeptAsleep>,
    /// Locks that were given back after all, each with how many of those above come before.
    pub(super) given_back: HashMap<InstanceId, usize>,
    /// With the numbers of clocks as the file has them, until all are known.
    pub(super) strands: Vec<Strand>,
    pub(super) overdue: Vec<Overdue>,
    /// With the numbers of stacks as the file has them, until all are known.
    pub(super) wait_stacks: Vec<WaitStack>,
    pub(super) thread_states: Vec<ThreadState>,
    /// With the numbers of stacks as the file has them, until all are known.
    pub(super) panics: Vec<Panic>,
    /// The last one of each thread, of those whose beginning is known.
    pub(super) last_panics: HashMap<ThreadNum, usize>,
    pub(super) declared_orders: Vec<Vec<String>>,
    pub(super) notes: Vec<String>,
    pub(super) clock_index: HashMap<u32, u32>,
    pub(super) grounds: Grounds,
    pub(super) stack_index: HashMap<u32, u32>,
    /// The stack a class names, by class; resolved once all stacks are known.
    pub(super) class_stacks: HashMap<u32, u32>,
    /// Classes of which a guard moved to another thread; their records may come later.
    pub(super) moved: BTreeSet<u32>,
    /// Classes of locks that tasks await; their records may come later, too.
    pub(super) awaited: BTreeSet<u32>,
    /// Nobody wants to know what came before what.
    pub(super) without_clocks: bool,
    /// What was left out.
    pub(super) skipped: Skipped,
}

/// Rows by the number that the file gives them.
#[derive(Debug, Default)]
pub(super) struct Table<T> {
    pub(super) rows: Vec<T>,
    /// Records that came for it: a bound of what numbers make sense.
    records: usize,
}

/// Records that were left out.
#[derive(Debug, Default)]
pub(super) struct Skipped {
    /// Their payload is shorter than their fields.
    pub(super) short: usize,
    /// Their number is far beyond what the count of such records can have reached.
    pub(super) out_of_range: usize,
    /// Their kind or a code in them is unknown.
    pub(super) unknown: usize,
}

impl Tables {
    /// The site, or 0 where the file has no such record.
    pub(super) fn site(&self, id: SiteId) -> SiteId {
        if (id.0 as usize) < self.sites.rows.len() { id } else { SiteId(0) }
    }

    /// The class, or `None` where there is none or the file has no such record.
    pub(super) fn class(&self, id: u32) -> Option<ClassId> {
        (id != 0 && (id as usize) < self.classes.rows.len()).then_some(ClassId(id))
    }
}

impl<T: Clone + Default> Table<T> {
    /// Stores `value` under `id`, unless that number is 0 or makes no sense.
    pub(super) fn put(&mut self, id: u32, value: T) -> bool {
        let index = id as usize;
        self.records += 1;
        if index == 0 || index > SLACK + 2 * self.records {
            return false;
        }
        if index >= self.rows.len() {
            self.rows.resize(index + 1, T::default());
        }
        self.rows[index] = value;
        true
    }
}
