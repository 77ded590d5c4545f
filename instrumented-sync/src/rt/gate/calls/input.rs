//! Waits for what comes from outside, and what wakes such waits from inside.

use super::failure::fail;
use super::real;
use crate::rt::gate::start::{self, Me};
use crate::rt::gate::thread::NEVER;
use crate::rt::gate::time::after;
use crate::rt::gate::turn;
use syncscope_recording::schedule::layout::op;

/// Until when a wait of so many milliseconds lasts.
fn until(milliseconds: i32) -> u64 {
    match milliseconds {
        0.. => after(milliseconds as u64 * 1_000_000),
        _ => NEVER,
    }
}

/// Looks for what comes from outside, for so many milliseconds.
fn waits(limit: i32, look: &mut dyn FnMut(i32) -> i32) -> i32 {
    match Me::find() {
        Some(me) if limit != 0 => turn::wait_for_input(&me, until(limit), look),
        Some(me) => {
            drop(me);
            // Who only looks may do so again and again. std does so once before `main`.
            if turn::has_company() {
                turn::pass(op::POLL, 0, None, false);
            }
            look(0)
        }
        None => look(limit),
    }
}

/// In place of the C library's function of this name.
///
/// # Safety
///
/// As of that.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_poll(list: *mut libc::pollfd, len: libc::nfds_t, limit: i32) -> i32 {
    let Some(real) = real::poll() else { return fail(libc::ENOSYS) };
    // SAFETY: the program's own call.
    let mut look = |limit| unsafe { real(list, len, limit) };
    waits(limit, &mut look)
}

/// As above.
///
/// # Safety
///
/// As of that.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_epoll_wait(
    epoll: i32,
    events: *mut libc::epoll_event,
    most: i32,
    limit: i32,
) -> i32 {
    let Some(real) = real::epoll_wait() else { return fail(libc::ENOSYS) };
    // SAFETY: the program's own call.
    let mut look = |limit| unsafe { real(epoll, events, most, limit) };
    waits(limit, &mut look)
}

/// As above.
///
/// # Safety
///
/// As of that.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_write(file: i32, bytes: *const libc::c_void, len: usize) -> isize {
    let Some(real) = real::write() else { return fail(libc::ENOSYS) as isize };
    // SAFETY: the program's own call.
    let written = unsafe { real(file, bytes, len) };
    if start::is_on() && !start::is_inside() {
        turn::look_for_input();
    }
    written
}
