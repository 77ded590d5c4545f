//! The state of a process at its end, or now.

mod interrupted;
mod losses;
mod state;
mod threads;
mod waits;
mod when;

pub(super) use interrupted::interrupted;
pub(super) use state::render;
