//! What stand-ins for other people's channels and parkers tell the runtime: what one thread waits for, and others give. And what the
//! stand-in for std tells of panics.
//!
//! Not for programs, as [`raw`](crate::raw), which is for locks.

mod channel;
mod panics;
mod parker;
mod piped;
mod told;
mod waits;

pub use channel::{Channel, End, Packet};
pub use panics::set_hook;
pub use parker::Parker;
pub use piped::{Ended, Piped};
pub use told::Told;
pub use waits::Waits;
