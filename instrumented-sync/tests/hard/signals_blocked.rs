//! A program that blocks signals, as one that waits for them in a thread of its own, and whose stack has what libc left there when a
//! handler was set: the address where handlers return to.
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::sync::Mutex;
use std::thread;

static LEDGER: Mutex<u64> = Mutex::new(0);
static AUDIT: Mutex<u64> = Mutex::new(0);

const SIG_BLOCK: i32 = 0;
const SIGUSR1: i32 = 10;

/// As libc has it.
#[repr(C)]
struct Action {
    handler: extern "C" fn(i32),
    mask: [u64; 16],
    flags: i32,
    restorer: usize,
}

unsafe extern "C" {
    fn sigfillset(set: *mut [u64; 16]) -> i32;
    fn pthread_sigmask(how: i32, new: *const [u64; 16], old: *mut [u64; 16]) -> i32;
    fn sigaction(number: i32, new: *const Action, old: *mut Action) -> i32;
}

extern "C" fn handler(_: i32) {}

#[inline(never)]
fn set_handler() {
    let action = Action { handler, mask: [0; 16], flags: 0, restorer: 0 };
    // SAFETY: the action is as large as the system's, and its handler does nothing.
    assert_eq!(unsafe { sigaction(SIGUSR1, &action, std::ptr::null_mut()) }, 0);
}

/// Nests two locks above what is left of earlier calls.
#[inline(never)]
fn nest(outer: &Mutex<u64>, inner: &Mutex<u64>) {
    let mut space = MaybeUninit::<[u64; 1024]>::uninit();
    black_box(&mut space);
    let mut outer = outer.lock().unwrap();
    *outer += *inner.lock().unwrap();
}

fn main() {
    let mut all = [0; 16];
    // SAFETY: the set is as large as the system's; the mask is this thread's, and its children's.
    unsafe {
        sigfillset(&mut all);
        assert_eq!(pthread_sigmask(SIG_BLOCK, &all, std::ptr::null_mut()), 0);
    }
    for (outer, inner) in [(&LEDGER, &AUDIT), (&AUDIT, &LEDGER)] {
        let nests = move || {
            set_handler();
            nest(outer, inner);
        };
        thread::spawn(nests).join().unwrap();
    }
}
