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

    /// What the thread has loaded of an atomic, if that was the last that it did with it.
    #[inline]
    pub(super) fn of(&self, address: usize) -> Option<Loaded> {
        Some(self.place(address).get()).filter(|loaded| loaded.address == address)
    }

    /// It has done something else with it.
    #[inline]
    pub(super) fn forget(&self, address: usize) {
        let place = self.place(address);
        if place.get().address == address {
            place.set(Loaded::default());
        }
    }

    /// The thread has ended.
    #[cold]
    pub(super) fn forget_all(&self) {
        self.0.iter().for_each(|place| place.set(Loaded::default()));
    }
}
