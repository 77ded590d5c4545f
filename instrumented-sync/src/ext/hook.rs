//! What the primitives here tell the runtime: its hooks, or with the feature `instrument` off, functions that do nothing.

use crate::limits::Limit;

#[cfg(not(feature = "instrument"))]
#[path = "hook_off.rs"]
mod real;
#[cfg(feature = "instrument")]
#[path = "hook_on.rs"]
mod real;

pub(super) use real::*;

/// A wait as it is published: with a limit it ends by itself.
pub(super) fn kind(kind: u32, limit: Limit) -> u32 {
    if matches!(limit, Limit::Never) { kind } else { kind | wait::TIMED }
}
