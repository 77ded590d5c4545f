//! `fork`: the child gets a runtime of its own, and never writes into the parent's recording.
//!
//! Before the fork the calling thread stops recording, so that handlers of others that run in the child before ours find it
//! closed. The child then forgets everything; its first event starts its own recording, from what [`crate::rt::life::inherit`] says.
//! The release of a lock that was held at the fork is ignored.
//!
//! A child whose parent was just being started by another thread records nothing: what that held stays locked for ever.

use super::inherit;
use crate::rt::machine::room;
use crate::rt::memory;
#[cfg(feature = "accesses")]
use crate::rt::record::atomics;
use crate::rt::shared::lone;
use crate::rt::shared::race_flag;
use crate::rt::shared::runtime;
use crate::rt::thread::beat::pulse;
use crate::rt::thread::{branch, local, spawned};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use syncscope_recording::writer::fork_gate;

thread_local! {
    static PHASE: Cell<u8> = const { Cell::new(0) };
}

static INSTALLED: AtomicBool = AtomicBool::new(false);

/// Registers the handlers, once in the life of the process and its children.
pub(crate) fn install() {
    // Relaxed: called by the one thread that starts the runtime.
    if !INSTALLED.swap(true, Ordering::Relaxed) {
        // SAFETY: the handlers are functions with the right signature and touch only this thread's state and atomics.
        unsafe { libc::pthread_atfork(Some(before), Some(parent), Some(child)) };
    }
}

unsafe extern "C" fn before() {
    PHASE.set(local::suspend());
    // Another thread's start comes to its end first, within some tens of milliseconds.
    if runtime::is_starting() {
        runtime::await_start();
    }
    fork_gate::before();
    // In a signal handler nothing is noted.
    _ = room::with_room(|| {
        if let Some(runtime) = runtime::started() {
            inherit::note(runtime);
        }
    });
}

unsafe extern "C" fn parent() {
    fork_gate::in_parent();
    _ = room::with_room(inherit::forget_note);
    local::resume(PHASE.get());
}

unsafe extern "C" fn child() {
    if fork_gate::in_child()
        && let Some(parents) = runtime::started()
    {
        parents.file.close_inherited();
    }
    runtime::forget();
    race_flag::forget();
    memory::forget_thread();
    #[cfg(feature = "accesses")]
    atomics::forget();
    lone::forget();
    pulse::forget();
    spawned::forget();
    branch::forget();
    local::forget();
}
