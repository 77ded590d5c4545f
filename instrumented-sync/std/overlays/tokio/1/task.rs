//! Tasks, as they are spawned, polled and joined.

use core::cell::Cell;
use core::sync::atomic::{AtomicBool, Ordering};
use std::__syncscope::instrumented_sync::raw::{self, Site, root::Root, task, task::Family};

pub(crate) use task::{Task, blocking, outside};

std::thread_local! {
    /// The number that this thread has given to a task last, and where it was spawned.
    static SPAWNED: Cell<(u64, Option<Site>)> = const { Cell::new((0, None)) };
}

/// This copy of the crate.
static FAMILY: Family = Family::new(runtime);

/// The address of what the threads of a runtime share.
#[cfg(feature = "rt")]
fn runtime() -> usize {
    let shared =
        |handle: &crate::runtime::scheduler::Handle| core::ptr::from_ref(handle.driver()).addr();
    crate::runtime::context::with_current(shared).unwrap_or(0)
}

#[cfg(not(feature = "rt"))]
fn runtime() -> usize {
    0
}

/// What a thread blocks on, which this waker wakes.
pub(crate) fn root(real: core::task::Waker) -> Root {
    Root::of(&FAMILY, real)
}

/// Whether this copy of the crate has ever waited for input or output.
static HAS_SOURCES: AtomicBool = AtomicBool::new(false);

/// It does from now on.
pub(crate) fn has_source() {
    // Relaxed: a flag.
    HAS_SOURCES.store(true, Ordering::Relaxed);
}

/// This thread is about to sleep, without a limit.
#[inline]
pub(crate) fn parks() {
    // Relaxed: a flag.
    if !HAS_SOURCES.load(Ordering::Relaxed) {
        task::parks();
    }
}

/// The caller is about to make a task of this number.
#[inline]
#[track_caller]
pub(crate) fn spawning(id: u64) {
    SPAWNED.set((id, Some(raw::site())));
}

/// The task of which this thread has told [`spawning`] last.
#[inline]
pub(crate) fn spawned() -> Task {
    let (id, site) = SPAWNED.get();
    Task::spawned(&FAMILY, id, site)
}

/// Tasks of a set that are told of when the end of one is awaited, at most.
pub(crate) const MOST_JOINED: usize = 64;

/// The end of one of these tasks, of a set, is awaited, and none has ended.
#[track_caller]
pub(crate) fn joining_one(ids: &[u64], waker: *const ()) {
    task::awaits_end_of_one(&FAMILY, ids, super::place().0, waker);
}

/// A blocking call of this number is made. All threads of its pool, of which there will be no more, are busy.
#[cold]
pub(crate) fn queues(id: u64) {
    task::queues(&FAMILY, id);
}

/// The end of a task is asked for.
#[inline]
pub(crate) fn joining(id: u64, site: Site, has_ended: bool, waker: *const ()) {
    if has_ended {
        task::has_seen_end(&FAMILY, id);
    } else {
        task::awaits_end(&FAMILY, id, super::sited::of_user(site), waker);
    }
}
