//! Futures that a task polls in turn are told apart.

extern crate std as shadow;

pub mod selecting;

pub use self::shadow::__syncscope::instrumented_sync::raw::arm::{
    Arm, Beside, select_is_pending, select_may_end_in_time,
};
