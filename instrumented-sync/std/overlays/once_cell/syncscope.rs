//! What cells tell the runtime.

extern crate std as shadow;

pub(crate) use shadow::__syncscope::instrumented_sync::raw::{Identity, park_unseen, site};
