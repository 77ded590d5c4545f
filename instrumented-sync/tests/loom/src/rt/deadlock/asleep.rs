//! The kernel.

use crate::rt::shared::board::Slot;

/// Only asked of queued writers, of which there are none here.
pub(crate) fn sleeps_on(_slot: Slot) -> bool {
    false
}
