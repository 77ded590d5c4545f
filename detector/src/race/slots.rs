//! Slots: the dimensions of the clocks, used again after a thread's end.

use super::clock::{Clock, Epoch};

/// Hands out slots. A slot goes to a new thread only if that thread's parent knows of the old one's end, so that "known" keeps
/// its meaning; its time goes on where it was. When all slots are used up, the oldest free one is given regardless, which
/// can hide a race and never invents one.
#[derive(Clone, Debug)]
pub struct Slots {
    /// Slot and last time of its last thread, oldest first.
    free: Vec<(u16, u64)>,
    next: u32,
    cap: u32,
}

impl Default for Slots {
    fn default() -> Self {
        Self::with_cap(u32::from(u16::MAX) + 1)
    }
}

impl Slots {
    /// At most `cap` slots, and at least one.
    #[must_use]
    pub fn with_cap(cap: u32) -> Self {
        Self { free: Vec::new(), next: 0, cap: cap.clamp(1, u32::from(u16::MAX) + 1) }
    }

    /// A slot and its first time, for a thread that starts with the clock `inherited`. O(free slots).
    pub(super) fn take(&mut self, inherited: &Clock) -> (u16, u64) {
        let known = |&(slot, time): &(u16, u64)| inherited.knows(Epoch::new(slot, time));
        if let Some(index) = self.free.iter().position(known) {
            let (slot, time) = self.free.remove(index);
            return (slot, time + 1);
        }
        if self.next >= self.cap {
            if !self.free.is_empty() {
                let (slot, time) = self.free.remove(0);
                return (slot, time + 1);
            }
            // More threads at once than slots: two share one, and look like one thread to each other.
            return ((self.next % self.cap) as u16, 1);
        }
        self.next += 1;
        ((self.next - 1) as u16, 1)
    }

    pub(super) fn give_back(&mut self, slot: u16, time: u64) {
        self.free.push((slot, time));
    }
}
