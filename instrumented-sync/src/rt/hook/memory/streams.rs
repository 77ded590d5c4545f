//! What threads tell each other through the kernel: what was written to a pipe or a socket, and who is woken by `epoll`. A program that is built for the check
//! is linked so that these stand in place of the C library's functions; they do the same.
//!
//! Which descriptor leads to which is not followed: whoever reads comes after all that was written, but to the standard streams. That can hide a race and
//! makes none up.

use crate::rt::memory::{self, mode};
use libc::{c_int, c_void, epoll_event, iovec, msghdr, size_t, sockaddr, socklen_t, ssize_t};

/// Stand for all streams, and for all sets of descriptors: what is told is kept by their addresses.
static STREAMS: u64 = 0;
static SETS: u64 = 0;

/// The thread is about to pass something on.
fn tells(through: &'static u64) {
    if mode::is_on() {
        memory::released(std::ptr::from_ref(through).addr(), true);
    }
}

/// As [`tells`], by a descriptor.
fn writes(fd: c_int) {
    if fd != libc::STDOUT_FILENO && fd != libc::STDERR_FILENO {
        tells(&STREAMS);
    }
}

/// The thread was given something, if a call gave that much.
fn learns(through: &'static u64, got: ssize_t) -> ssize_t {
    if got > 0 && mode::is_on() {
        memory::acquired(std::ptr::from_ref(through).addr(), false);
    }
    got
}

macro_rules! calls {
    ($($before:ident $name:ident = $number:ident($fd:ident $(, $argument:ident: $type:ty)*) -> $result:ty;)*) => {
        $(
            /// The C library's function of this name.
            #[unsafe(no_mangle)]
            extern "C" fn $name($fd: c_int $(, $argument: $type)*) -> $result {
                // SAFETY: the program's own call.
                let call = || unsafe { libc::syscall(libc::$number, $fd $(, $argument)*) };
                calls!(@$before $fd call) as $result
            }
        )*
    };
    (@writes $fd:ident $call:ident) => {{
        writes($fd);
        $call()
    }};
    (@reads $fd:ident $call:ident) => { learns(&STREAMS, $call() as ssize_t) };
    (@registers $fd:ident $call:ident) => {{
        tells(&SETS);
        $call()
    }};
}

calls! {
    writes __syncscope_write = SYS_write(fd, bytes: *const c_void, count: size_t) -> ssize_t;
    writes __syncscope_writev = SYS_writev(fd, parts: *const iovec, count: c_int) -> ssize_t;
    writes __syncscope_sendto = SYS_sendto(fd, bytes: *const c_void, count: size_t, flags: c_int, to: *const sockaddr, len: socklen_t) -> ssize_t;
    writes __syncscope_sendmsg = SYS_sendmsg(fd, message: *const msghdr, flags: c_int) -> ssize_t;
    reads __syncscope_read = SYS_read(fd, bytes: *mut c_void, count: size_t) -> ssize_t;
    reads __syncscope_readv = SYS_readv(fd, parts: *const iovec, count: c_int) -> ssize_t;
    reads __syncscope_recvfrom = SYS_recvfrom(fd, bytes: *mut c_void, count: size_t, flags: c_int, from: *mut sockaddr, len: *mut socklen_t) -> ssize_t;
    reads __syncscope_recvmsg = SYS_recvmsg(fd, message: *mut msghdr, flags: c_int) -> ssize_t;
    registers __syncscope_epoll_ctl = SYS_epoll_ctl(set, what: c_int, fd: c_int, event: *mut epoll_event) -> c_int;
}

/// `send`.
#[unsafe(no_mangle)]
extern "C" fn __syncscope_send(
    fd: c_int,
    bytes: *const c_void,
    count: size_t,
    flags: c_int,
) -> ssize_t {
    __syncscope_sendto(fd, bytes, count, flags, std::ptr::null(), 0)
}

/// `recv`.
#[unsafe(no_mangle)]
extern "C" fn __syncscope_recv(
    fd: c_int,
    bytes: *mut c_void,
    count: size_t,
    flags: c_int,
) -> ssize_t {
    __syncscope_recvfrom(fd, bytes, count, flags, std::ptr::null_mut(), std::ptr::null_mut())
}

/// `epoll_wait`.
#[unsafe(no_mangle)]
extern "C" fn __syncscope_epoll_wait(
    set: c_int,
    events: *mut epoll_event,
    count: c_int,
    timeout: c_int,
) -> c_int {
    __syncscope_epoll_pwait(set, events, count, timeout, std::ptr::null())
}

/// `epoll_pwait`.
#[unsafe(no_mangle)]
extern "C" fn __syncscope_epoll_pwait(
    set: c_int,
    events: *mut epoll_event,
    count: c_int,
    timeout: c_int,
    mask: *const libc::sigset_t,
) -> c_int {
    /// Bytes of the kernel's set of signals.
    const MASK: size_t = 8;
    let number = libc::SYS_epoll_pwait;
    // SAFETY: as the program's own call; of its mask the kernel reads as much as it knows of.
    let woken = unsafe { libc::syscall(number, set, events, count, timeout, mask, MASK) };
    learns(&SETS, woken as ssize_t) as c_int
}
