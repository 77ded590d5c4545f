//! Locks of the runtime's own are never waited for without end.

use std::sync::{Mutex, MutexGuard, TryLockError};

/// Tries before giving up: with a yield each, some tens of milliseconds on a busy machine.
const TRIES: u32 = 20_000;

/// Locks `mutex`, or gives up after some tens of milliseconds.
///
/// The caller then drops what it wanted to store and counts the loss. The reason is the program's global allocator: it
/// may use an instrumented lock. A thread that allocates while it holds a lock of ours waits for the allocator; the
/// thread inside the allocator may want that lock of ours. One of the two must give way, and it is this one.
pub fn bounded_lock<T: ?Sized>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    for attempt in 0..TRIES {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if attempt < 64 => std::hint::spin_loop(),
            Err(TryLockError::WouldBlock) => std::thread::yield_now(),
        }
    }
    None
}
