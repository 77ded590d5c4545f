//! A schedule: which thread of a program goes on at each of its synchronisations, chosen by us.
//!
//! The command writes what is to be done into a file ([`Plan`]), the runtime of the program maps it, does so, and notes what it did, which the
//! command reads afterwards ([`Outcome`]). What a process of any kind leaves in it is readable: a step is noted before it is made.
//!
//! Nothing in the file is trusted by either side: offsets are looked at, what is cut is short.

pub mod layout;
mod outcome;
mod plan;
mod segments;

pub use outcome::{Outcome, State, Step};
pub use plan::{Options, Plan, Strategy};
pub use segments::{Segment, segments};
