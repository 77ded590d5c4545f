//! The race engine: which conflicting accesses are not ordered.
//!
//! It is driven by calls, and knows nothing of how they come about: the runtime calls it while the program runs, tests
//! call it with traces. There is no global state and no lock in it. Whoever drives it keeps
//!
//! - one [`Thread`] for each thread, touched by that thread only;
//! - one [`LockOrder`], [`HandOff`], [`Meeting`] or [`AtomicOrder`] for each object, touched by one thread at a time;
//! - one [`Place`] for each tracked place, likewise; [`Place::covers`] lets the driver skip what is known already;
//! - one [`Slots`] for all threads.
//!
//! Happens-before decides: FastTrack epochs (Flanagan and Freund, 2009) over vector clocks. Each clock comes twice: the
//! *full* one knows every edge, the *hard* one only those that no other schedule reverses, which leaves out critical
//! sections. Two conflicting accesses that the full clock does not order are a race. Two that only the full clock orders
//! owe their order to a lock; if that lock has nothing to do with either of them, they were lucky (Eraser's lock sets;
//! Savage et al., 1997).

mod atomic;
mod clock;
mod guard;
mod lock;
mod lock_set;
mod meeting;
mod place;
mod slots;
mod thread;

pub use atomic::{AtomicOrder, Publication};
pub use clock::{Clock, Clocks, Epoch, Stamp};
pub use guard::Majority;
pub use lock::{HandOff, LockOrder};
pub use lock_set::{HeldLock, LockSet, have_common};
pub use meeting::Meeting;
pub use place::{Access, Conflict, ConflictKind, Place};
pub use slots::Slots;
pub use thread::Thread;
