//! One look at the board: all threads with what they wait for.

use crate::rt::shared::board::{self, Slot, WaitEntry};
use crate::rt::shared::runtime::Runtime;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{slot, wait};

/// A thread on the board.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BoardThread {
    pub(crate) slot: Slot,
    pub(crate) thread: u32,
    pub(crate) tid: u32,
    pub(crate) wait: Option<WaitEntry>,
    /// It is a task that sleeps in that wait, until anyone gives it what it awaits: it neither stands still by itself, nor does anything.
    pub(crate) awaits: bool,
}

/// All threads on the board.
pub(crate) fn threads(runtime: &Runtime) -> Vec<BoardThread> {
    runtime.board.occupied().map(|(_, slot)| BoardThread::of(slot)).collect()
}

impl BoardThread {
    /// The thread of a slot.
    pub(crate) fn of(slot: Slot) -> Self {
        let is_task = slot.is_task();
        let wait = slot.wait().map(|wait| if is_task { of_task(wait) } else { wait });
        Self {
            slot,
            thread: slot.thread(),
            // Relaxed: written before the thread's number, which was loaded with Acquire.
            tid: slot.u32(slot::OS_TID).load(Ordering::Relaxed),
            wait,
            awaits: is_task
                && wait.is_some_and(|wait| board::is_await(wait.kind))
                && !slot.is_polled(),
        }
    }

    /// Whether it waits for something that does not come by itself.
    pub(crate) fn is_blocked(&self) -> bool {
        self.wait.is_some_and(|wait| !ends_by_itself(wait.kind))
    }

    /// Whether it wakes up after a time, whatever the others do.
    pub(crate) fn wakes_by_itself(&self) -> bool {
        !self.awaits && self.wait.is_some_and(|wait| ends_by_itself(wait.kind))
    }
}

/// A task that awaits a lock is watched as one that waits for it, though something else may wake it.
fn of_task(wait: WaitEntry) -> WaitEntry {
    match wait.kind & !wait::TIMED {
        kind @ (wait::MUTEX | wait::READ | wait::WRITE | wait::SEMAPHORE | wait::JOIN) => {
            WaitEntry { kind, ..wait }
        }
        _ => wait,
    }
}

/// Whether a wait of this kind wakes up after a time.
pub(crate) fn ends_by_itself(kind: u32) -> bool {
    kind & wait::TIMED != 0 || kind == wait::SLEEP
}

#[cfg(test)]
mod tests {
    use super::*;
    use syncscope_recording::model::WaitKind;

    #[test]
    fn readers_take_the_same_waits_for_awaits() {
        for kind in WaitKind::ALL {
            let is_await = board::is_await(kind.code() | wait::TIMED);
            assert_eq!(is_await, kind.may_be_an_await(), "{kind:?}");
            assert!(!board::is_await(kind.code()));
        }
    }
}
