//! What is known of all threads, under a lock of its own.

use super::calls::real;
use super::shared::Shared;
use super::thread::Thread;
use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicU32, Ordering};

/// Threads that one process may have had.
pub(super) const MOST: usize = 4096;

/// All of it.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) threads: [Thread; MOST],
    pub(super) count: usize,
    /// Whose turn it is; none when all wait.
    pub(super) current: Option<usize>,
    pub(super) shared: Shared,
    /// What has gone by on the program's clock, in nanoseconds.
    pub(super) elapsed: u64,
    /// For chance.
    pub(super) random: u64,
    /// The next priority below all others.
    pub(super) lowest: u64,
    /// Steps of the current thread in a row, while others could have gone on.
    pub(super) in_a_row: u32,
    /// Of what is followed: which segment, and the steps of it that were made.
    pub(super) segment: usize,
    pub(super) made: u32,
    /// Where the next choice of who is woken is looked for.
    pub(super) choice: usize,
    /// Steps that may have changed something: all but looks for what comes from outside.
    pub(super) progress: u64,
}

/// The one there is.
struct Cell {
    is_taken: AtomicU32,
    gate: UnsafeCell<Gate>,
}

// SAFETY: whoever uses the value has taken the lock beside it.
unsafe impl Sync for Cell {}

static GATE: Cell = Cell {
    is_taken: AtomicU32::new(0),
    gate: UnsafeCell::new(Gate {
        threads: [const { Thread::new() }; MOST],
        count: 0,
        current: None,
        shared: Shared::none(),
        elapsed: 0,
        random: 0,
        lowest: 0,
        in_a_row: 0,
        segment: 0,
        made: 0,
        choice: 0,
        progress: 0,
    }),
};

/// Exclusive use of the gate. std's own locks would come back to the gate.
#[derive(Debug)]
pub(super) struct Locked(());

/// Waits until nobody else uses it. That is never long: who has it calls nothing.
pub(super) fn lock() -> Locked {
    loop {
        if let Some(locked) = try_lock() {
            return locked;
        }
        real::yield_now();
    }
}

/// The same, if nobody else uses it.
pub(super) fn try_lock() -> Option<Locked> {
    // Acquire: pairs with the release in `drop`.
    let is_free =
        GATE.is_taken.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed).is_ok();
    // Made only where it is: dropped, it would let others in.
    is_free.then(|| Locked(()))
}

impl std::ops::Deref for Locked {
    type Target = Gate;

    fn deref(&self) -> &Gate {
        // SAFETY: this value is the lock.
        unsafe { &*GATE.gate.get() }
    }
}

impl std::ops::DerefMut for Locked {
    fn deref_mut(&mut self) -> &mut Gate {
        // SAFETY: as above.
        unsafe { &mut *GATE.gate.get() }
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        // Release: pairs with the acquire in `try_lock`.
        GATE.is_taken.store(0, Ordering::Release);
    }
}

/// The words by which threads are told that it is their turn: beside the gate, since they are used without its lock.
static TURNS: [AtomicU32; MOST] = [const { AtomicU32::new(0) }; MOST];

/// That of one thread.
pub(super) fn turn(index: usize) -> &'static AtomicU32 {
    &TURNS[index]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_finds_it_taken_does_not_let_others_in() {
        let held = lock();
        for _ in 0..2 {
            assert!(try_lock().is_none());
        }
        drop(held);
        assert!(try_lock().is_some());
    }
}
