//! The state of a process at its end, or now.

mod interrupted;
mod losses;
mod state;
pub(super) mod threads;

pub(super) use interrupted::interrupted;
pub(super) use state::render;
