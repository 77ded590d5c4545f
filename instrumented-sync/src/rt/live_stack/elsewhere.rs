//! Elsewhere the kernel does not tell enough of a thread to ask it.

use super::super::board::{Slot, WaitEntry};
use super::super::runtime::Runtime;

/// There is no handler.
pub(in super::super) fn is_ours(_: libc::sighandler_t) -> bool {
    false
}

/// Takes none; says that there is nothing to wait for.
pub(in super::super) fn take(_: &Runtime, _: &[(Slot, WaitEntry)]) -> bool {
    true
}
