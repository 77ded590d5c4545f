//! Jobs of thread pools: which of them may run while a lock is held over a wait for jobs.
//!
//! It is driven by calls, as [`crate::race`] is: the runtime calls it while the program runs. There is no global state and no
//! lock in it. Whoever drives it keeps one [`Uses`] for each lock, and gives each use a [`Moment`].
//!
//! Which job runs on which worker is the schedule's choice, so the order of a worker's jobs is none. What orders jobs is who
//! handed them out, and who waits for them: see `path`. Of calls of different threads it is what
//! [`crate::must_order`] says of these threads. Where it is not known which of two came first, they may meet.

mod moment;
mod path;
mod uses;

pub use moment::{Held, Lineage, Moment, Order, Origin};
pub use path::{Step, are_waited_for, never_meet};
pub use uses::{Use, Uses};
