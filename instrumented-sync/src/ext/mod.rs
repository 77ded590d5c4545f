//! What std does not have.
//!
//! Everything here compiles, and does what it says, with the feature `instrument` on and off.

#[cfg(feature = "subscriber")]
mod subscriber;

#[cfg(feature = "subscriber")]
pub use subscriber::init_tracing;
