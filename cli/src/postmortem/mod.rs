//! The state of a process at its end, or now: what each thread holds and waits for, who keeps whom waiting, and what was done last.

mod end;
mod event;
mod objects;
mod panics;
mod thread;
mod waits;
mod when;

pub(crate) use end::now;
pub use end::{End, Look, end};
pub(crate) use event::words;
pub use event::{LastEvent, events_for};
pub(crate) use objects::Objects;
pub use panics::Panicked;
pub use thread::{Hold, Holder, Polled, ThreadEnd, Wait};
pub use waits::{By, Edge, Waits};
pub use when::Known;
pub(crate) use when::{Takes, Timed, last_of as events_of};
