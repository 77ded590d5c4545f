//! The stacks that were recorded.

use crate::rt::machine::unwind;
use dashmap::DashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use syncscope_recording::layout::log;
use syncscope_recording::writer::{LogRecord, RecordingFile};

/// Threads that have a stack of their own for the same edge: enough to show both sides of an inversion, few enough for a server
/// that starts a thread for each request.
pub(crate) const THREADS: usize = 8;
/// Stacks from which threads are spawned, at most.
const SPAWNS: usize = 256;

/// Stacks of the process.
#[derive(Debug)]
pub(crate) struct Stacks {
    next: AtomicU32,
    /// Hash of a stack of a spawn → its number.
    by_spawn: DashMap<u64, u32>,
    /// Hash of (class and site held, class and site wanted) → thread and its stack + 1; thread 0 is free.
    pub(crate) by_edge: DashMap<u64, [(u32, u32); THREADS]>,
}

impl Stacks {
    pub(crate) fn new() -> Self {
        Self { next: AtomicU32::new(0), by_spawn: DashMap::new(), by_edge: DashMap::new() }
    }

    /// Records the stack of a spawn, unless it is known; gives its number, as long as there are few.
    #[cold]
    pub(crate) fn of_spawn(&self, file: &RecordingFile, stack: &[u64]) -> Option<u32> {
        let hash = unwind::hash(stack);
        let known = self.by_spawn.get(&hash).map(|known| *known);
        known.or_else(|| {
            let is_full = stack.is_empty() || self.by_spawn.len() >= SPAWNS;
            (!is_full).then(|| {
                let number = self.record(file, stack) - 1;
                self.by_spawn.insert(hash, number);
                number
            })
        })
    }

    /// Records a stack; gives its number + 1.
    #[cold]
    pub(crate) fn record(&self, file: &RecordingFile, stack: &[u64]) -> u32 {
        // Relaxed: hands out numbers.
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let record = LogRecord::new(log::STACK).u32(number).u32(stack.len() as u32);
        file.append(stack.iter().fold(record, |record, address| record.u64(*address)));
        number + 1
    }
}
