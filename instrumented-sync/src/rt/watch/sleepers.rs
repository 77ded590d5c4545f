//! Tasks that went to sleep while it was not sure yet that nothing else wakes them.

use crate::rt::deadlock;
use crate::rt::shared::runtime::Runtime;

/// Looks at them again, and for the deadlocks that they have closed. Gives whether there are some to look at later.
pub(super) fn look(runtime: &Runtime) -> bool {
    for slot in runtime.sleepers.settled() {
        if deadlock::of_task(runtime, slot).is_some() {
            runtime.suspects.put(slot);
        }
    }
    runtime.sleepers.is_any()
}
