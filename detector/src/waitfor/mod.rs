//! Who can never go on: reduction of wait-for graphs with AND, OR and k-of-n waits.
//!
//! Input is a snapshot of what each thread waits for; output is the set of threads that nobody outside of it can ever
//! wake (Holt's reduction). A cycle of mutexes is the special case in which every wait has one blocker.
//!
//! The answer is as true as the snapshot: who may wake a thread must be listed in full, and a word that changed while
//! the snapshot was taken must be read again.

mod condition;
mod reduce;

pub use condition::Condition;
pub use reduce::{Stuck, WaitGraph};
