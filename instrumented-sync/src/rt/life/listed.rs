//! Tasks that the service looks at again, since it is not certain yet that nothing wakes them.

use crate::rt::machine::room::with_room;
use crate::rt::shared::board::Slot;
use crate::rt::shared::sleepers::Wakers;
use crate::rt::thread::local::Local;
use std::task::Waker;

/// Leaves it to the service to see when nothing else than these waits, which have so many wakers, wakes the task any more. `false` where there is
/// no room.
pub(super) fn list(
    local: &Local,
    slots: Vec<Slot>,
    count: u32,
    (waker, wakers): (&Waker, Wakers),
) -> bool {
    let runtime = local.runtime;
    let put = || runtime.sleepers.put((local.number, slots), count, (waker.clone(), wakers));
    with_room(put).is_some_and(|is_listed| {
        runtime.service.blocked();
        is_listed
    })
}

/// The task no longer sleeps.
#[cold]
pub(super) fn unlist(local: &'static Local) {
    local.is_listed.set(false);
    let kept = local.run(|local| local.runtime.sleepers.take(local.number));
    // By what the task's runtime does for it, so outside of the hook.
    drop(kept);
}
