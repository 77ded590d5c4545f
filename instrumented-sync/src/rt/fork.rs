//! `fork`: the child gets a runtime of its own, and never writes into the parent's recording.
//!
//! Before the fork the calling thread stops recording, so that handlers of others that run in the child before ours find it
//! closed. The child then forgets everything; its first event starts its own recording, from what [`super::inherit`] says.
//! The release of a lock that was held at the fork is ignored.
//!
//! A child whose parent was just being started by another thread records nothing: what that held stays locked for ever.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    static PHASE: Cell<u8> = const { Cell::new(0) };
}

static INSTALLED: AtomicBool = AtomicBool::new(false);

/// Registers the handlers, once in the life of the process and its children.
pub(super) fn install() {
    // Relaxed: called by the one thread that starts the runtime.
    if !INSTALLED.swap(true, Ordering::Relaxed) {
        // SAFETY: the handlers are functions with the right signature and touch only this thread's state and atomics.
        unsafe { libc::pthread_atfork(Some(before), Some(parent), Some(child)) };
    }
}

unsafe extern "C" fn before() {
    PHASE.set(super::local::suspend());
    super::runtime::await_any_start();
    // In a signal handler nothing is noted.
    _ = super::room::with_room(|| {
        if let Some(runtime) = super::runtime::started() {
            super::inherit::note(runtime);
        }
    });
}

unsafe extern "C" fn parent() {
    _ = super::room::with_room(super::inherit::forget_note);
    super::local::resume(PHASE.get());
}

unsafe extern "C" fn child() {
    if let Some(parents) = super::runtime::started() {
        parents.file.close_inherited();
    }
    super::runtime::forget();
    super::race::forget();
    super::company::forget();
    super::beat::forget();
    super::attach::forget();
    super::local::forget();
}
