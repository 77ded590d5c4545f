//! A thread's part of the engine.

use super::super::held::Lock;
use super::super::local::Local;
use super::super::must_order::Stamp;
use super::loose::Loose;
use super::{message, state};
use std::cell::{Cell, RefCell};
use std::sync::atomic::Ordering;
use syncscope_detector::race::{HeldLock, LockSet, Thread};
use syncscope_recording::layout::{access, slot, thread_flag};
use syncscope_recording::writer::patient;

/// What [`Local`] holds for race checking: nothing until the thread's first event after it began.
#[derive(Debug, Default)]
pub(in super::super) struct ThreadRace {
    state: RefCell<Option<Box<State>>>,
    /// The key of a read in the current epoch, see [`key`]; 0 when the next access must look closer.
    pub(super) key: Cell<u64>,
    /// What the thread was told at its start.
    inherited: RefCell<message::Known>,
}

/// The thread's state.
#[derive(Debug)]
pub(super) struct State {
    pub(super) engine: Thread,
    pub(super) loose: Loose,
    /// The locks that were held at the last access.
    locks: LockSet,
    /// The lock that was released last.
    pub(super) last_released: u32,
}

/// Runs `body` with the thread's state. `None` when race checking has ended.
pub(super) fn with<R>(local: &Local, body: impl FnOnce(&mut State) -> R) -> Option<R> {
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
pub(super) fn key(epoch: u64) -> u64 {
    epoch << 1
}

/// The thread has ended: its slot is free.
pub(super) fn end(local: &Local) {
    let Ok(mut state) = local.race.state.try_borrow_mut() else { return };
    local.race.key.set(0);
    if let Some(mut state) = state.take()
        && let Some(mut slots) = patient(&local.runtime.race.slots)
    {
        let stamp = state.engine.end(&mut slots);
        drop(slots);
        if let Some(mut ended) = patient(&local.runtime.race.ended) {
            ended.add(&stamp);
        }
    }
}

#[cold]
fn begin(local: &Local) -> Option<Box<State>> {
    let Some(mut slots) = patient(&local.runtime.race.slots) else {
        state::give_up();
        return None;
    };
    let inherited = local.race.inherited.take();
    let mut engine = Thread::new(local.number, &mut slots, inherited.stamp());
    drop(slots);
    // From now on it has something to tell whoever acquires after it. A lock that it acquired before, it did while nothing was
    // tracked.
    local.set_state(local.state() | slot::STATE_TRACKING);
    // How a thread was begun that others began is not known; most often the threads that have ended made way for it.
    // Relaxed: written by this thread.
    let flags = local.slot.u32(slot::FLAGS).load(Ordering::Relaxed);
    if flags & thread_flag::FOREIGN != 0
        && flags & thread_flag::MAIN == 0
        && let Some(ended) = patient(&local.runtime.race.ended)
    {
        ended.take(&mut engine);
    }
    let locks = LockSet::from(Vec::new());
    Some(Box::new(State { engine, loose: Loose::default(), locks, last_released: 0 }))
}

impl ThreadRace {
    /// Of a thread that was told this at its start.
    pub(in super::super) fn new(inherited: Option<&Stamp>) -> Self {
        let inherited = inherited.map(|stamp| stamp.race().clone()).unwrap_or_default();
        Self { inherited: RefCell::new(inherited), ..Self::default() }
    }
}

impl State {
    /// The locks held now. The same set as at the last access is not made again.
    pub(super) fn held(&mut self, local: &Local) -> LockSet {
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
