//! Tracked cells: [`UnsafeCell`] with the closure API that users of loom know.
//!
//! Each access is checked for being ordered with the other threads' accesses, by everything of this crate that orders:
//! locks, condition variables, channels, barriers, `Once` and its family, spawn, join, scopes, park, and the atomics of
//! [`ext::atomic`](crate::ext::atomic). With the feature `instrument` off a cell is [`std::cell::UnsafeCell`] with another
//! API, and costs nothing.
//!
//! # Examples
//!
//! A flag that publishes a value:
//!
//! ```
//! use instrumented_sync::cell::UnsafeCell;
//! use instrumented_sync::ext::atomic::{AtomicBool, Ordering};
//! use instrumented_sync::thread;
//!
//! struct Slot {
//!     value: UnsafeCell<u64>,
//!     is_full: AtomicBool,
//! }
//!
//! // SAFETY: the value is written before the flag is set, and read after.
//! unsafe impl Sync for Slot {}
//!
//! static SLOT: Slot = Slot { value: UnsafeCell::new(0), is_full: AtomicBool::new(false) };
//!
//! let writer = thread::spawn(|| {
//!     // SAFETY: nobody reads before the flag is set.
//!     SLOT.value.with_mut(|value| unsafe { *value = 7 });
//!     SLOT.is_full.store(true, Ordering::Release); // with `Relaxed` a data race is reported
//! });
//! while !SLOT.is_full.load(Ordering::Acquire) {
//!     std::hint::spin_loop();
//! }
//! // SAFETY: nobody writes after the flag was set.
//! assert_eq!(SLOT.value.with(|value| unsafe { *value }), 7);
//! writer.join().unwrap();
//! ```

mod pointer;
mod track;
mod unsafe_cell;

pub use pointer::{ConstPtr, MutPtr};
pub(crate) use track::Track;
pub use unsafe_cell::UnsafeCell;
