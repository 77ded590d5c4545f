//! Threads of the runtime's own: they take no signals but those of their own faults, and record nothing of themselves.

use std::cell::Cell;
use std::ffi::CStr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of their stacks: they judge whole recordings.
const STACK: usize = 2 << 20;

type Body = Box<dyn FnOnce() + Send>;

/// How many there are.
static COUNT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static IS_STARTING: Cell<bool> = const { Cell::new(false) };
}

/// Whether the calling thread is just starting one.
#[cfg(feature = "accesses")]
pub(crate) fn is_starting() -> bool {
    IS_STARTING.get()
}

/// How many there are; one that is just ending counts.
#[cfg(feature = "accesses")]
pub(crate) fn count() -> usize {
    // Relaxed: a number that stands for itself.
    COUNT.load(Ordering::Relaxed)
}

/// What a thread begins with.
struct Start {
    name: &'static CStr,
    first: fn(),
    body: Body,
}

/// Starts one, which does `first` before all else: from there on it records nothing. `false` when the system refuses.
///
/// Not by std, whose threads run code of the program's allocator before they come to ours; and which looks for the size of stacks in the environment, whose
/// lock may be held for ever in the child of a fork.
#[cold]
pub(crate) fn start(
    name: &'static CStr,
    first: fn(),
    body: impl FnOnce() + Send + 'static,
) -> bool {
    let start = Box::into_raw(Box::new(Start { name, first, body: Box::new(body) }));
    // SAFETY: all are valid places; the old mask is put back. The new thread takes what is handed to it, or, if there is none, nobody has.
    unsafe {
        let mut all = std::mem::zeroed();
        let mut old: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        // They look at the recording, which somebody may cut: with the signal blocked that would be the end of the process.
        libc::sigdelset(&raw mut all, libc::SIGBUS);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut old);
        let mut attributes: libc::pthread_attr_t = std::mem::zeroed();
        libc::pthread_attr_init(&raw mut attributes);
        libc::pthread_attr_setstacksize(&raw mut attributes, STACK);
        libc::pthread_attr_setdetachstate(&raw mut attributes, libc::PTHREAD_CREATE_DETACHED);
        let mut thread = std::mem::zeroed();
        IS_STARTING.set(true);
        // Relaxed: as in `count`.
        COUNT.fetch_add(1, Ordering::Relaxed);
        let made = libc::pthread_create(&raw mut thread, &raw const attributes, run, start.cast());
        IS_STARTING.set(false);
        libc::pthread_attr_destroy(&raw mut attributes);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const old, std::ptr::null_mut());
        if made != 0 {
            COUNT.fetch_sub(1, Ordering::Relaxed);
            drop(Box::from_raw(start));
        }
        made == 0
    }
}

extern "C" fn run(start: *mut libc::c_void) -> *mut libc::c_void {
    // SAFETY: what `start` has handed over, to this thread alone.
    let first = unsafe { (*start.cast::<Start>()).first };
    first();
    // SAFETY: as above; only now, since it is given back to the program's allocator.
    let Start { name, body, .. } = *unsafe { Box::from_raw(start.cast::<Start>()) };
    #[cfg(target_os = "linux")]
    // SAFETY: the thread's own name, which ends with a zero.
    unsafe {
        libc::prctl(libc::PR_SET_NAME, name.as_ptr());
    }
    #[cfg(target_vendor = "apple")]
    // SAFETY: as above.
    unsafe {
        libc::pthread_setname_np(name.as_ptr());
    }
    _ = name;
    // What it says has been said; the program goes on.
    _ = catch_unwind(AssertUnwindSafe(body));
    // Relaxed: as in `count`.
    COUNT.fetch_sub(1, Ordering::Relaxed);
    std::ptr::null_mut()
}
