//! A clock that goes on by sixteen at each look, so that no two events have one time.

use std::cell::Cell;

thread_local! {
    static TICKS: Cell<u64> = const { Cell::new(0) };
}

pub(crate) fn ticks() -> u64 {
    TICKS.set(TICKS.get() + 16);
    TICKS.get()
}

/// At the start of each run: the same schedule has the same times.
pub(crate) fn reset() {
    TICKS.set(0);
}
