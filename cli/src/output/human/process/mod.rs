//! The state of a process at its end, or now.

mod losses;
mod state;
mod threads;
mod waits;
mod when;

pub(super) use state::render;
