//! Whether races are looked for.

use std::sync::atomic::{AtomicU8, Ordering};
use syncscope_recording::layout::{header, log};
use syncscope_recording::writer::LogRecord;

static STATE: AtomicU8 = AtomicU8::new(UNUSED);

/// Nothing was tracked yet.
const UNUSED: u8 = 0;
/// Something was.
const ON: u8 = 1;
/// No more: an order was lost, and without it verdicts could be wrong.
const GIVEN_UP: u8 = 2;

/// Whether hooks have something to do.
#[inline]
pub(in super::super) fn is_on() -> bool {
    // Relaxed: an access is ordered before a release by its own thread, and who acquires that sees the flag too.
    STATE.load(Ordering::Relaxed) == ON
}

/// Whether nothing was tracked yet.
#[cold]
pub(in super::super) fn is_untouched() -> bool {
    // Relaxed: as in `is_on`.
    STATE.load(Ordering::Relaxed) == UNUSED
}

/// Something is tracked: from now on orders are kept. `false` when that has been given up.
#[inline]
pub(super) fn enable() -> bool {
    is_on() || enable_first()
}

#[cold]
fn enable_first() -> bool {
    // Relaxed: as in `is_on`.
    let before = STATE.compare_exchange(UNUSED, ON, Ordering::SeqCst, Ordering::Relaxed);
    super::super::beat::stop_for_race();
    before != Err(GIVEN_UP)
}

/// An order could not be kept. Verdicts that were given stand; there will be no more.
#[cold]
pub(super) fn give_up() {
    // Relaxed: as in `is_on`.
    if STATE.swap(GIVEN_UP, Ordering::Relaxed) == ON
        && let Some(runtime) = super::super::runtime::started()
    {
        let text = "races were no longer looked for: an order between threads could not be kept";
        runtime.file.append(LogRecord::new(log::NOTE).u32(0).string(text));
        runtime.file.count(header::LOST_RECORDS, 1);
    }
}

/// In the child of a fork: cells remember the parent's threads, so nothing could be said of them here.
pub(in super::super) fn forget() {
    // Relaxed: the child has one thread.
    if STATE.load(Ordering::Relaxed) == ON {
        STATE.store(GIVEN_UP, Ordering::Relaxed);
    }
}
