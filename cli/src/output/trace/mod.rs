//! Timelines for viewers of traces: threads and tasks with their waits, locks with who held them, and what ended each wait.

mod chrome;
mod firefox;
mod perfetto;
mod processes;

pub(super) use chrome::render as chrome;
pub(super) use firefox::render as firefox;
pub(super) use perfetto::render as perfetto;
