//! Whether a signal handler runs; and signals that wait.

use super::own_stack;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// Whether this thread runs a signal handler now. On an alternate stack it does. Else a signal is blocked while its handler runs, but for
/// those that ask otherwise; so this costs little where nothing is blocked. Then it looks for the frame that the
/// kernel puts under a handler's: an address in libc where the handler returns to, and the registers that are to be restored. The
/// address alone may lie anywhere: libc has it on its stack whenever it sets a handler. The frame is not found under a handler that takes
/// more than [`LOOKED_AT`]; and what an earlier handler left behind may look the same.
///
/// In a handler there may be hardly any stack left, so nothing here takes much of it: sets of signals as the kernel has them, and no
/// iterators, whose frames are large without optimisation.
#[cold]
#[inline(never)]
pub(crate) fn runs() -> bool {
    let at = 0_usize;
    let here = (&raw const at).addr();
    let end = own_stack::end_behind(here);
    if end.is_none() && own_stack::is_on_alternate(here) {
        return true;
    }
    CAN_TELL && blocks_some() && has_frame(here, end)
}

/// Whether the kernel's frames are known.
const CAN_TELL: bool = cfg!(all(target_os = "linux", target_arch = "x86_64"));

/// Whether the kernel has put a handler's frame behind this address, on the stack that ends there if that is known.
fn has_frame(here: usize, end: Option<usize>) -> bool {
    let Some(way_back) = way_back() else { return false };
    let last = end.map_or(usize::MAX, |end| end - FRAME).min(here.saturating_add(LOOKED_AT));
    // Of an unknown stack only what is near is known to be readable.
    let mut readable_until = end.unwrap_or(here);
    // Where a function is entered the stack pointer is so, by the ABI; and the address is the first thing there.
    let mut at = (here | (ALIGNED - 1)) + 1 + 8;
    while at <= last {
        // The frame is read as far as it is looked at.
        if at + FRAME > readable_until {
            let page = (at + FRAME) & !(PAGE - 1);
            if page > here && !is_readable(page) {
                return false;
            }
            readable_until = page + PAGE;
        }
        // SAFETY: readable, as was asked for or as the thread's own stack is; aligned by the steps. Volatile, since others may write to it.
        let word = |index: usize| unsafe { (at as *const usize).add(index).read_volatile() };
        // Flags of which three are known, no link, and the code segment of programs, which is the same for all.
        if word(0) == way_back
            && word(1) < 8
            && word(2) == 0
            && word(CODE_SEGMENT) as u16 == USER_CODE
        {
            return true;
        }
        at += ALIGNED;
    }
    false
}

/// Bytes of the stack in which a handler's frame is looked for.
const LOOKED_AT: usize = 32 << 10;
const PAGE: usize = 4096;
/// What the stack pointer is a multiple of before a call.
const ALIGNED: usize = 16;
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
    let mut signal = 1;
    while signal <= 64 {
        if let Some(found) = way_back_of(signal) {
            KNOWN.store(found, Ordering::Relaxed);
            return Some(found);
        }
        signal += 1;
    }
    None
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

/// Whether this thread blocks a signal.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn blocks_some() -> bool {
    let mut blocked = 0_u64;
    // SAFETY: without a new set the call only fills the place, which is as large as it is told.
    let code = unsafe {
        libc::syscall(
            libc::SYS_rt_sigprocmask,
            libc::SIG_BLOCK,
            std::ptr::null::<u64>(),
            &raw mut blocked,
            size_of::<u64>(),
        )
    };
    code == 0 && blocked != 0
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn blocks_some() -> bool {
    false
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
