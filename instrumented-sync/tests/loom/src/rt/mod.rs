//! The runtime's own files, by rooms, and stand-ins for what they need.

mod deadlock;
mod machine;
mod object;
mod record;
mod shared;
mod thread;

mod models;
