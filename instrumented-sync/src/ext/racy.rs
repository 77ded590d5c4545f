//! Races that are meant.

use super::hook;

/// Runs `body`, in which the calling thread's plain accesses to memory race on purpose.
///
/// `cargo syncscope … --races` does not check them, neither these with others nor others with these; atomics in `body` order as ever. So a reader of a seqlock
/// that throws away what a writer has changed meanwhile is no finding, and the rest of the program is checked. Keep `body` as small as the access itself.
///
/// It makes nothing sound: a race is undefined behaviour in Rust, unless the accesses are atomic.
///
/// # Panics
///
/// When `body` does.
///
/// # Cost
///
/// A call, where accesses are checked; nothing of its own elsewhere, with the feature `instrument` off or on.
///
/// # Examples
///
/// ```
/// use instrumented_sync::ext;
/// use std::cell::UnsafeCell;
/// use std::sync::atomic::{AtomicU64, Ordering, fence};
///
/// /// A value and how often it was written: odd while somebody writes it.
/// struct SeqLock {
///     version: AtomicU64,
///     value: UnsafeCell<[u64; 4]>,
/// }
///
/// impl SeqLock {
///     fn read(&self) -> [u64; 4] {
///         loop {
///             let before = self.version.load(Ordering::Acquire);
///             // SAFETY: what a writer has changed meanwhile is not used.
///             let value = ext::racy(|| unsafe { self.value.get().read_volatile() });
///             fence(Ordering::Acquire);
///             if before % 2 == 0 && self.version.load(Ordering::Relaxed) == before {
///                 return value;
///             }
///         }
///     }
/// }
/// # let lock = SeqLock { version: AtomicU64::new(2), value: UnsafeCell::new([7; 4]) };
/// # assert_eq!(lock.read(), [7; 4]);
/// ```
#[inline]
pub fn racy<R>(body: impl FnOnce() -> R) -> R {
    let _unchecked = hook::Unchecked::begin();
    body()
}
