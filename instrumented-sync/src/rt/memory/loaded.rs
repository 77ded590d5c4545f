// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What a thread has loaded of atomics: a store that follows may overwrite what another thread has stored meanwhile.

use std::cell::Cell;

/// Atomics that are remembered, by address.
const KEPT: usize = 16;

/// A load.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Loaded {
    pub(super) address: usize,
    /// Which of the atomics that have been there.
    pub(super) birth: u32,
    /// The call that it was made in, see [`Calls::innermost`](super::calls::Calls::innermost).
    pub(super) call: u32,
    pub(super) value: u64,
    /// The return address of the hook.
    pub(super) at: usize,
    /// The thread's epoch.
    pub(super) epoch: u64,
}

/// The last ones of a thread. Only that thread uses them; zeros: none.
#[derive(Debug)]
pub(super) struct LoadedOnes([Cell<Loaded>; KEPT]);

impl LoadedOnes {
    #[inline]
    fn place(&self, address: usize) -> &Cell<Loaded> {
        &self.0[(address ^ address >> 6) / 8 % KEPT]
    }

    /// The thread has loaded a value.
    #[inline]
    pub(super) fn note(&self, loaded: Loaded) {
        self.place(loaded.address).set(loaded);
    }

    /// The thread writes to an atomic: what it has loaded of it before, if that was the last that it did with it.
    #[inline]
    pub(super) fn take(&self, address: usize) -> Option<Loaded> {
        let place = self.place(address);
        let loaded = place.get();
        if loaded.address != address {
            return None;
        }
        place.set(Loaded::default());
        Some(loaded)
    }

    /// The thread has ended.
    #[cold]
    pub(super) fn forget(&self) {
        self.0.iter().for_each(|place| place.set(Loaded::default()));
    }
}
