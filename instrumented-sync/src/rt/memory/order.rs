//! What orders threads, beside their atomics. Nothing of it costs more than a load in a program whose accesses are not checked.

use super::access;
use super::accessor::{Accessor, current};
use super::begin::begin;
use super::clock::{self, Known};
use super::given as by_number;
use super::held::Held;
use super::mode::{self, Reason};
use super::pool::Stash;
use crate::rt::machine::handler;

/// Runs `body` with the calling thread's accessor. Inside of another check that is left out, as what the program's allocator does; where a signal handler
/// does it, the check ends, since others may rely on that order.
#[inline]
pub(crate) fn with<R>(accessor: &'static Accessor, body: impl FnOnce(&Accessor) -> R) -> Option<R> {
    if !mode::is_on() {
        return None;
    }
    let result = accessor.enter(|| body(accessor));
    if result.is_none() && handler::runs() {
        mode::end(Reason::Handler);
    }
    result
}

/// What this thread tells others now.
pub(crate) fn tell() -> Option<Known> {
    with(current()?, Accessor::tell).flatten()
}

/// The thread with this number, which is the calling one, is told.
pub(crate) fn learn(number: u32, known: &Known) {
    match current() {
        Some(accessor) => _ = with(accessor, |accessor| accessor.learn(known)),
        None => _ = begin(number, Some(known)),
    }
}

/// Adds what one knew to what others knew.
pub(crate) fn collect(into: &mut Option<Known>, known: &Known) {
    let stash = Stash::new();
    clock::collect(&stash, into, known);
    stash.empty();
}

/// The lock at an address was acquired.
#[inline]
pub(crate) fn acquired(lock: usize, shared: bool) {
    if let Some(accessor) = current() {
        with(accessor, |accessor| access::acquired(accessor, lock, shared));
    }
}

/// The lock at an address is about to be released.
#[inline]
pub(crate) fn released(lock: usize, shared: bool) {
    if let Some(accessor) = current() {
        with(accessor, |accessor| access::released(accessor, lock, shared));
    }
}

/// The lock at an address hands over: see [`Sync::hand_over`](super::sync::Sync::hand_over).
#[cold]
pub(crate) fn hands_over(lock: usize) {
    if let Some(accessor) = current() {
        with(accessor, |accessor| access::hand_over(accessor, lock));
    }
}

/// So does the lock that the thread has acquired or released last: it has notified those that wait with it.
#[cold]
pub(crate) fn notified() {
    if let Some(lock) = current().map(|accessor| accessor.last_lock.get()).filter(|lock| *lock != 0)
    {
        hands_over(lock);
    }
}

/// The lock with this number is about to be released. If the thread is not known to hold it, it was given from thread to thread, and hands over.
/// The number is read only where accesses are checked: an atomic load stays in the code even if nobody uses what it gives.
#[inline]
pub(crate) fn released_by_holder(lock: usize, shared: bool, number: impl FnOnce() -> u32) {
    let Some(accessor) = current() else { return };
    with(accessor, |accessor| {
        if !accessor.has(number()) && !accessor.may_hold_more() {
            access::hand_over(accessor, lock);
        }
        access::released(accessor, lock, shared);
    });
}

/// From here on the thread holds these locks; `None` where that is not known.
#[inline]
pub(crate) fn holds(held: impl FnOnce() -> Option<Held>) {
    if let Some(accessor) = current() {
        with(accessor, |accessor| accessor.holds(held().as_ref()));
    }
}

/// As [`holds`], of a thread that has just acquired the lock with this number. If that is not among the locks, it counts as one that hands over.
/// The number is read late, as in [`released_by_holder`].
#[inline]
pub(crate) fn holds_now(number: impl FnOnce() -> u32, held: impl FnOnce() -> Option<Held>) {
    let Some(accessor) = current() else { return };
    with(accessor, |accessor| {
        accessor.holds(held().as_ref());
        if !accessor.has(number()) {
            accessor.be_firm();
        }
    });
}

/// The thread has acquired a lock that is not recorded: as [`holds_now`], without a change of what it holds.
#[inline]
pub(crate) fn holds_unseen() {
    if let Some(accessor) = current() {
        with(accessor, Accessor::be_firm);
    }
}

fn kept(body: impl FnOnce(&Accessor) -> bool) {
    let is_lost = current().is_some_and(|accessor| with(accessor, body) == Some(false));
    if is_lost {
        mode::end(Reason::Memory);
    }
}

/// The thread gives something to whoever takes from the object.
pub(crate) fn given(object: u32) {
    kept(|accessor| by_number::given(accessor, object));
}

/// The thread takes: it learns from all who gave.
pub(crate) fn taken(object: u32) {
    kept(|accessor| by_number::taken(accessor, object));
}

/// The thread arrives at a barrier for so many.
pub(crate) fn arrived(barrier: u32, size: usize) {
    kept(|accessor| by_number::arrived(accessor, barrier, size));
}

/// The thread has passed a barrier.
pub(crate) fn passed(barrier: u32) {
    kept(|accessor| by_number::passed(accessor, barrier));
}
