//! Whether races are looked for.

use std::sync::atomic::{AtomicU8, Ordering};

static STATE: AtomicU8 = AtomicU8::new(UNUSED);

/// Nothing was tracked yet.
const UNUSED: u8 = 0;
/// Something was.
const ON: u8 = 1;
/// No more: an order was lost, and without it verdicts could be wrong.
const GIVEN_UP: u8 = 2;

/// Whether hooks have something to do.
#[inline]
pub(crate) fn is_on() -> bool {
    // Relaxed: an access is ordered before a release by its own thread, and who acquires that sees the flag too.
    STATE.load(Ordering::Relaxed) == ON
}

/// Whether nothing was tracked yet.
#[cold]
pub(crate) fn is_untouched() -> bool {
    // Relaxed: as in `is_on`.
    STATE.load(Ordering::Relaxed) == UNUSED
}

/// Something is tracked. `false` when looking for races has been given up.
#[cold]
pub(crate) fn turn_on() -> bool {
    // SeqCst: pairs with the fence in the beat's `run`: either it finds this, or it is stopped after this. Relaxed where it fails: as in `is_on`.
    STATE.compare_exchange(UNUSED, ON, Ordering::SeqCst, Ordering::Relaxed) != Err(GIVEN_UP)
}

/// An order could not be kept. Gives whether races were looked for until now.
#[cold]
pub(crate) fn give_up() -> bool {
    // Relaxed: as in `is_on`.
    STATE.swap(GIVEN_UP, Ordering::Relaxed) == ON
}

/// In the child of a fork: cells remember the parent's threads, so nothing could be said of them here.
pub(crate) fn forget() {
    // Relaxed: the child has one thread.
    if STATE.load(Ordering::Relaxed) == ON {
        STATE.store(GIVEN_UP, Ordering::Relaxed);
    }
}
