//! A task goes to sleep: whether its waits, and those of its arms, are certain to last.

use super::listed::list;
use crate::rt::deadlock;
use crate::rt::machine::room::with_room;
use crate::rt::record::wait::Wait;
use crate::rt::shared::sleepers::{POLLED, Wakers};
use crate::rt::thread::arms::{self, Waiting};
use crate::rt::thread::local::Local;
use crate::rt::thread::task::Frame;
use std::sync::atomic::Ordering;
use std::task::Waker;
use syncscope_recording::layout::{slot, wait};

/// Turns of waiting for a waker that has just woken the task and is about to go.
const TURNS: u32 = 500;

/// Whether the task, or the arm, waits for a lock or for the end of another. A wait that was not polled it has let be.
pub(super) fn waits(local: &Local, frame: &Frame) -> bool {
    // Relaxed: written by this task only.
    let is_waiting = local.slot.u32(slot::WAIT).load(Ordering::Relaxed) != wait::NONE;
    if is_waiting && frame.pending.get() == 0 {
        local.end_wait();
    }
    is_waiting && frame.pending.get() != 0
}

/// Whether there are so many wakers of the task only. The one that woke it for this poll may still be about to be dropped by another
/// thread: that is waited for, some microseconds, where others may depend on the task.
pub(super) fn are_all(is_needed: bool, count: u32, wakers: impl Fn() -> usize) -> bool {
    let turns = if is_needed { TURNS } else { 1 };
    (0..turns).any(|_| {
        std::hint::spin_loop();
        wakers() & !POLLED == count as usize
    })
}

/// Looks for a deadlock that this task closes by the wait in which it has just gone to sleep: the service tells it when it lasts.
pub(super) fn look(local: &Local) {
    _ = with_room(|| {
        if deadlock::of_task(local.runtime, local.slot).is_some() {
            local.runtime.suspects.put(local.slot);
        }
        local.runtime.service.blocked();
    });
}

/// The task, or the arm, waits for arms of its own. If others may wait for it, they find for whom it does.
pub(super) fn for_arms(local: &Local, all: &mut Vec<Waiting>) {
    let is_needed = local.depth() > 0 || local.has_queued.get();
    let Some(arm) = all.iter().find(|one| one.may_last && is_needed) else { return };
    let Some(site) = arm.site else { return };
    // SAFETY: an arm that was left waiting is there, or it would have left the list.
    let object = unsafe { &*arm.state }.number;
    local.begin_unsure_wait(Wait { kind: wait::JOIN, object, ..Wait::default() }, site);
    local.joins_arms.set(true);
    all.push(Waiting {
        state: local,
        site: None,
        may_last: true,
        is_for_arms: true,
        is_joined: true,
        pending: 0,
    });
}

/// The task has left arms waiting. Their waits last if nothing else wakes the task; where it goes on as soon as one arm does, only
/// if all of them last.
pub(super) fn with_arms(
    local: &Local,
    frame: &Frame,
    all: &[Waiting],
    (waker, wakers): (&Waker, Wakers),
) {
    let count = frame.pending.get().saturating_add(arms::pending(all));
    if count == 0 || count == arms::UNKNOWN {
        return;
    }
    // SAFETY: as in `for_arms`.
    let state = |one: &Waiting| unsafe { &*one.state };
    let lasting: Vec<_> = all.iter().filter(|one| one.may_last).copied().collect();
    let is_needed = lasting.iter().any(|one| state(one).depth() > 0);
    let are_joined = count == 1 || lasting.iter().all(|one| one.is_joined);
    if !are_all(is_needed, count, || wakers(waker)) {
        if are_joined {
            let slots = lasting.iter().map(|one| state(one).slot);
            local.is_listed.set(list(local, slots.collect(), count, (waker, wakers)));
        }
        return;
    }
    lasting.iter().for_each(|one| state(one).rests_on_wait());
    if are_joined {
        return lasting.iter().for_each(|one| look(state(one)));
    }
    let is_stuck = |one: &Local| deadlock::of_task(one.runtime, one.slot).is_some();
    let all_last = lasting.len() == all.len() && frame.pending.get() == 0;
    let are_stuck = || lasting.iter().filter(|one| !one.is_for_arms).map(state).all(is_stuck);
    if all_last && with_room(are_stuck) == Some(true) {
        lasting.iter().for_each(|one| look(state(one)));
    } else {
        lasting.iter().for_each(|one| state(one).may_end_wait());
    }
}
