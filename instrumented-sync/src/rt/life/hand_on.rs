//! What a task hands on to those that it spawns: what had happened before, and perhaps what it has acquired.

use crate::rt::shared::stamp::Stamp;
use crate::rt::thread::local::{self, Local};
use crate::rt::thread::task::with_current;

/// What has happened before the task that is spawned now begins, as far as that is so in every schedule.
pub(crate) fn inheritance() -> Option<Box<Stamp>> {
    let of_task = with_current(|frame| {
        // Of a task without a state no more is known than what came before its beginning; a root is the thread, which waits for it.
        if frame.task().state().is_null() && !frame.task().is_root {
            return Err(frame.task().inherited.clone());
        }
        Ok(local::attached().inspect(|local| {
            if local.has_queued.get() {
                local.runtime.queues.spawns(local.number);
            }
            if local.may_give_away.get() && local.depth() > 0 {
                may_have_given_away(local);
            }
        }))
    });
    let local = match of_task {
        Some(Err(inherited)) => return inherited,
        Some(Ok(local)) => local,
        None => local::attached(),
    };
    let local = local.filter(|local| local.is_free())?;
    let stamp = local.run(|local| local.stamp());
    (!stamp.is_empty()).then(|| Box::new(stamp))
}

/// The task that is spawned now may be a future that this one has polled, with what it has acquired.
#[cold]
pub(super) fn may_have_given_away(local: &Local) {
    for index in 0..local.depth() as usize {
        let class = local.lock_at(index).class;
        if local.runtime.tasks.awaited.contains(class) {
            local.runtime.movable.allow(class);
        }
    }
}
