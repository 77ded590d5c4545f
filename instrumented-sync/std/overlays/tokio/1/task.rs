//! Tasks, as they are spawned, polled and joined.

use core::cell::Cell;
use std::__syncscope::instrumented_sync::raw::{self, Site, task};

pub(crate) use task::{Task, outside};

std::thread_local! {
    /// The number that this thread has given to a task last, and where it was spawned.
    static SPAWNED: Cell<(u64, Option<Site>)> = const { Cell::new((0, None)) };
}

/// Its address stands for this copy of the crate.
static FAMILY: u8 = 0;

pub(super) fn family() -> usize {
    &raw const FAMILY as usize
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
    Task::spawned(family(), id, site)
}

/// The end of a task is asked for.
#[inline]
pub(crate) fn joining(id: u64, site: Site, has_ended: bool, waker: *const ()) {
    if has_ended {
        task::has_seen_end(family(), id);
    } else {
        task::awaits_end(family(), id, site, waker);
    }
}
