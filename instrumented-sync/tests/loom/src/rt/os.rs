//! The kernel.

use super::board::Slot;

/// Only asked of queued writers, of which there are none here.
pub(super) fn sleeps_on(_slot: Slot) -> bool {
    false
}
