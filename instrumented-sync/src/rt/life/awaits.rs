//! What a task awaits beside locks is published when it goes to sleep, and withdrawn when it is polled again.
//!
//! A state is too much for each of a hundred thousand tasks that wait for a message. So it is told of tasks that have one, or hold
//! something; and of the first ones that have neither, which are all in most programs.

use crate::rt::record::wait::Wait;
use crate::rt::shared::race_flag;
use crate::rt::shared::runtime;
use crate::rt::thread::local::Local;
use crate::rt::thread::task::Frame;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{slot, wait};

/// Whether it is told what the task that is polled leaves pending.
#[inline]
pub(crate) fn are_told(frame: &Frame) -> bool {
    !frame.task().state().is_null() || frame.has_left_held() || may_begin()
}

#[inline]
fn may_begin() -> bool {
    runtime::started().is_some_and(|runtime| runtime.tasks.may_begin_for_await())
        && !race_flag::is_tracking()
}

/// The task, which has this state, goes to sleep: unless it waits for a lock, this is its wait. `is_alone` says whether nothing wakes the task but what
/// it has told of, if that is one thing.
pub(super) fn publish(local: &Local, frame: &Frame, is_alone: impl FnOnce() -> bool) {
    // Relaxed: written by this task only.
    let is_free = local.slot.u32(slot::WAIT).load(Ordering::Relaxed) == wait::NONE;
    if is_free && let Some(awaited) = frame.awaits.get() {
        let wait = Wait {
            kind: awaited.kind,
            object: awaited.object,
            object2: awaited.object2,
            class: awaited.class,
        };
        if awaited.kind == wait::RECV {
            // It may have got its state by that only.
            local.runtime.receivers.put(awaited.object, Some(local.number));
        }
        local.begin_await(wait, awaited.site);
        if let Some(alone) = frame.awaits.alone().filter(|_| is_alone()) {
            // Relaxed: as above.
            let seq = local.slot.u32(slot::WAIT_SEQ).load(Ordering::Relaxed);
            local.slot.rest().begin(seq, alone);
        }
        local.runtime.service.awaits();
    }
}
