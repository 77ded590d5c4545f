//! The functions themselves.

use std::sync::atomic::AtomicU32;

macro_rules! real {
    ($($name:ident $place:ident: $type:ty;)*) => {
        $(
            core::arch::global_asm!(
                concat!(".weak __real_", stringify!($name)),
                ".pushsection .data.rel.ro.__syncscope_gate,\"aw\"",
                ".p2align 3",
                concat!(".hidden ", stringify!($place)),
                concat!(".globl ", stringify!($place)),
                concat!(stringify!($place), ":"),
                concat!(".quad __real_", stringify!($name)),
                ".popsection",
            );

            unsafe extern "C" {
                static $place: Option<$type>;
            }

            /// `None` in a program that is not linked so.
            pub(in super::super) fn $name() -> Option<$type> {
                // SAFETY: the table above, which the loader fills in before anything runs; nobody writes to it.
                unsafe { $place }
            }
        )*
    };
}

type Start = extern "C" fn(*mut libc::c_void) -> *mut libc::c_void;

real! {
    syscall __syncscope_gate_syscall: unsafe extern "C" fn(libc::c_long, usize, usize, usize, usize, usize, usize) -> libc::c_long;
    nanosleep __syncscope_gate_nanosleep: unsafe extern "C" fn(*const libc::timespec, *mut libc::timespec) -> i32;
    clock_nanosleep __syncscope_gate_clock_nanosleep: unsafe extern "C" fn(libc::clockid_t, i32, *const libc::timespec, *mut libc::timespec) -> i32;
    sched_yield __syncscope_gate_sched_yield: unsafe extern "C" fn() -> i32;
    clock_gettime __syncscope_gate_clock_gettime: unsafe extern "C" fn(libc::clockid_t, *mut libc::timespec) -> i32;
    pthread_create __syncscope_gate_pthread_create: unsafe extern "C" fn(*mut libc::pthread_t, *const libc::pthread_attr_t, Start, *mut libc::c_void) -> i32;
    pthread_join __syncscope_gate_pthread_join: unsafe extern "C" fn(libc::pthread_t, *mut *mut libc::c_void) -> i32;
    getrandom __syncscope_gate_getrandom: unsafe extern "C" fn(*mut libc::c_void, usize, u32) -> isize;
    sched_getaffinity __syncscope_gate_sched_getaffinity: unsafe extern "C" fn(libc::pid_t, usize, *mut libc::cpu_set_t) -> i32;
    poll __syncscope_gate_poll: unsafe extern "C" fn(*mut libc::pollfd, libc::nfds_t, i32) -> i32;
    epoll_wait __syncscope_gate_epoll_wait: unsafe extern "C" fn(i32, *mut libc::epoll_event, i32, i32) -> i32;
    write __syncscope_gate_write: unsafe extern "C" fn(i32, *const libc::c_void, usize) -> isize;
}

/// A system call by its number.
fn system_call(number: libc::c_long, [a, b, c, d, e, f]: [usize; 6]) -> libc::c_long {
    match syscall() {
        // SAFETY: the callers below pass valid places.
        Some(real) => unsafe { real(number, a, b, c, d, e, f) },
        None => -1,
    }
}

/// Sleeps while a word has this value, or a little.
pub(in super::super) fn wait(word: &AtomicU32, value: u32) {
    let how = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG;
    let word = std::ptr::from_ref(word).addr();
    system_call(libc::SYS_futex, [word, how as usize, value as usize, 0, 0, 0]);
}

/// Wakes who sleeps there.
pub(in super::super) fn wake(word: &AtomicU32) {
    let how = libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG;
    let word = std::ptr::from_ref(word).addr();
    system_call(libc::SYS_futex, [word, how as usize, 1, 0, 0, 0]);
}

/// Lets others use the processor.
pub(in super::super) fn yield_now() {
    system_call(libc::SYS_sched_yield, [0; 6]);
}

/// Sleeps for so many nanoseconds, less than a second.
pub(in super::super) fn pause(nanoseconds: i64) {
    let time = libc::timespec { tv_sec: 0, tv_nsec: nanoseconds };
    system_call(libc::SYS_nanosleep, [(&raw const time).addr(), 0, 0, 0, 0, 0]);
}

/// The kernel's number of the calling thread.
pub(in super::super) fn tid() -> u32 {
    system_call(libc::SYS_gettid, [0; 6]) as u32
}
