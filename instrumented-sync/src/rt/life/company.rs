//! The program gets a second thread, or its only one is about to block for good, or tasks of its are: what [`lone`] holds back may begin.

use crate::rt::live_stack;
use crate::rt::machine::{os, signals};
#[cfg(feature = "accesses")]
use crate::rt::memory::sampling;
use crate::rt::shared::lone;
use crate::rt::shared::runtime;
use crate::rt::thread::beat;
#[cfg(feature = "accesses")]
use crate::rt::thread::local;
use syncscope_recording::layout::wait;

/// There is a second thread, or there will be at once. Or tasks of the only one wait for good, as far as is known.
#[inline]
pub(crate) fn begin() {
    if lone::is_lone() {
        begin_now();
    }
}

/// The thread, which polls tasks, is about to sleep until another thread wakes it: no timer of theirs runs, and there is no input or output
/// to wait for.
#[inline]
pub(crate) fn parks() {
    if lone::is_lone() {
        parks_alone();
    }
}

#[cold]
fn parks_alone() {
    if let Some(runtime) = runtime::started()
        && os::tids().len() == 1
        && !signals::has_handlers(live_stack::is_ours)
    {
        begin_now();
        runtime.service.blocked();
    }
}

#[cold]
fn begin_now() {
    lone::end();
    beat::end_alone();
    #[cfg(feature = "accesses")]
    sampling::begin(local::close_own);
}

/// The thread is about to block in a wait of this kind, in a place where it really blocks. If it is alone, it does so for good: nobody is
/// there to wake it, but a signal handler. Then a thread of ours does no harm, and tells.
#[cold]
pub(crate) fn about_to_block(kind: u32, is_token_kept: bool) {
    let ends = kind & wait::TIMED != 0
        || kind == wait::SLEEP
        || kind == wait::PARK && is_token_kept
        // The thread runs the initialiser itself; and threads that there were once.
        || matches!(kind, wait::ONCE | wait::JOIN | wait::SCOPE);
    if !ends
        && lone::is_lone()
        && os::tids().len() == 1
        && !signals::has_handlers(live_stack::is_ours)
    {
        begin_now();
    }
}
