//! What std does not have: the textbook's other primitives, timed acquisition, names and a declared order.
//!
//! Everything here compiles, and does what it says, with the feature `instrument` on and off. On, it is recorded and
//! checked like the rest of the crate; off, it is a plain implementation over std, with nothing recorded and no
//! dependencies. `docs/primitives.md` tells which primitive is for what.
//!
//! - Primitives: [`Semaphore`], [`Lock`], [`ReentrantLock`], [`Event`], [`Queue`]. None promises fairness: of several
//!   threads that wait, any may go first.
//! - Timed acquisition, as traits for std's types and ours: [`TimedMutex`], [`TimedRwLock`].
//! - For tests: [`testing`] asserts the order of locks, and what was found.
//! - For the check of all accesses: [`racy`] marks those that race on purpose.
//! - For reports: [`named`] gives an object a name, [`declare_order`] says in which order names are to be locked.

pub mod atomic;
mod event;
mod gate;
mod hook;
mod lock;
mod monitor;
mod named;
mod order;
mod queue;
mod queue_error;
mod racy;
mod reentrant_lock;
mod semaphore;
mod shared;
#[cfg(feature = "subscriber")]
mod subscriber;
pub mod testing;
mod timed;
#[cfg(feature = "instrument")]
mod timed_mirrors;

pub use event::Event;
pub use lock::{Lock, LockGuard};
pub use named::{Nameable, named};
pub use order::declare_order;
pub use queue::Queue;
pub use queue_error::{Empty, Full};
pub use racy::racy;
pub use reentrant_lock::{ReentrantLock, ReentrantLockGuard};
pub use semaphore::{Permit, Semaphore};
pub use shared::Shared;
#[cfg(feature = "instrument")]
#[doc(hidden)]
pub use shared::Tracked;
#[cfg(feature = "subscriber")]
pub use subscriber::init_tracing;
pub use timed::{TimedMutex, TimedRwLock};

#[cfg(feature = "instrument")]
pub(crate) use named::identity;
