//! A task goes to sleep: whether its waits, and those of its arms, are certain to last.

use super::company;
use super::listed::list;
use crate::rt::deadlock;
use crate::rt::machine::room::with_room;
use crate::rt::object::Site;
use crate::rt::record::wait::{Wait, may_end_wait, rests_on_wait};
use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::Runtime;
use crate::rt::shared::sleepers::{POLLED, Wakers};
use crate::rt::thread::arms::{self, Waiting};
use crate::rt::thread::local::Local;
use crate::rt::thread::task::Frame;
use std::sync::atomic::Ordering;
use std::task::Waker;
use syncscope_recording::layout::{slot, wait};

/// Turns of waiting for a waker that has just woken the task and is about to go.
const TURNS: u32 = 500;

/// So often in a row it is waited for in vain, at most.
const UNSETTLED: u8 = 8;

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
pub(super) fn are_all(
    local: &Local,
    is_needed: bool,
    count: u32,
    wakers: impl Fn() -> usize,
) -> bool {
    // Who has had more wakers each time lately waits for something else beside: the service looks later.
    let in_vain = local.unsettled.get();
    let turns = if is_needed && in_vain < UNSETTLED { TURNS } else { 1 };
    let are_all = (0..turns).any(|_| {
        std::hint::spin_loop();
        wakers() & !POLLED == count as usize
    });
    if are_all {
        local.unsettled.set(0);
    } else if turns > 1 {
        local.unsettled.set(in_vain + 1);
    }
    are_all
}

/// Looks for a deadlock that the task of this slot closes by the wait in which it has just gone to sleep: the service tells it when it lasts.
/// Where there is a service, it looks itself, at waits that last.
pub(super) fn look(runtime: &Runtime, slot: Slot) {
    runtime.service.blocked();
    if runtime.service.looks() {
        return;
    }
    _ = with_room(|| {
        if deadlock::of_task(runtime, slot).is_some() {
            runtime.suspects.put(slot);
            company::begin();
            runtime.service.blocked();
        }
    });
}

/// What is kept of an arm, or of a task with arms, that is left waiting.
pub(super) fn waiting(local: &Local, site: Option<Site>, pending: u32) -> Waiting {
    // Relaxed: written by who polls it.
    let seq = local.slot.u32(slot::WAIT_SEQ).load(Ordering::Relaxed);
    let (number, slot) = (local.number, local.slot);
    let (may_last, is_for_arms, is_joined) = (pending == 1, false, true);
    Waiting { number, slot, seq, site, may_last, is_for_arms, is_joined, pending }
}

/// The task, or the arm, waits for arms of its own. If others may wait for it, they find for whom it does.
pub(super) fn for_arms(local: &Local, all: &mut Vec<Waiting>) {
    let is_needed = local.depth() > 0 || local.has_queued.get();
    let Some(arm) = all.iter().find(|one| one.may_last && is_needed) else { return };
    let Some(site) = arm.site else { return };
    let object = arm.number;
    local.begin_unsure_wait(Wait { kind: wait::JOIN, object, ..Wait::default() }, site);
    local.joins_arms.set(true);
    all.push(Waiting { may_last: true, is_for_arms: true, ..waiting(local, None, 0) });
}

/// The task has left arms waiting. Their waits last if nothing else wakes the task; where it goes on as soon as one arm does, only
/// if all of them last.
pub(super) fn with_arms(
    local: &Local,
    frame: &Frame,
    all: &[Waiting],
    (waker, wakers): (&Waker, Wakers),
) {
    let runtime = local.runtime;
    let count = frame.pending.get().saturating_add(arms::pending(all));
    if count == 0 || count == arms::UNKNOWN {
        return;
    }
    // One that has gone elsewhere is in another wait, or in none.
    let waits = |one: &&Waiting| one.slot.wait().is_some_and(|wait| wait.seq == one.seq);
    let lasting: Vec<_> = all.iter().filter(|one| one.may_last).filter(waits).collect();
    let is_needed = lasting.iter().any(|one| one.slot.depth() > 0);
    let are_joined = count == 1 || lasting.iter().all(|one| one.is_joined);
    if !are_all(local, is_needed && are_joined, count, || wakers(waker)) {
        if are_joined {
            let slots = lasting.iter().map(|one| one.slot).collect();
            local.is_listed.set(list(local, slots, count, (waker, wakers)));
        }
        return;
    }
    lasting.iter().for_each(|one| rests_on_wait(one.slot));
    if are_joined {
        return lasting.iter().for_each(|one| look(runtime, one.slot));
    }
    let is_stuck = |one: &&Waiting| deadlock::of_task(runtime, one.slot).is_some();
    let all_last = lasting.len() == all.len() && frame.pending.get() == 0;
    let are_stuck =
        || lasting.iter().copied().filter(|one| !one.is_for_arms).all(|one| is_stuck(&one));
    if all_last && with_room(are_stuck) == Some(true) {
        lasting.iter().for_each(|one| look(runtime, one.slot));
    } else {
        lasting.iter().for_each(|one| may_end_wait(one.slot));
    }
}
