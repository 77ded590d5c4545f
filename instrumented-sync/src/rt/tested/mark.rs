//! A thread whose nestings are looked at by itself.

use crate::rt::shared::runtime::Runtime;
use crate::rt::thread::local::Local;

/// From now on the nestings of this thread, and of those that it starts, are told apart from those of all others.
///
/// What it has been through is given to the nodes, and found anew: a node that it has shared so far names no thread.
#[cold]
pub(crate) fn keep_apart(local: &Local) -> &'static Runtime {
    if !local.is_apart.replace(true) {
        local.table.fold(local.runtime);
    }
    local.runtime
}
