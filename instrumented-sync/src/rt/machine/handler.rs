//! Whether a signal handler runs; and signals that wait.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The signals that this thread blocks, one a bit.
#[cold]
pub(crate) fn blocked() -> u64 {
    #[cfg(unix)]
    // SAFETY: the set is a valid place, which the call fills.
    unsafe {
        let mut now: libc::sigset_t = std::mem::zeroed();
        libc::pthread_sigmask(libc::SIG_BLOCK, std::ptr::null(), &raw mut now);
        bits(&now)
    }
    #[cfg(not(unix))]
    0
}

#[cfg(unix)]
fn bits(set: &libc::sigset_t) -> u64 {
    let mut bits = [0; 8];
    let len = size_of::<libc::sigset_t>().min(bits.len());
    // SAFETY: plain memory of at least that many bytes.
    unsafe { std::ptr::from_ref(set).cast::<u8>().copy_to_nonoverlapping(bits.as_mut_ptr(), len) };
    u64::from_ne_bytes(bits)
}

/// Signals wait as long as this lives.
pub(crate) struct Waiting(#[cfg(unix)] libc::sigset_t);

impl Waiting {
    #[cfg(unix)]
    pub(crate) fn begin() -> Self {
        // SAFETY: the sets are valid places, which the calls fill.
        unsafe {
            let mut all: libc::sigset_t = std::mem::zeroed();
            let mut before: libc::sigset_t = std::mem::zeroed();
            libc::sigfillset(&raw mut all);
            // What an instruction causes cannot wait: the kernel would end the process.
            for fault in [libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGSEGV, libc::SIGTRAP] {
                libc::sigdelset(&raw mut all, fault);
            }
            libc::pthread_sigmask(libc::SIG_BLOCK, &raw const all, &raw mut before);
            Self(before)
        }
    }

    #[cfg(not(unix))]
    pub(crate) fn begin() -> Self {
        Self()
    }
}

#[cfg(unix)]
impl Drop for Waiting {
    fn drop(&mut self) {
        // SAFETY: the set was filled by `begin`.
        unsafe {
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0, std::ptr::null_mut())
        };
    }
}

/// Whether this thread, which blocks these signals, runs a signal handler now. A signal is blocked while its handler runs, but for
/// those that ask otherwise; so this costs nothing where nothing is blocked. Else it looks for the frame that the
/// kernel puts under a handler's: an address in libc where the handler returns to, and the registers that are to be restored. The
/// address alone may lie anywhere: libc has it on its stack whenever it sets a handler. The frame is not found under a handler that takes
/// more than [`LOOKED_AT`]; and what an earlier handler left behind may look the same.
#[cold]
pub(crate) fn runs(blocked: u64) -> bool {
    if blocked == 0 || !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return false;
    }
    let Some(way_back) = way_back() else { return false };
    let here = std::ptr::from_ref(&way_back).addr();
    let mut readable_until = here;
    // Not by an iterator: without optimisation its frames would be more than a small stack has left.
    let mut at = here;
    while at < here + LOOKED_AT {
        // The frame is read as far as it is looked at.
        if at + FRAME >= readable_until {
            let page = (at + FRAME) & !(PAGE - 1);
            if page > here && !is_readable(page) {
                return false;
            }
            readable_until = page + PAGE;
        }
        // SAFETY: readable, as was asked for; aligned, since a reference to a word was. Volatile, since others may write to it.
        let word = |index: usize| unsafe { (at as *const usize).add(index).read_volatile() };
        // Flags of which three are known, no link, and the code segment of programs, which is the same for all.
        if word(0) == way_back
            && word(1) < 8
            && word(2) == 0
            && word(CODE_SEGMENT) as u16 == USER_CODE
        {
            return true;
        }
        at += 8;
    }
    false
}

/// Bytes of the stack in which a handler's frame is looked for.
const LOOKED_AT: usize = 32 << 10;
const PAGE: usize = 4096;
/// Words of a handler's frame before the one with the code segment: where it returns to, five of the context, and 18 registers.
const CODE_SEGMENT: usize = 24;
/// Bytes of a frame that are looked at.
const FRAME: usize = (CODE_SEGMENT + 1) * 8;
/// What the kernel has there for code of 64 bits.
const USER_CODE: u16 = 0x33;

/// Where handlers return to, once there are any.
fn way_back() -> Option<usize> {
    static KNOWN: AtomicUsize = AtomicUsize::new(0);
    // Relaxed: a number that stands for itself.
    let known = KNOWN.load(Ordering::Relaxed);
    if known != 0 {
        return Some(known);
    }
    let found = (1..=64).find_map(way_back_of)?;
    KNOWN.store(found, Ordering::Relaxed);
    Some(found)
}

/// Where the handler of a signal returns to, as the kernel knows it: libc does not tell.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn way_back_of(signal: libc::c_int) -> Option<usize> {
    const SA_RESTORER: usize = 0x0400_0000;
    // Handler, flags, where it returns to, mask.
    let mut action = [0_usize; 4];
    // SAFETY: the kernel fills the place, which is as large as it is told.
    let code = unsafe {
        libc::syscall(
            libc::SYS_rt_sigaction,
            signal,
            std::ptr::null::<usize>(),
            action.as_mut_ptr(),
            8_usize,
        )
    };
    (code == 0 && action[0] > libc::SIG_IGN && action[1] & SA_RESTORER != 0 && action[2] != 0)
        .then_some(action[2])
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn way_back_of(_: libc::c_int) -> Option<usize> {
    None
}

/// Whether there is a readable page. The kernel reads a set of signals before it looks at what is to be done with it, which is
/// nothing that there is.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn is_readable(page: usize) -> bool {
    const NOTHING: libc::c_int = -1;
    // SAFETY: nothing is written; a place that cannot be read is an error.
    let code = unsafe {
        libc::syscall(
            libc::SYS_rt_sigprocmask,
            NOTHING,
            page as *const usize,
            std::ptr::null::<usize>(),
            8_usize,
        )
    };
    // SAFETY: the place is this thread's own.
    code != 0 && unsafe { *libc::__errno_location() } != libc::EFAULT
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn is_readable(_: usize) -> bool {
    false
}
