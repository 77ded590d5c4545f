//! What the hooks tell. Each of these costs nothing but a load while nothing is tracked; hooks ask [`crate::rt::race::is_on`] first.

use super::message;
use super::objects::{with_hand_off, with_lock, with_meeting};
use super::places;
use super::thread;
use crate::rt::memory;
use crate::rt::object::meta::Meta;
use crate::rt::shared::race_flag;
use crate::rt::shared::stamp::AccessStamp;
use crate::rt::thread::local::Local;
use syncscope_recording::layout::access;

/// A lock was acquired, right after the real acquisition; or an initialiser begins.
#[cold]
pub(crate) fn acquired(local: &Local, meta: &Meta, how: u8) {
    if how & access::INIT != 0 {
        return;
    }
    let is_shared = how & access::SHARED != 0;
    with_lock(local, meta.number(), |order, state| {
        order.acquired(&mut state.engine, meta.number(), is_shared);
    });
}

/// A lock is about to be released; or an initialiser has ended.
#[cold]
pub(crate) fn released(local: &Local, meta: &Meta, how: u8) {
    let lock = meta.number();
    if lock == 0 {
        return;
    }
    if how & access::INIT != 0 {
        return given(local, lock);
    }
    let is_shared = how & access::SHARED != 0;
    if race_flag::is_tracking() {
        with_lock(local, lock, |order, state| {
            order.released(&mut state.engine, is_shared);
            state.last_released = lock;
        });
    }
}

/// The lock belongs to a condition variable: its order is that of questions and answers.
#[cold]
pub(crate) fn condition_used(local: &Local, lock: u32) {
    if race_flag::is_tracking() {
        with_lock(local, lock, |order, _| order.mark_signals());
    }
}

/// A condition variable is notified: of the locks held now, and of the one released last, see [`condition_used`].
#[cold]
pub(crate) fn notified(local: &Local) {
    if race_flag::is_tracking() {
        let held = (0..local.depth() as usize).map(|index| local.instance_at(index));
        let last = thread::with(local, |state| state.last_released).filter(|lock| *lock != 0);
        held.chain(last).for_each(|lock| condition_used(local, lock));
    }
}

/// Something is given to whoever takes from the object: a completed initialisation, a permit, an item, a signal.
#[cold]
pub(crate) fn given(local: &Local, instance: u32) {
    if race_flag::is_tracking() {
        with_hand_off(local, instance, |hand_off, state| hand_off.give(&mut state.engine));
    }
    memory::given(instance);
}

/// Something was taken.
#[cold]
pub(crate) fn taken(local: &Local, instance: u32) {
    if race_flag::is_tracking() {
        with_hand_off(local, instance, |hand_off, state| hand_off.take(&mut state.engine));
    }
    memory::taken(instance);
}

/// The thread arrives at a barrier.
#[cold]
pub(crate) fn arrived(local: &Local, barrier: u32, size: usize) {
    if race_flag::is_tracking() {
        with_meeting(local, barrier, |meeting, state| meeting.arrived(&mut state.engine, size));
    }
    memory::arrived(barrier, size);
}

/// The thread has passed a barrier.
#[cold]
pub(crate) fn passed(local: &Local, barrier: u32) {
    if race_flag::is_tracking() {
        with_meeting(local, barrier, |meeting, state| meeting.passed(&mut state.engine));
    }
    memory::passed(barrier);
}

/// Tokens of `park` are kept beside the objects; instances do not get so far.
const TOKENS: u32 = 1 << 31;

/// A thread is unparked.
#[cold]
pub(crate) fn unparked(local: &Local, target: u32) {
    given(local, TOKENS | target);
}

/// This thread's park has returned.
#[cold]
pub(crate) fn parked(local: &Local) {
    taken(local, TOKENS | local.number);
}

/// The thread's last code has run: what its joiner will know.
pub(crate) fn ended(local: &Local) -> Option<AccessStamp> {
    race_flag::is_on().then(|| message::known(local))
}

/// The thread has ended, with the destructors of its thread locals.
pub(crate) fn thread_left(local: &Local) {
    thread::end(local);
    if race_flag::is_tracking() {
        places::forget_stack(local.runtime);
    }
}
