//! Sleeping, and letting others go first.

use super::failure::fail;
use super::real;
use crate::rt::gate::start::Me;
use crate::rt::gate::time::{Clock, after, nanoseconds};
use crate::rt::gate::turn;
use syncscope_recording::schedule::layout::op;

/// In place of the C library's function of this name.
///
/// # Safety
///
/// As of that.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_nanosleep(
    time: *const libc::timespec,
    left: *mut libc::timespec,
) -> i32 {
    if let Some(me) = Me::find() {
        // SAFETY: the program's own call.
        turn::wait_until(&me, after(nanoseconds(unsafe { &*time })));
        return 0;
    }
    // SAFETY: the program's own call.
    real::nanosleep().map_or_else(|| fail(libc::ENOSYS), |real| unsafe { real(time, left) })
}

/// As above.
///
/// # Safety
///
/// As of that.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_clock_nanosleep(
    id: libc::clockid_t,
    flags: i32,
    time: *const libc::timespec,
    left: *mut libc::timespec,
) -> i32 {
    if let Some(clock) = Clock::of(id)
        && let Some(me) = Me::find()
    {
        // SAFETY: the program's own call.
        let time = nanoseconds(unsafe { &*time });
        let is_absolute = flags & libc::TIMER_ABSTIME != 0;
        turn::wait_until(&me, if is_absolute { clock.elapsed_at(time) } else { after(time) });
        return 0;
    }
    // SAFETY: the program's own call.
    real::clock_nanosleep().map_or(libc::ENOSYS, |real| unsafe { real(id, flags, time, left) })
}

/// As above.
///
/// # Safety
///
/// As of that.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_sched_yield() -> i32 {
    if crate::rt::gate::start::is_on() {
        turn::pass(op::YIELD, 0, None, false);
        return 0;
    }
    // SAFETY: has no preconditions.
    real::sched_yield().map_or(0, |real| unsafe { real() })
}
