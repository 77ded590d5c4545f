//! A thread: its clocks, and what it remembers for verdicts.

use super::clock::{Clock, Clocks, Epoch, Stamp};
use super::slots::Slots;
use std::collections::VecDeque;
use std::sync::Arc;

/// Locks of which a thread remembers what it learned from them.
const RECENT: usize = 32;

/// One thread. All costs are constant but where a clock is copied or joined: O(slots).
#[derive(Clone, Debug)]
pub struct Thread {
    number: u32,
    slot: u16,
    clocks: Clocks,
    /// The clocks as they are, if a copy was made since they last changed.
    stamp: Option<Stamp>,
    /// This thread's time was given away, so the next access begins a new one.
    is_released: bool,
    /// What the last release fence covers.
    fence: Option<Stamp>,
    /// What relaxed loads saw and an acquire fence would learn.
    unfenced: Option<Stamp>,
    recent: VecDeque<(u32, Stamp)>,
}

impl Thread {
    /// A thread that starts with what `inherited` tells: its parent's stamp at the spawn.
    #[must_use]
    pub fn new(number: u32, slots: &mut Slots, inherited: Option<&Stamp>) -> Self {
        let empty = Clock::default();
        let (slot, time) = slots.take(inherited.map_or(&empty, |stamp| &stamp.full));
        let mut clocks = inherited.map(|stamp| Clocks::clone(stamp)).unwrap_or_default();
        clocks.full.set(slot, time);
        clocks.hard.set(slot, time);
        Self {
            number,
            slot,
            clocks,
            stamp: None,
            is_released: false,
            fence: None,
            unfenced: None,
            recent: VecDeque::new(),
        }
    }

    /// Ends the thread: what it knew at last. Its slot is used again by threads whose parents know that.
    pub fn end(&mut self, slots: &mut Slots) -> Stamp {
        let stamp = self.release();
        slots.give_back(self.slot, self.clocks.full.get(self.slot));
        stamp
    }

    /// Its number, as the driver gave it.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Its slot.
    #[must_use]
    pub fn slot(&self) -> u16 {
        self.slot
    }

    /// The epoch of its next access, unless that begins a new one.
    #[must_use]
    pub fn epoch(&self) -> Option<Epoch> {
        (!self.is_released).then(|| Epoch::new(self.slot, self.clocks.full.get(self.slot)))
    }

    /// The epoch of an access that happens now.
    pub fn access(&mut self) -> Epoch {
        if self.is_released {
            let time = self.clocks.full.get(self.slot) + 1;
            self.clocks.full.set(self.slot, time);
            self.clocks.hard.set(self.slot, time);
            self.is_released = false;
            self.stamp = None;
        }
        Epoch::new(self.slot, self.clocks.full.get(self.slot))
    }

    /// Gives away what the thread knows; what it accesses from now on is not covered.
    pub fn release(&mut self) -> Stamp {
        self.is_released = true;
        Arc::clone(self.stamp.get_or_insert_with(|| Arc::new(self.clocks.clone())))
    }

    /// Learns a stamp by an edge that no schedule reverses.
    pub fn learn(&mut self, stamp: &Stamp) {
        if self.clocks.join(stamp) {
            self.stamp = None;
        }
    }

    /// Learns a stamp by the order of critical sections of `lock`, which another schedule may reverse.
    pub fn learn_by_lock(&mut self, lock: u32, stamp: &Stamp) {
        if self.clocks.full.join(&stamp.full) {
            self.stamp = None;
        }
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        // Several stamps of one lock may be there: readers' and writers'.
        self.recent.push_back((lock, Arc::clone(stamp)));
    }

    /// Whether the epoch happened before now.
    #[must_use]
    pub fn knows(&self, epoch: Epoch) -> bool {
        self.clocks.full.knows(epoch)
    }

    /// Whether the epoch happens before now in every schedule.
    #[must_use]
    pub fn surely_knows(&self, epoch: Epoch) -> bool {
        self.clocks.hard.knows(epoch)
    }

    /// Whether the thread learned of the epoch from one of these locks.
    pub(super) fn learned_by(&self, epoch: Epoch, is_of: impl Fn(u32) -> bool) -> bool {
        self.recent.iter().any(|(lock, stamp)| is_of(*lock) && stamp.full.knows(epoch))
    }

    /// A release fence: later relaxed stores publish what was before it.
    pub fn fence_release(&mut self) {
        self.fence = Some(self.release());
    }

    /// An acquire fence: learns what earlier relaxed loads saw.
    pub fn fence_acquire(&mut self) {
        if let Some(seen) = self.unfenced.take() {
            self.learn(&seen);
        }
    }

    /// What a relaxed store publishes.
    pub(super) fn fenced(&self) -> Option<&Stamp> {
        self.fence.as_ref()
    }

    /// A relaxed load saw this.
    pub(super) fn see_unfenced(&mut self, stamp: &Stamp) {
        super::clock::collect(&mut self.unfenced, stamp);
    }

    /// Learns single epochs of other threads, by an exclusive borrow that proves them to be over.
    pub(super) fn learn_epochs(&mut self, epochs: &Clock) {
        let changed = self.clocks.full.join(epochs) | self.clocks.hard.join(epochs);
        if changed {
            self.stamp = None;
        }
    }
}
