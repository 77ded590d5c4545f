//! A lock for a few instructions, which nobody waits for in the kernel.

use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicBool, Ordering};

/// Rounds before the thread lets others run.
const ROUNDS: u32 = 64;

/// Waits a moment for another thread.
#[cold]
pub(super) fn pause(round: &mut u32) {
    *round += 1;
    if *round < ROUNDS {
        std::hint::spin_loop();
    } else {
        // SAFETY: has no preconditions.
        unsafe { libc::sched_yield() };
    }
}

/// A value behind a lock. Whoever holds it calls nothing that may take it again, signal handlers included: see `Accessor::is_busy`.
#[derive(Debug, Default)]
pub(super) struct Spin<T> {
    is_held: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached by one thread at a time.
unsafe impl<T: Send> Sync for Spin<T> {}

impl<T> Spin<T> {
    pub(super) const fn new(value: T) -> Self {
        Self { is_held: AtomicBool::new(false), value: UnsafeCell::new(value) }
    }

    pub(super) fn with<R>(&self, body: impl FnOnce(&mut T) -> R) -> R {
        let mut round = 0;
        // Acquire: pairs with the Release below.
        while self.is_held.swap(true, Ordering::Acquire) {
            pause(&mut round);
        }
        // SAFETY: the flag was ours to set, so nobody else is here.
        let result = body(unsafe { &mut *self.value.get() });
        // Release: what was done is seen by the next.
        self.is_held.store(false, Ordering::Release);
        result
    }
}
