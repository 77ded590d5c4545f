//! What one-time initialisations tell the runtime.

pub(crate) use std::__syncscope::instrumented_sync::raw::{Identity, site};
