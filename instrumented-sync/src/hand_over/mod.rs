//! What stand-ins for other people's channels and parkers tell the runtime: what one thread waits for, and others give.
//!
//! Not for programs, as [`raw`](crate::raw), which is for locks.

mod channel;
mod parker;
mod piped;
mod told;
mod waits;

pub use channel::{Channel, End, Packet};
pub use parker::Parker;
pub use piped::{Ended, Piped};
pub use told::Told;
pub use waits::Waits;
