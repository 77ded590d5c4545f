//! The time.

use super::failure::fail;
use super::real;
use crate::rt::gate::start::Me;
use crate::rt::gate::time::{Clock, asks_often, timespec};
use crate::rt::gate::turn;
use syncscope_recording::schedule::layout::op;

/// In place of the C library's function of this name.
///
/// # Safety
///
/// As of that.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_clock_gettime(id: libc::clockid_t, now: *mut libc::timespec) -> i32 {
    if let Some(clock) = Clock::of(id)
        && let Some(me) = Me::find()
    {
        let often = asks_often(&me);
        let time = timespec(clock.now(&me));
        // SAFETY: the program's own call.
        unsafe { now.write(time) };
        drop(me);
        if often {
            turn::pass(op::CLOCK, 0, None, false);
        }
        return 0;
    }
    // SAFETY: the program's own call.
    real::clock_gettime().map_or_else(|| fail(libc::ENOSYS), |real| unsafe { real(id, now) })
}
