//! Elsewhere the kernel does not tell enough of a thread to ask it.

use crate::rt::shared::board::{Slot, WaitEntry};
use crate::rt::shared::runtime::Runtime;

/// This system has no handler.
pub(crate) fn is_ours(_: libc::sighandler_t) -> bool {
    false
}

/// Takes none; says that there is nothing to wait for.
pub(crate) fn take(_: &Runtime, _: &[(Slot, WaitEntry)]) -> bool {
    true
}
