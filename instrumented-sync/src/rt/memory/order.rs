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

/// From here on the thread holds these locks; `None` where that is not known.
#[inline]
pub(crate) fn holds(held: impl FnOnce() -> Option<Held>) {
    if let Some(accessor) = current() {
        with(accessor, |accessor| accessor.holds(held().as_ref()));
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
