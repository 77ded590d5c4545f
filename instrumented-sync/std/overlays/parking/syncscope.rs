//! What parkers tell the runtime.

pub(crate) use std::__syncscope::instrumented_sync::hand_over::Parker;
pub(crate) use std::__syncscope::instrumented_sync::raw::{Site, plain, site};
