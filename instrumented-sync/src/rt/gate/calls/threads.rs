//! Threads: started, ended, joined.

use super::real;
use crate::rt::gate::outside;
use crate::rt::gate::start::Me;
use crate::rt::gate::turn;
use crate::rt::machine::own_thread;
use std::sync::atomic::{AtomicI64, Ordering};
use syncscope_recording::schedule::layout::op;

type Start = extern "C" fn(*mut libc::c_void) -> *mut libc::c_void;

/// What a thread begins with.
struct Begin {
    index: usize,
    start: Start,
    argument: *mut libc::c_void,
}

/// The key whose destructor runs when a thread ends; -1 before it is made.
static KEY: AtomicI64 = AtomicI64::new(-1);

/// Destructors of keys run in so many rounds, of the four there are: after those of Rust's thread locals, which may lock.
const ROUNDS: usize = 3;

/// In place of the C library's function of this name.
///
/// # Safety
///
/// As of that.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_pthread_create(
    thread: *mut libc::pthread_t,
    attributes: *const libc::pthread_attr_t,
    start: Start,
    argument: *mut libc::c_void,
) -> i32 {
    let Some(real) = real::pthread_create() else { return libc::ENOSYS };
    let me = if own_thread::is_starting() { None } else { Me::find() };
    let index = me.as_ref().and_then(turn::add);
    let Some(index) = index else {
        // SAFETY: the program's own call.
        return unsafe { real(thread, attributes, start, argument) };
    };
    outside::watch();
    // SAFETY: it has the right size, or is null.
    let begin = unsafe { libc::malloc(size_of::<Begin>()) }.cast::<Begin>();
    let result = if begin.is_null() {
        libc::EAGAIN
    } else {
        // SAFETY: fresh memory; the new thread gives it back. The rest is the program's own call.
        unsafe {
            begin.write(Begin { index, start, argument });
            real(thread, attributes, run, begin.cast())
        }
    };
    if result != 0 {
        turn::added(index, None);
        // SAFETY: from `malloc`, or null; no thread has it.
        unsafe { libc::free(begin.cast()) };
        return result;
    }
    // SAFETY: the call has written it.
    turn::added(index, Some(unsafe { *thread }));
    drop(me);
    turn::pass(op::SPAWN, 0, None, false);
    0
}

extern "C" fn run(begin: *mut libc::c_void) -> *mut libc::c_void {
    // SAFETY: what `__wrap_pthread_create` has handed over, to this thread alone.
    let Begin { index, start, argument } = unsafe {
        let value = begin.cast::<Begin>().read();
        libc::free(begin);
        value
    };
    arm(1);
    turn::begin(index);
    start(argument)
}

/// Sees to it that `ends` runs when the calling thread ends.
fn arm(round: usize) {
    // Relaxed: a number that stands for itself; one thread at a time makes it, in its turn or before any other is started.
    let mut key = KEY.load(Ordering::Relaxed);
    if key < 0 {
        let mut fresh = 0;
        // SAFETY: `fresh` is a valid place, the destructor a function with the right signature.
        if unsafe { libc::pthread_key_create(&raw mut fresh, Some(ends)) } != 0 {
            return;
        }
        // Relaxed: a loser of a race has a key that is never used.
        _ = KEY.compare_exchange(-1, i64::from(fresh), Ordering::Relaxed, Ordering::Relaxed);
        key = KEY.load(Ordering::Relaxed);
    }
    // SAFETY: the key exists; the value is never followed.
    unsafe {
        libc::pthread_setspecific(key as libc::pthread_key_t, std::ptr::without_provenance(round))
    };
}

unsafe extern "C" fn ends(round: *mut libc::c_void) {
    if round.addr() < ROUNDS {
        return arm(round.addr() + 1);
    }
    turn::end();
}

/// In place of the C library's function of this name.
///
/// # Safety
///
/// As of that.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_pthread_join(
    thread: libc::pthread_t,
    result: *mut *mut libc::c_void,
) -> i32 {
    if let Some(me) = Me::find() {
        turn::wait_for_end(&me, thread);
    }
    // SAFETY: the program's own call.
    real::pthread_join().map_or(libc::ENOSYS, |real| unsafe { real(thread, result) })
}
