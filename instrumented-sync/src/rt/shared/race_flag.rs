//! Whether races are looked for.

use std::sync::atomic::{AtomicU8, Ordering};

static STATE: AtomicU8 = AtomicU8::new(0);

/// Something is tracked.
const TRACKING: u8 = 1;
/// What is tracked is looked at no more: an order was lost, and without it verdicts could be wrong.
const GIVEN_UP: u8 = 2;
/// Every access of the program is checked.
const ALL: u8 = 4;

/// Whether hooks have something to do.
#[inline]
pub(crate) fn is_on() -> bool {
    // Relaxed: an access is ordered before a release by its own thread, and who acquires that sees the flag too.
    STATE.load(Ordering::Relaxed) & (TRACKING | ALL) != 0
}

/// Whether something is tracked.
#[inline]
pub(crate) fn is_tracking() -> bool {
    // Relaxed: as in `is_on`.
    STATE.load(Ordering::Relaxed) & TRACKING != 0
}

/// Whether races were never looked for.
#[cold]
pub(crate) fn is_untouched() -> bool {
    // Relaxed: as in `is_on`.
    STATE.load(Ordering::Relaxed) == 0
}

/// Something is tracked. `false` when looking for races has been given up.
#[cold]
pub(crate) fn turn_on() -> bool {
    let track = |state| (state & GIVEN_UP == 0).then_some(state | TRACKING);
    // SeqCst: pairs with the fence in the beat's `run`: either it finds this, or it is stopped after this. Relaxed where it fails: as in `is_on`.
    STATE.fetch_update(Ordering::SeqCst, Ordering::Relaxed, track).is_ok()
}

/// Every access is checked from now on.
#[cfg(feature = "accesses")]
#[cold]
pub(crate) fn turn_on_all() {
    // SeqCst: as in `turn_on`.
    STATE.fetch_or(ALL, Ordering::SeqCst);
}

/// An order could not be kept. Gives whether something was tracked until now.
#[cold]
pub(crate) fn give_up() -> bool {
    let give_up = |state| Some(state & !TRACKING | GIVEN_UP);
    // Relaxed: as in `is_on`.
    STATE
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, give_up)
        .is_ok_and(|before| before & TRACKING != 0)
}

/// In the child of a fork: cells remember the parent's threads, so nothing could be said of them here.
pub(crate) fn forget() {
    // Relaxed: the child has one thread.
    if is_on() {
        STATE.store(GIVEN_UP, Ordering::Relaxed);
    }
}
