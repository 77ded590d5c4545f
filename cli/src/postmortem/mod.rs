//! The state of a process at its end, or now: what each thread holds and waits for, who keeps whom waiting, and what was done last.

mod call;
mod end;
mod event;
mod objects;
mod thread;
mod waits;

pub use end::{End, Look, end};
pub use event::LastEvent;
pub use objects::EVENTS_LOOKED_AT;
pub use thread::{Hold, Holder, ThreadEnd, Wait};
pub use waits::{Edge, Waits};
