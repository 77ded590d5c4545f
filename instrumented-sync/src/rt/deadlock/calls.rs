//! Who has to act before a blocking call, or a task without a state, ends that a task waits for.

use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::Runtime;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::slot;

/// Who is blocked in a poll of the task of this number; or the thread that runs the call which is that task, or what that thread blocks on itself.
#[cold]
pub(super) fn who_runs(runtime: &Runtime, task: u32) -> Option<Slot> {
    let is_it = |key| runtime.tasks.has_number(key, task);
    // Its thread may have blocked on another task before, which waits for this one.
    if let Some(by) = runtime.calls.who_blocks(is_it) {
        return runtime.board.find(by);
    }
    let tid = runtime.calls.thread_of(is_it)?;
    of_thread(runtime, tid)
}

/// Who runs the calls one of which must end before that of this number begins, since it waits for a thread; `None` if it does not, or not all of
/// them are known. A thread that runs none would have begun it; so may a worker that has handed its work to another thread.
#[cold]
pub(super) fn who_run_before(runtime: &Runtime, task: u32) -> Option<Vec<Slot>> {
    let threads = runtime.calls.threads_before(|key| runtime.tasks.has_number(key, task))?;
    if runtime.workers.is_any_away() {
        return None;
    }
    let threads = threads.into_iter().map(|tid| of_thread(runtime, tid));
    threads.collect::<Option<Vec<Slot>>>().filter(|all| !all.is_empty())
}

/// The thread of this number of the kernel's. One that blocks on a future waits as a task of its own.
fn of_thread(runtime: &Runtime, tid: u32) -> Option<Slot> {
    // Relaxed: written before the thread's number, by which the slot was found.
    let is_its = |slot: &Slot| slot.u32(slot::OS_TID).load(Ordering::Relaxed) == tid;
    let mut found = runtime.board.occupied().map(|(_, slot)| slot).filter(is_its);
    let first = found.next()?;
    std::iter::once(first).chain(found).find(|slot| slot.wait().is_some()).or(Some(first))
}
