// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! How a hook comes to the thread's state, which is made at the thread's first event.

use super::attach;
use crate::rt::machine::own_stack;
use crate::rt::machine::room::with_room;
use crate::rt::shared::runtime;
use crate::rt::thread::local::{self, Local};

/// The state of this thread, attaching it if need be. `None` when nothing is to be recorded now.
#[inline]
pub(crate) fn local() -> Option<&'static Local> {
    match local::attached() {
        Some(local) => Some(local),
        None => first_event(),
    }
}

/// As [`local`], for what comes right before an event: should the thread get no state, that event is the one let pass.
#[cold]
pub(crate) fn before_event() -> Option<&'static Local> {
    local::attached().or_else(attach)
}

/// Runs a hook's body with the thread's state, unless the thread is inside a hook already, or in a signal handler.
#[inline]
pub(crate) fn enter<R>(body: impl FnOnce(&'static Local) -> R) -> Option<R> {
    let local = local()?;
    let entered = if local.is_free() { with_room(|| local.run(body)) } else { None };
    if entered.is_none() {
        local::let_pass_in_handler();
    }
    entered
}

/// As [`enter`], for bodies that rarely do more than an acquisition does.
#[inline]
pub(crate) fn enter_briefly<R>(body: impl FnOnce(&'static Local) -> R) -> Option<R> {
    let local = local()?;
    local.is_free().then(|| local.run(body))
}

#[cold]
fn first_event() -> Option<&'static Local> {
    if runtime::is_off() {
        return None;
    }
    let (is_fresh, is_attaching) = (local::is_fresh(), local::is_attaching());
    let local = attach();
    if is_fresh && local.is_none() {
        local::let_pass();
    } else if is_attaching {
        // The allocator's own events are not meant to be recorded; a handler's are.
        local::let_pass_in_handler();
    }
    local
}

/// Gives the thread its state, if that can be done now.
#[cold]
fn attach() -> Option<&'static Local> {
    if runtime::is_off() || own_stack::is_cramped() || !local::begin_attaching() {
        return None;
    }
    // A handler that came between the two looks has attached the thread; one that comes from here on records nothing.
    local::end_attaching(local::made().or_else(|| with_room(attach::attach).flatten()))
}
