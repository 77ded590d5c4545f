//! A thread's part of the engine.

use super::state;
use crate::rt::object::lock::Lock;
use crate::rt::thread::local::Local;
use crate::rt::thread::loose::Loose;
use crate::rt::thread::race::State;
use std::sync::atomic::Ordering;
use syncscope_detector::race::{HeldLock, LockSet, Thread};
use syncscope_recording::layout::{access, slot, thread_flag};
use syncscope_recording::writer::bounded_lock;

/// Runs `body` with the thread's state. `None` when race checking has ended.
pub(crate) fn with<R>(local: &Local, body: impl FnOnce(&mut State) -> R) -> Option<R> {
    let mut state = local.race.state.try_borrow_mut().ok()?;
    if state.is_none() {
        *state = Some(begin(local)?);
    }
    let result = state.as_mut().map(|state| body(state));
    let epoch = state.as_ref().and_then(|state| state.engine.epoch());
    local.race.key.set(epoch.map_or(0, |epoch| key(epoch.bits())));
    result
}

/// A number for an access in an epoch: this for a read, one more for a write. Slots have 15 bits here.
pub(crate) fn key(epoch: u64) -> u64 {
    epoch << 1
}

/// The thread has ended: its slot is free.
pub(crate) fn end(local: &Local) {
    let Ok(mut state) = local.race.state.try_borrow_mut() else { return };
    local.race.key.set(0);
    if let Some(mut state) = state.take()
        && let Some(mut slots) = bounded_lock(&local.runtime.race.slots)
    {
        let stamp = state.engine.end(&mut slots);
        drop(slots);
        if let Some(mut ended) = bounded_lock(&local.runtime.race.ended) {
            ended.add(&stamp);
        }
    }
}

#[cold]
fn begin(local: &Local) -> Option<Box<State>> {
    let Some(mut slots) = bounded_lock(&local.runtime.race.slots) else {
        state::give_up();
        return None;
    };
    let inherited = local.race.inherited.take();
    let mut engine = Thread::new(local.number, &mut slots, inherited.tracked());
    drop(slots);
    // From now on it has something to tell whoever acquires after it. A lock that it acquired before, it did while nothing was
    // tracked.
    local.tell_all_releases();
    // How a thread was begun that others began is not known; most often the threads that have ended made way for it.
    // Relaxed: written by this thread.
    let flags = local.slot.u32(slot::FLAGS).load(Ordering::Relaxed);
    if flags & thread_flag::FOREIGN != 0
        && flags & thread_flag::MAIN == 0
        && let Some(ended) = bounded_lock(&local.runtime.race.ended)
    {
        ended.take(&mut engine);
    }
    let locks = LockSet::from(Vec::new());
    Some(Box::new(State { engine, loose: Loose::default(), locks, last_released: 0 }))
}

impl State {
    /// The locks held now. The same set as at the last access is not made again.
    pub(crate) fn held(&mut self, local: &Local) -> LockSet {
        let depth = local.depth() as usize;
        if depth == 0 && self.locks.is_empty() {
            return LockSet::clone(&self.locks);
        }
        let is_held = |index: &usize| local.access_at(*index) & access::GONE == 0;
        let held = (0..depth).filter(is_held).map(|index| entry(local, index));
        let mut held: Vec<_> = held.collect();
        // A lock that is held twice keeps its stronger side.
        held.sort_unstable_by_key(|held| (held.lock, held.shared));
        held.dedup_by_key(|held| held.lock);
        if *self.locks != *held {
            self.locks = LockSet::from(held);
        }
        LockSet::clone(&self.locks)
    }
}

fn entry(local: &Local, index: usize) -> HeldLock {
    let Lock { class, site_access, .. } = local.lock_at(index);
    HeldLock {
        lock: local.instance_at(index),
        shared: (site_access >> 24) as u8 & access::SHARED != 0,
        site: site_access,
        class,
    }
}
