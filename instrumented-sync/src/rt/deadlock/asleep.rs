//! Whether a thread that seems to be part of a deadlock has really gone to sleep.

use crate::rt::machine::os;
use crate::rt::shared::board::Slot;
use std::sync::atomic::Ordering;
use std::time::Duration;
use syncscope_recording::layout::{slot, wait};

/// Whether the thread of a slot stays asleep in one and the same wait. Waits up to some tens of milliseconds for it: only
/// called for a candidate that is almost surely a deadlock.
pub(crate) fn sleeps_on(slot: Slot) -> bool {
    let Some(before) = slot.wait() else { return false };
    if slot.is_task() {
        // It has queued before it tells that it waits for sure.
        return before.kind & wait::TIMED == 0;
    }
    for _ in 0..10 {
        std::thread::sleep(Duration::from_millis(3));
        let same = slot.wait().is_some_and(|now| now.seq == before.seq);
        if !same {
            return false;
        }
        // Relaxed: the slot belongs to the sleeping thread.
        if os::thread(slot.u32(slot::OS_TID).load(Ordering::Relaxed))
            .is_some_and(|thread| thread.sleeps)
        {
            return true;
        }
    }
    false
}
