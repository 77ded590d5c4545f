//! Identities.

use std::cell::Cell;

/// A lock's. `owner` is only a hint, written by whoever has just got the real lock.
#[derive(Debug)]
pub(crate) struct Meta {
    pub(crate) instance: u32,
    pub(crate) owner: Cell<Option<u32>>,
}

impl Meta {
    pub(crate) fn new(instance: u32) -> Self {
        Self { instance, owner: Cell::new(None) }
    }

    pub(crate) fn owner_hint(&self) -> Option<u32> {
        self.owner.get()
    }

    pub(crate) fn class(&self) -> u32 {
        self.instance + 100
    }

    pub(crate) fn is_watched(&self) -> bool {
        false
    }

    pub(crate) fn watch(&self) {}
}
