//! What a task hands on to those that it spawns: what had happened before, and perhaps what it has acquired.

use super::hands::may_have_given_away;
use super::task_state;
use crate::rt::shared::stamp::Stamp;
use crate::rt::thread::local;
use crate::rt::thread::task::with_current;

/// What has happened before the task that is spawned now begins, as far as that is so in every schedule.
pub(crate) fn inheritance() -> Option<Box<Stamp>> {
    task_state::acts();
    let of_task = with_current(|frame| {
        let task = frame.who().task();
        // Of a task without a state no more is known than what came before its beginning; a root is the thread, which waits for it.
        if task.state().is_null() && !task.is_root() {
            return Err(task.inherited.clone());
        }
        Ok(local::attached().inspect(|local| {
            let whole = task_state::whole().unwrap_or(local);
            if whole.has_queued.get() {
                local.runtime.queues.spawns(whole.number);
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
