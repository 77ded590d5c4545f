//! Identities.

use std::cell::Cell;

/// A lock's. `owner` is only a hint, written by whoever has just got the real lock.
#[derive(Debug)]
pub(super) struct Meta {
    pub(super) instance: u32,
    pub(super) owner: Cell<Option<u32>>,
}

impl Meta {
    pub(super) fn new(instance: u32) -> Self {
        Self { instance, owner: Cell::new(None) }
    }

    pub(super) fn owner_hint(&self) -> Option<u32> {
        self.owner.get()
    }

    pub(super) fn class(&self) -> u32 {
        self.instance + 100
    }

    pub(super) fn is_watched(&self) -> bool {
        false
    }

    pub(super) fn watch(&self) {}
}
