//! Futures that were handed a lock, and that nobody has polled for long.

use crate::rt::deadlock;
use crate::rt::record::kept_asleep;
use crate::rt::shared::runtime::Runtime;
use std::time::Duration;

/// Looks for deadlocks that they are part of. Gives whether there are some to look at later.
pub(super) fn look(runtime: &Runtime, step: Duration) -> bool {
    for (task, left) in runtime.queues.passes(step).into_iter().flatten() {
        left.iter().for_each(|left| kept_asleep::left(runtime, left));
        let slot = runtime.board.find(task);
        if let Some(slot) = slot.filter(|slot| deadlock::of_task(runtime, *slot).is_some()) {
            runtime.suspects.put(slot);
        }
    }
    runtime.queues.is_any_left()
}
