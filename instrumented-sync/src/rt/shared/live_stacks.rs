//! Which stacks of waiting threads were taken, and their records.

use super::board::WaitEntry;
use super::stacks::Stacks;
use crate::rt::machine::unwind;
use std::collections::HashMap;
use std::sync::Mutex;
use syncscope_recording::layout::log;
use syncscope_recording::writer::{LogRecord, RecordingFile, bounded_lock};

/// Threads, and different stacks, that are remembered. Beyond, one may be taken or recorded twice.
const REMEMBERED: usize = 4096;

/// The process's.
#[derive(Debug, Default)]
pub(crate) struct LiveStacks(Mutex<Taken>);

#[derive(Debug, Default)]
struct Taken {
    /// By thread: the number of the wait whose stack was taken last.
    waits: HashMap<u32, u32>,
    /// By hash: a stack + 1. Workers that wait alike share one.
    stacks: HashMap<u64, u32>,
}

impl LiveStacks {
    /// Whether the stack of this wait was taken.
    pub(crate) fn has(&self, thread: u32, wait: &WaitEntry) -> bool {
        bounded_lock(&self.0).is_none_or(|known| known.waits.get(&thread) == Some(&wait.seq))
    }

    /// Records the stack of a wait.
    pub(crate) fn record(
        &self,
        (file, stacks): (&RecordingFile, &Stacks),
        thread: u32,
        wait: &WaitEntry,
        frames: &[u64],
    ) {
        let Some(mut known) = bounded_lock(&self.0) else { return };
        if known.waits.len() >= REMEMBERED {
            known.waits.clear();
        }
        if known.stacks.len() >= REMEMBERED {
            known.stacks.clear();
        }
        known.waits.insert(thread, wait.seq);
        let stack = *known
            .stacks
            .entry(unwind::hash(frames))
            .or_insert_with(|| stacks.record(file, frames));
        let record = LogRecord::new(log::WAIT_STACK).u32(thread).u32(stack).u64(wait.since);
        file.append(record);
    }
}
