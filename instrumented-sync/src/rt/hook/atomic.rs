//! An atomic variable.

use super::Site;
use crate::rt::life::enter;
use crate::rt::race;
use crate::rt::shared::race_flag;
use crate::rt::thread::local::Local;
use crate::rt::thread::race::State;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard};
use syncscope_detector::race::{AtomicOrder, Publication};
use syncscope_recording::writer::bounded_lock;

/// What an atomic carries beside its value.
#[derive(Debug, Default)]
pub(crate) struct AtomicTrack {
    order: Mutex<Option<Box<AtomicOrder>>>,
}

/// An operation under way: the real one happens while this lives, so that both see the same order of modifications.
/// Then one of the methods tells what it was.
#[derive(Debug)]
pub(crate) struct Section<'a> {
    order: MutexGuard<'a, Option<Box<AtomicOrder>>>,
    local: &'static Local,
}

/// A pointer that an operation read or stored: its address and what it leads to, in bytes. Zeros for other values.
pub(crate) type Pointer = (usize, usize);

impl AtomicTrack {
    pub(crate) const fn new() -> Self {
        Self { order: Mutex::new(None) }
    }

    /// Begins an operation. `None` when nothing is to be kept: then just do the real one.
    #[inline]
    pub(crate) fn enter(&self) -> Option<Section<'_>> {
        if race_flag::is_tracking() { self.enter_tracked() } else { None }
    }

    /// As [`enter`](Self::enter), for an operation that publishes a pointer: what that leads to may be tracked later.
    #[inline]
    pub(crate) fn enter_publishing(&self) -> Option<Section<'_>> {
        if race::enable() { self.enter_tracked() } else { None }
    }

    fn enter_tracked(&self) -> Option<Section<'_>> {
        let local = enter::local().filter(|local| local.is_free())?;
        local.enter_hook();
        match bounded_lock(&self.order) {
            Some(order) => Some(Section { order, local }),
            None => {
                race::give_up();
                local.leave_hook();
                None
            }
        }
    }
}

/// The exclusive borrow of an atomic proves that all other use of it is over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exclusive;

impl Exclusive {
    /// Call it with the borrow.
    pub(crate) fn of(track: &mut AtomicTrack) {
        if let Some(mut section) = track.enter() {
            section.with(|order, state, _| order.exclusive(&mut state.engine));
        }
    }
}

impl Section<'_> {
    /// A value was loaded, or an exchange failed.
    pub(crate) fn load(&mut self, ordering: Ordering, (address, size): Pointer) {
        self.with(|order, state, _| {
            order.load(&mut state.engine, ordering);
            note(state, order.last(), address, size);
        });
    }

    /// A value was stored.
    pub(crate) fn store(&mut self, ordering: Ordering, (address, _): Pointer, site: Site) {
        self.with(|order, state, local| {
            let site = local.sites.get(local.runtime, site);
            order.store(&mut state.engine, ordering, site);
            state.loose.forget(address);
        });
    }

    /// A value was replaced by another.
    pub(crate) fn modify(
        &mut self,
        ordering: Ordering,
        (old, size): Pointer,
        (new, _): Pointer,
        site: Site,
    ) {
        self.with(|order, state, local| {
            let site = local.sites.get(local.runtime, site);
            let last = order.last();
            order.modify(&mut state.engine, ordering, site);
            note(state, last, old, size);
            state.loose.forget(new);
        });
    }

    fn with(&mut self, body: impl FnOnce(&mut AtomicOrder, &mut State, &Local)) {
        let order = self.order.get_or_insert_default();
        let local = self.local;
        race::with(local, |state| body(order, state, local));
    }
}

/// Remembers who published a pointer that was read.
fn note(state: &mut State, last: Option<Publication>, address: usize, size: usize) {
    if address != 0
        && let Some(by) = last.filter(|by| by.thread != state.engine.number())
    {
        state.loose.taken(address, size, by);
    }
}

impl Drop for Section<'_> {
    fn drop(&mut self) {
        self.local.leave_hook();
    }
}

/// A fence, right before the real one.
pub(crate) fn fence(ordering: Ordering) {
    if !race_flag::is_tracking() {
        return;
    }
    enter::enter(|local| {
        race::with(local, |state| {
            if matches!(ordering, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst) {
                state.engine.fence_acquire();
            }
            if matches!(ordering, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst) {
                state.engine.fence_release();
            }
        });
    });
}
