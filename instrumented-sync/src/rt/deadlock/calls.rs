//! Who has to act before a blocking call ends that a task waits for.

use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::Runtime;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::slot;

/// The thread that runs the call which is the task of this number; or what that thread blocks on itself.
#[cold]
pub(super) fn who_runs(runtime: &Runtime, task: u32) -> Option<Slot> {
    let tid = runtime.calls.thread_of(|key| runtime.tasks.has_number(key, task))?;
    // Relaxed: written before the thread's number, by which the slot was found.
    let is_its = |slot: &Slot| slot.u32(slot::OS_TID).load(Ordering::Relaxed) == tid;
    let mut found = runtime.board.occupied().map(|(_, slot)| slot).filter(is_its);
    let first = found.next()?;
    // A call that blocks on a future waits as a task of its own.
    std::iter::once(first).chain(found).find(|slot| slot.wait().is_some()).or(Some(first))
}
