//! `syscall`: the futexes of std and of other crates, and their random numbers.

use super::failure::fail;
use super::{random, real};
use crate::rt::gate::start::Me;
use crate::rt::gate::thread::NEVER;
use crate::rt::gate::time::{Clock, after, nanoseconds};
use crate::rt::gate::turn::{self, Woken};
use std::sync::atomic::AtomicU32;

const WAIT: i32 = libc::FUTEX_WAIT;
const WAKE: i32 = libc::FUTEX_WAKE;
const WAIT_BITS: i32 = libc::FUTEX_WAIT_BITSET;
const WAKE_BITS: i32 = libc::FUTEX_WAKE_BITSET;
const ALL: u32 = u32::MAX;

/// In place of the C library's function of this name, which takes as many arguments as the system call has.
///
/// # Safety
///
/// As of that.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_syscall(
    number: libc::c_long,
    a: usize,
    b: usize,
    c: usize,
    d: usize,
    e: usize,
    f: usize,
) -> libc::c_long {
    // Others wait with other processes.
    if number == libc::SYS_futex && b as i32 & libc::FUTEX_PRIVATE_FLAG != 0 {
        let command = b as i32 & !(libc::FUTEX_PRIVATE_FLAG | libc::FUTEX_CLOCK_REALTIME);
        match command {
            WAIT | WAIT_BITS => {
                if let Some(me) = Me::find() {
                    let bits = if command == WAIT_BITS { f as u32 } else { ALL };
                    // SAFETY: the program's own call: the word and the time, if there is one, are valid.
                    return unsafe {
                        wait(
                            &me,
                            a as *const AtomicU32,
                            b as i32,
                            c as u32,
                            d as *const libc::timespec,
                            bits,
                        )
                    };
                }
            }
            WAKE | WAKE_BITS if crate::rt::gate::start::is_on() => {
                let bits = if command == WAKE_BITS { f as u32 } else { ALL };
                let most = (c as i32).max(0) as usize;
                let woken = turn::wake(a, bits, most);
                if woken == most {
                    return woken as libc::c_long;
                }
                // Threads of the runtime's wait for real.
                let left = most - woken;
                let real = real::syscall().map_or(0, |real| {
                    // SAFETY: the program's own call.
                    unsafe { real(number, a, b, left, d, e, f) }
                });
                return real.max(0) + woken as libc::c_long;
            }
            _ => {}
        }
    }
    if number == libc::SYS_getrandom && Me::find().is_some() {
        // SAFETY: the program's own buffer.
        unsafe { random::fill(a as *mut u8, b) };
        return b as libc::c_long;
    }
    match real::syscall() {
        // SAFETY: the program's own call.
        Some(real) => unsafe { real(number, a, b, c, d, e, f) },
        None => libc::c_long::from(fail(libc::ENOSYS)),
    }
}

/// # Safety
///
/// The word is valid, and the time is, or null.
unsafe fn wait(
    me: &Me,
    word: *const AtomicU32,
    how: i32,
    expected: u32,
    limit: *const libc::timespec,
    bits: u32,
) -> libc::c_long {
    // SAFETY: by the contract of this function.
    let (word, limit) = unsafe { (&*word, limit.as_ref()) };
    let until = match limit.map(nanoseconds) {
        None => NEVER,
        // One of the two commands counts from now.
        Some(limit) if how & !(libc::FUTEX_PRIVATE_FLAG | libc::FUTEX_CLOCK_REALTIME) == WAIT => {
            after(limit)
        }
        Some(time) if how & libc::FUTEX_CLOCK_REALTIME != 0 => Clock::Real.elapsed_at(time),
        Some(time) => Clock::Monotonic.elapsed_at(time),
    };
    let failed = match turn::wait_for_word(me, word, expected, bits, until) {
        Woken::ByOthers => return 0,
        Woken::Late => libc::ETIMEDOUT,
        Woken::Changed => libc::EAGAIN,
    };
    libc::c_long::from(fail(failed))
}
