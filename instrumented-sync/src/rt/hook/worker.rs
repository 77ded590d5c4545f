//! Workers of async runtimes, told by their overlays.

pub(crate) use crate::rt::life::company::parks;
use crate::rt::life::enter;
use crate::rt::machine::os;
use crate::rt::shared::runtime;
use crate::rt::shared::workers::{Worker, Workers};
use crate::rt::thread::task;

/// The thread works, until the value is dropped.
#[derive(Debug)]
pub(crate) struct Working(());

/// The thread begins to work for a runtime that has so many workers.
#[cold]
#[inline(never)]
pub(crate) fn works(runtime: usize, of: usize) -> Working {
    // Of this function: below all that its callers have.
    let here = 0_u8;
    let began_at = (&raw const here).addr();
    enter::enter(|local| {
        let (tid, polls) = (os::own_tid(), task::current_place());
        let worker = Worker { tid, runtime, of, is_away: false, polls, began_at };
        local.runtime.workers.begin(worker);
    });
    Working(())
}

impl Drop for Working {
    fn drop(&mut self) {
        change(Workers::end);
    }
}

/// The thread hands its work to another one, until the value is dropped.
#[derive(Debug)]
pub(crate) struct Away(());

/// The thread is about to block, and has handed its work to another one.
#[cold]
pub(crate) fn is_away() -> Away {
    change(|workers, tid| workers.set_away(tid, true));
    Away(())
}

impl Drop for Away {
    fn drop(&mut self) {
        change(|workers, tid| workers.set_away(tid, false));
    }
}

/// The thread waits for blocking work, until the value is dropped.
#[derive(Debug)]
pub(crate) struct Spare(());

/// The thread, of a pool of an async runtime, waits for blocking work, and ends when none comes for a time.
#[cold]
#[inline(never)]
pub(crate) fn is_spare() -> Spare {
    // Of this function: below all that its callers have.
    let here = 0_u8;
    let began_at = (&raw const here).addr();
    change(|workers, tid| workers.begin_spare(tid, began_at));
    Spare(())
}

impl Drop for Spare {
    fn drop(&mut self) {
        change(Workers::end_spare);
    }
}

fn change(change: impl FnOnce(&Workers, u32)) {
    if let Some(runtime) = runtime::started() {
        change(&runtime.workers, os::own_tid());
    }
}
