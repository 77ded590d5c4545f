//! Which stacks were taken, and their records.

use super::super::board::WaitEntry;
use super::super::local::Local;
use super::super::runtime::Runtime;
use super::super::stack;
use std::collections::HashMap;
use std::sync::Mutex;
use syncscope_recording::layout::log;
use syncscope_recording::writer::{LogRecord, patient};

/// Threads, and different stacks, that are remembered. Beyond, one may be taken or recorded twice.
const REMEMBERED: usize = 4096;

/// The process's.
#[derive(Debug, Default)]
pub(in super::super) struct LiveStacks(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// By thread: the number of the wait whose stack was taken last.
    waits: HashMap<u32, u32>,
    /// By hash: a stack + 1. Workers that wait alike share one.
    stacks: HashMap<u64, u32>,
}

impl LiveStacks {
    /// Whether the stack of this wait was taken.
    pub(super) fn has(&self, thread: u32, wait: &WaitEntry) -> bool {
        patient(&self.0).is_none_or(|known| known.waits.get(&thread) == Some(&wait.seq))
    }

    /// Records the stack of a wait.
    pub(super) fn record(&self, runtime: &Runtime, thread: u32, wait: &WaitEntry, frames: &[u64]) {
        let Some(mut known) = patient(&self.0) else { return };
        if known.waits.len() >= REMEMBERED {
            known.waits.clear();
        }
        if known.stacks.len() >= REMEMBERED {
            known.stacks.clear();
        }
        known.waits.insert(thread, wait.seq);
        let stack = *known
            .stacks
            .entry(stack::hash(frames))
            .or_insert_with(|| stack::record(runtime, frames));
        let record = LogRecord::new(log::WAIT_STACK).u32(thread).u32(stack).u64(wait.since);
        runtime.file.append(record);
    }
}

/// Records the calling thread's own stack as that of the wait that it has just published.
#[cold]
pub(in super::super) fn own(local: &Local) {
    if let Some(wait) = local.slot.wait() {
        local.runtime.live_stacks.record(local.runtime, local.number, &wait, &stack::long());
    }
}
