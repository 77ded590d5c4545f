//! The state of a process at the end of its recording: what each thread held and waited for, and what it did last.

mod end;
mod event;
mod objects;

pub use end::{End, Hold, Holder, ThreadEnd, Wait, end};
pub use event::LastEvent;
