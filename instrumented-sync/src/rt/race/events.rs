//! What the hooks tell. Each of these costs nothing but a load while nothing is tracked; hooks ask [`super::is_on`] first.

use super::super::local::{self, Local};
use super::super::meta::{Desc, Meta};
use super::objects::{asked, found_room, with_hand_off, with_lock, with_meeting};
use super::{message, state, thread};
use syncscope_recording::layout::access;

/// A lock was acquired, right after the real acquisition; or an initialiser begins.
#[cold]
pub(in super::super) fn acquired(local: &Local, lock: u32, how: u8) {
    if how & access::INIT == 0 {
        with_lock(local, lock, |order, state| {
            order.acquired(&mut state.engine, lock, how & access::SHARED != 0);
        });
    }
}

/// A lock is about to be released; or an initialiser has ended.
#[cold]
pub(in super::super) fn released(local: &Local, lock: u32, how: u8) {
    if lock == 0 {
        return;
    }
    if how & access::INIT != 0 {
        return given(local, lock);
    }
    with_lock(local, lock, |order, state| {
        order.released(&mut state.engine, how & access::SHARED != 0);
        state.last_released = lock;
    });
}

/// The lock belongs to a condition variable: its order is that of questions and answers.
#[cold]
pub(in super::super) fn condition_used(local: &Local, lock: u32) {
    with_lock(local, lock, |order, _| order.mark_signals());
}

/// A condition variable is notified: of the locks held now, and of the one released last, see [`condition_used`].
#[cold]
pub(in super::super) fn notified(local: &Local) {
    let held = (0..local.depth() as usize).map(|index| local.instance_at(index));
    let last = thread::with(local, |state| state.last_released).filter(|lock| *lock != 0);
    held.chain(last).for_each(|lock| condition_used(local, lock));
}

/// Something is given to whoever takes from the object: a completed initialisation, a permit, an item, a signal.
#[cold]
pub(in super::super) fn given(local: &Local, instance: u32) {
    with_hand_off(local, instance, |hand_off, state| hand_off.give(&mut state.engine));
}

/// Something was taken.
#[cold]
pub(in super::super) fn taken(local: &Local, instance: u32) {
    with_hand_off(local, instance, |hand_off, state| hand_off.take(&mut state.engine));
}

/// Ways of giving through one object that have nothing to do with each other. Numbers that no instance and no thread gets.
pub(crate) mod way {
    /// What the object is for.
    pub(crate) const ITEM: u32 = 0;
    /// Room for it, the other way.
    pub(crate) const ROOM: u32 = 1 << 30;
    /// The news that it has been dealt with.
    pub(crate) const DONE: u32 = 3 << 30;
}

/// Something is about to be given. Call it before the real call: who takes does so later here as well.
#[inline]
pub(crate) fn giving(meta: &Meta, desc: &'static Desc, way: u32) {
    if state::is_on() {
        local::enter(|local| given(local, way | meta.instance(local, desc)));
    }
}

/// It was taken. Call it after the real call.
#[inline]
pub(crate) fn took(meta: &Meta, desc: &'static Desc, way: u32) {
    if state::is_on() {
        local::enter(|local| taken(local, way | meta.instance(local, desc)));
    }
}

/// A completed initialisation was seen by a call that records nothing else.
#[inline]
pub(crate) fn completed_seen(meta: &Meta, desc: &'static Desc) {
    if !meta.orders_nothing() {
        completed_seen_in_order(meta, desc);
    }
}

#[inline(never)]
fn completed_seen_in_order(meta: &Meta, desc: &'static Desc) {
    if state::is_on() {
        local::enter(|local| taken(local, meta.instance(local, desc)));
    }
}

/// The thread arrives at a barrier.
#[cold]
pub(in super::super) fn arrived(local: &Local, barrier: u32, size: usize) {
    with_meeting(local, barrier, |meeting, state| meeting.arrived(&mut state.engine, size));
}

/// The thread has passed a barrier.
#[cold]
pub(in super::super) fn passed(local: &Local, barrier: u32) {
    with_meeting(local, barrier, |meeting, state| meeting.passed(&mut state.engine));
}

/// Tokens of `park` are kept beside the objects; instances do not get so far.
const TOKENS: u32 = 1 << 31;

/// A thread is unparked.
#[cold]
pub(in super::super) fn unparked(local: &Local, target: u32) {
    given(local, TOKENS | target);
}

/// This thread's park has returned.
#[cold]
pub(in super::super) fn parked(local: &Local) {
    taken(local, TOKENS | local.number);
}

/// A bounded channel is asked for its message number `received`.
#[inline]
pub(crate) fn receiving(channel: &Meta, desc: &'static Desc, received: u64) {
    if state::is_on() {
        local::enter(|local| asked(local, channel.instance(local, desc), received));
    }
}

/// A message was sent into a bounded channel, for which so many must have been received.
#[inline]
pub(crate) fn sent_bounded(channel: &Meta, desc: &'static Desc, received: Option<u64>) {
    if let Some(received) = received
        && state::is_on()
    {
        local::enter(|local| found_room(local, channel.instance(local, desc), received));
    }
}

/// The thread's last code has run: what its joiner will know.
pub(in super::super) fn ended(local: &Local) -> Option<message::Known> {
    state::is_on().then(|| message::known(local))
}

/// The thread has ended, with the destructors of its thread locals.
pub(in super::super) fn thread_left(local: &Local) {
    thread::end(local);
    if state::is_on() {
        super::places::forget_stack(local.runtime);
    }
}
