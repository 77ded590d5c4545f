//! Contention: how often locks were acquired, how long they were held and waited for, and who was in the way.
//!
//! [`contention`] adds up what all recordings have measured. It judges nothing. Waits are all there; acquisitions and holds are samples where
//! a thread acquires often, so their counts are estimates with an [error](Estimate::error), and what is rare may be missing.

mod gather;
mod histogram;
mod model;
mod times;

pub use gather::contention;
pub use histogram::Histogram;
pub use model::{
    Contention, Holder, LockContention, Meanwhile, PlaceContention, ThreadPair, UsedAt, Waiter,
};
pub use times::{Estimate, Times};
