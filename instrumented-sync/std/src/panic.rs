//! `std::panic`, with a hook that also tells the recording.

pub use instrumented_sync::hand_over::set_hook;
pub use real_std::panic::*;
