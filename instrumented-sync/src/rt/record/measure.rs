//! How often locks are acquired and how long they are held, by the acquisitions that the [`sampler`](crate::rt::thread::sampler) picks.

use crate::rt::machine::clock;
use crate::rt::shared::measures::Key;
use crate::rt::thread::local::Local;
use crate::rt::thread::sampler::Open;
use syncscope_recording::layout::{event, slot};

/// A lock was acquired, and the thread is to see whether it is looked at: the lock as the held stack has it.
#[cold]
#[inline(never)]
pub(super) fn look(local: &Local, class: u32, lock: u64, ticks: u64) {
    let acquisitions = local.acquisitions();
    if local.sampler.is_due(acquisitions) {
        begin(local, class, lock, acquisitions);
    } else {
        local.sampler.look_again(acquisitions, ticks);
    }
    local.set_stop(0);
}

fn begin(local: &Local, class: u32, lock: u64, acquisitions: u64) {
    let (instance, site_access) = (lock as u32, site_access((lock >> 32) as u32));
    let level = local.sampler.draw(acquisitions, clock::ticks());
    if class == 0 {
        return;
    }
    let runtime = local.runtime;
    let Some(measure) = runtime.measures.find(&runtime.file, Key::held(class, site_access)) else {
        return;
    };
    measure.count(1 << level);
    let depth = local.depth();
    // Locks that were given back elsewhere. Among very many that are held none is looked for.
    if depth == 1 || local.sampler.is_full() && depth <= slot::HELD_INLINE as u32 {
        local.sampler.forget(|instance| depth > 1 && local.holds(instance).is_some());
    }
    local.tell_releases();
    local.sampler.open(Open { instance, level, since: clock::ticks(), measure });
}

/// The thread releases a lock at this time, by the clock; and has taken it off its held stack.
#[cold]
#[inline(never)]
pub(super) fn end(local: &Local, instance: u32, ticks: u64) {
    let runtime = local.runtime;
    if let Some(open) = local.sampler.close(instance) {
        let held = ticks.saturating_sub(open.since);
        runtime.measures.add_time(&runtime.file, open.measure, held, 1 << open.level);
    } else if local.depth() == 0 {
        local.sampler.forget(|_| false);
    }
    local.tell_no_releases();
}

/// Site and access as measures have them: without what only nestings need to know.
pub(super) fn site_access(word: u32) -> u32 {
    word & (0x00FF_FFFF | u32::from(event::ACQUIRE_MASK) << 24)
}
