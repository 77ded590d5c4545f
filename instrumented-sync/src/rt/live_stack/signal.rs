//! The signal that asks: a real-time one that the program does not use.

use super::request;
use crate::rt::machine::signals;
use std::sync::atomic::{AtomicI32, Ordering};

/// The number, while the handler stays installed since somebody has not answered; 0 without.
static KEPT: AtomicI32 = AtomicI32::new(0);

/// The handler is installed; the default is put back when this is dropped.
#[derive(Debug)]
pub(crate) struct Installed {
    pub(crate) number: libc::c_int,
}

impl Installed {
    /// Installs the handler. `None` when the program uses all numbers.
    pub(crate) fn new() -> Option<Self> {
        // Relaxed: only the one thread that asks reads and writes it.
        let kept = KEPT.load(Ordering::Relaxed);
        if kept != 0 {
            return is_ours(kept).then_some(Self { number: kept });
        }
        // Programs begin at the lowest.
        (libc::SIGRTMIN()..=libc::SIGRTMAX()).rev().find_map(Self::at)
    }

    fn at(number: libc::c_int) -> Option<Self> {
        if handler_of(number) != Some(libc::SIG_DFL) {
            return None;
        }
        // SAFETY: zeroed is a valid `sigaction`; the handler has the right signature and touches only what a handler may.
        let before = unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = request::handle as *const () as libc::sighandler_t;
            // The thread's own stack has room: see `room`.
            action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART;
            libc::sigfillset(&raw mut action.sa_mask);
            // A fault while its signal is blocked would end the process; one in the recording is mended.
            for fault in [libc::SIGBUS, libc::SIGSEGV, libc::SIGILL, libc::SIGFPE, libc::SIGTRAP] {
                libc::sigdelset(&raw mut action.sa_mask, fault);
            }
            exchange(number, &action)
        }?;
        if before.sa_sigaction != libc::SIG_DFL {
            // The program was quicker.
            exchange(number, &before);
            return None;
        }
        Some(Self { number })
    }

    /// Somebody has not answered: without a handler, the signal would end the process when it comes.
    pub(crate) fn keep(&self) {
        // Relaxed: as in `new`.
        KEPT.store(self.number, Ordering::Relaxed);
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        // Relaxed: as in `new`.
        if KEPT.load(Ordering::Relaxed) == self.number {
            return;
        }
        // SAFETY: zeroed is a valid `sigaction`: the default.
        let default: libc::sigaction = unsafe { std::mem::zeroed() };
        if let Some(before) = exchange(self.number, &default)
            && before.sa_sigaction != request::handle as *const () as libc::sighandler_t
        {
            // The program has put its own there meanwhile.
            exchange(self.number, &before);
        }
    }
}

fn is_ours(number: libc::c_int) -> bool {
    handler_of(number) == Some(request::handle as *const () as libc::sighandler_t)
}

fn exchange(number: libc::c_int, action: &libc::sigaction) -> Option<libc::sigaction> {
    // SAFETY: zeroed is a valid `sigaction`; both places are valid.
    unsafe {
        let mut before: libc::sigaction = std::mem::zeroed();
        let code = libc::sigaction(number, std::ptr::from_ref(action), &raw mut before);
        (code == 0).then_some(before)
    }
}

/// The handler of a signal; `None` for a number that is not to be had.
fn handler_of(number: libc::c_int) -> Option<libc::sighandler_t> {
    signals::handler_of(number)
}
