//! What is missing in a thread's held stack, see [`out_of_order`](super::out_of_order).

use crate::rt::machine::room::with_room;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use syncscope_detector::graph::BuildSpread;

/// Locks that are remembered as held though the held stack had no room for them, at most.
const UNLISTED: usize = 1 << 16;

/// What is missing in a thread's held stack.
#[derive(Debug, Default)]
pub(crate) struct Gaps {
    /// Empty entries.
    pub(crate) count: Cell<u32>,
    /// All entries below are empty.
    pub(crate) first: Cell<u32>,
    /// Locks for which there was no room, and how often each is held.
    unlisted: RefCell<Option<Box<Numbers>>>,
    /// Where locks were when one was last looked for in vain for long, or when they came after that; entries may have moved since.
    pub(crate) places: RefCell<Option<Box<Numbers>>>,
}

/// A number for each lock.
pub(crate) type Numbers = HashMap<u32, u32, BuildSpread>;

impl Gaps {
    /// Whether there are empty entries.
    pub(crate) fn are_there(&self) -> bool {
        self.count.get() > 0
    }

    /// A lock was taken that the held stack has no room for.
    #[cold]
    pub(crate) fn take_unlisted(&self, instance: u32) {
        _ = with_room(|| self.remember_unlisted(instance));
    }

    fn remember_unlisted(&self, instance: u32) {
        let Ok(mut unlisted) = self.unlisted.try_borrow_mut() else { return };
        let unlisted = unlisted.get_or_insert_default();
        if unlisted.len() < UNLISTED {
            *unlisted.entry(instance).or_default() += 1;
        }
    }

    /// A lock is released: whether there had been no room for it.
    pub(crate) fn release_unlisted(&self, instance: u32) -> bool {
        let Ok(mut unlisted) = self.unlisted.try_borrow_mut() else { return false };
        let Some(known) = unlisted.as_mut() else { return false };
        let Some(count) = known.get_mut(&instance) else { return false };
        *count -= 1;
        if *count == 0 {
            known.remove(&instance);
        }
        if known.is_empty() {
            *unlisted = None;
        }
        true
    }

    /// Where a lock is, if places are remembered.
    pub(crate) fn guess(&self, instance: u32) -> Guess {
        let Ok(places) = self.places.try_borrow() else { return Guess::Anywhere };
        let Some(places) = places.as_ref() else { return Guess::Anywhere };
        places.get(&instance).map_or(Guess::Common, |place| Guess::Probably(*place as usize))
    }

    /// A lock was pushed here, not by the common way: where places are remembered, it is one of those.
    #[cold]
    pub(crate) fn note_place(&self, instance: u32, place: u32) {
        let note = || {
            if let Ok(mut places) = self.places.try_borrow_mut()
                && let Some(places) = places.as_mut()
            {
                places.insert(instance, place);
            }
        };
        if with_room(note).is_none() {
            self.forget_places();
        }
    }

    /// Whether places are remembered.
    #[inline]
    pub(crate) fn know_places(&self) -> bool {
        self.places.try_borrow().is_ok_and(|places| places.is_some())
    }

    pub(crate) fn forget_places(&self) {
        if let Ok(mut places) = self.places.try_borrow_mut() {
            *places = None;
        }
    }
}

/// Where a lock is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Guess {
    /// Nothing is remembered.
    Anywhere,
    /// It was there.
    Probably(usize),
    /// Nowhere but among the few entries that the common way of acquisition fills, which remembers nothing.
    Common,
}
