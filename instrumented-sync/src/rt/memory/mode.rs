//! Whether all accesses are checked.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

/// The program was not compiled for it, or has done nothing yet.
const UNUSED: u8 = 0;
const ON: u8 = 1;
/// No more: an order could not be kept, or there is no memory.
const ENDED: u8 = 2;

static MODE: AtomicU8 = AtomicU8::new(UNUSED);

/// Not now, see `sampling`.
#[cfg(feature = "accesses")]
static IS_PAUSED: AtomicBool = AtomicBool::new(false);
static IS_SAMPLED: AtomicBool = AtomicBool::new(false);

/// Why it has ended; the first reason counts.
static REASON: AtomicU8 = AtomicU8::new(0);

/// Why accesses are no longer checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Reason {
    /// The system gives no memory.
    Memory = 1,
    /// A signal handler synchronised in the middle of a check.
    Handler = 2,
    /// The process is the child of a fork.
    Fork = 3,
}

/// Whether accesses are checked now.
#[inline(always)]
pub(crate) fn is_on() -> bool {
    // Relaxed: an access is ordered before a release by its own thread, and who acquires that sees the flag too.
    MODE.load(Ordering::Relaxed) == ON
}

/// Whether loads and stores are left out now. All that orders is followed.
#[cfg(feature = "accesses")]
#[inline(always)]
pub(crate) fn is_paused() -> bool {
    // Relaxed: any of them may be left out.
    IS_PAUSED.load(Ordering::Relaxed)
}

/// They are, or are no more.
#[cfg(feature = "accesses")]
#[cold]
pub(super) fn pause(begins: bool) {
    // Relaxed: as in `is_paused`.
    IS_PAUSED.store(begins, Ordering::Relaxed);
}

/// Whether loads and stores are left out for a part of the time.
#[inline]
pub(super) fn is_sampled() -> bool {
    // Relaxed: set before the first access is checked.
    IS_SAMPLED.load(Ordering::Relaxed)
}

/// They are.
#[cfg(feature = "accesses")]
#[cold]
pub(super) fn sample() {
    // Relaxed: as in `is_sampled`.
    IS_SAMPLED.store(true, Ordering::Relaxed);
}

/// The first access: from now on. `false` when it has ended.
#[cold]
pub(crate) fn turn_on() -> bool {
    // SeqCst: pairs with the fence in the beat's `run`: either it finds this, or it is stopped after this. Relaxed where it fails: as in `is_on`.
    MODE.compare_exchange(UNUSED, ON, Ordering::SeqCst, Ordering::Relaxed) != Err(ENDED)
}

/// No more.
#[cold]
pub(crate) fn end(reason: Reason) {
    // Relaxed: for a note at the end.
    _ = REASON.compare_exchange(0, reason as u8, Ordering::Relaxed, Ordering::Relaxed);
    MODE.store(ENDED, Ordering::Relaxed);
}

impl Reason {
    /// In words, for the report.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Memory => "accesses to memory were no longer checked: there was no memory for it",
            Self::Handler => {
                "accesses to memory were no longer checked: a signal handler synchronised in the middle of a check"
            }
            Self::Fork => "accesses to memory are not checked in the child of a fork",
        }
    }
}

/// Why it has ended, if it was on before.
#[cold]
pub(crate) fn reason() -> Option<Reason> {
    // Relaxed: as in `end`.
    match REASON.load(Ordering::Relaxed) {
        1 => Some(Reason::Memory),
        2 => Some(Reason::Handler),
        3 => Some(Reason::Fork),
        _ => None,
    }
}
