//! Which threads sleep for good, unless a thread of this process wakes them: by the kernel, whatever they wait in.

use crate::rt::live_stack;
use crate::rt::machine::epoll;
use crate::rt::machine::os;
use crate::rt::machine::signals;
use crate::rt::machine::system_call;
use crate::rt::shared::runtime::Runtime;

/// How a thread sleeps that is in no wait on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sleep {
    /// Only another thread of this process wakes it, or a signal.
    ForGood,
    /// It is in a futex of which that is not certain.
    InFutex,
    /// It may act when it likes.
    Light,
}

/// How a thread sleeps, which the kernel says does not run.
pub(crate) fn sleep(runtime: &Runtime, tid: u32) -> Sleep {
    let workers = &runtime.workers;
    let Some(call) = system_call::of(tid) else {
        return if os::sleeps_in_futex(tid) { Sleep::InFutex } else { Sleep::Light };
    };
    if call.is_private_endless_futex() || call.is_futex() && workers.is_spare(tid) {
        return Sleep::ForGood;
    }
    if call.is_futex() {
        return Sleep::InFutex;
    }
    // A handler of a signal writes to a socket that is watched, too.
    let is_inside = |epoll| {
        epoll::is_woken_from_inside(epoll, workers.is_worker(tid))
            && !signals::has_handlers(live_stack::is_ours)
    };
    if call.endless_epoll().is_some_and(is_inside) { Sleep::ForGood } else { Sleep::Light }
}
