//! Waits that are published already, as waits for something else.

use std::cell::Cell;

thread_local! {
    /// How many such waits the thread is in.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// While the value lives, the thread parks for what was published: parkers are not told as well.
#[must_use]
#[derive(Debug)]
pub struct Told(());

impl Told {
    /// From here on.
    pub fn begin() -> Self {
        DEPTH.set(DEPTH.get() + 1);
        Self(())
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

/// Whether the wait of the calling thread is published already.
pub(super) fn is_told() -> bool {
    DEPTH.get() > 0
}
