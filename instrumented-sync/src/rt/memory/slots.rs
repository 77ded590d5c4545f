//! Slots: the dimensions of the clocks, used again after a thread's end.

use super::spin::Spin;
use std::sync::atomic::{AtomicU64, Ordering};

/// At most so many.
pub(super) const SLOTS: usize = 1024;

/// A thread that ends leaves its slot and its last time. The slot goes to a thread whose parent knows of that time, so that "known" keeps its
/// meaning. When all are used up, the one that ended first is given regardless, and when no thread has ended, two threads share one:
/// that can hide a race and never invents one.
#[derive(Debug)]
struct Slots {
    /// Slot and last time, the one that ended first at the start.
    free: [(u16, u64); SLOTS],
    count: usize,
    next: u16,
}

static SHARED: Spin<Slots> = Spin::new(Slots { free: [(0, 0); SLOTS], count: 0, next: 0 });

/// A slot and its first time, for a thread that starts with what is known by slot.
pub(super) fn take(known: &[u64], thread: u32) -> (u16, u64) {
    let (slot, time) = SHARED.with(|slots| {
        let free = &slots.free[..slots.count];
        let is_known = |&(slot, time): &(u16, u64)| {
            known.get(usize::from(slot)).is_some_and(|known| time <= *known)
        };
        let index = match free.iter().position(is_known) {
            Some(index) => index,
            None if usize::from(slots.next) < SLOTS => {
                slots.next += 1;
                return (slots.next - 1, 1);
            }
            None if free.is_empty() => return (slots.next - 1, 1),
            None => 0,
        };
        let (slot, time) = slots.free[index];
        slots.free.copy_within(index + 1..slots.count, index);
        slots.count -= 1;
        (slot, time + 1)
    });
    OWNERS.with(|owners| {
        let of_slot = &mut owners[usize::from(slot)];
        of_slot.rotate_right(1);
        of_slot[0] = (time, thread);
    });
    (slot, time)
}

/// Threads of a slot that are remembered.
const REMEMBERED: usize = 4;

/// First times and numbers of the threads that a slot had, the last one first.
static OWNERS: Spin<[[(u64, u32); REMEMBERED]; SLOTS]> = Spin::new([[(0, 0); REMEMBERED]; SLOTS]);

/// Last times of threads that have ended and were begun by code that does not tell, by slot.
static UNTOLD: [AtomicU64; SLOTS] = [const { AtomicU64::new(0) }; SLOTS];

/// Such a thread has ended, at this time.
pub(super) fn leave_untold(slot: u16, time: u64) {
    // Relaxed: what is not yet seen is told as not ordered, as it would be without this.
    UNTOLD[usize::from(slot) % SLOTS].fetch_max(time, Ordering::Relaxed);
}

/// Whether what was done then was done by such a thread.
pub(super) fn has_left_untold(slot: u16, time: u64) -> bool {
    // Relaxed: as above.
    time <= UNTOLD[usize::from(slot) % SLOTS].load(Ordering::Relaxed)
}

/// The number of the thread that had a slot at a time, 0 standing for now; 0 when that is not remembered.
pub(super) fn owner(slot: u16, time: u64) -> u32 {
    OWNERS.with(|owners| {
        let of_slot = owners[usize::from(slot) % SLOTS];
        let owner = of_slot.iter().find(|(first, _)| time == 0 || *first <= time);
        owner.map_or(0, |(_, thread)| *thread)
    })
}

/// A thread has ended, at this time.
pub(super) fn give_back(slot: u16, time: u64) {
    SHARED.with(|slots| {
        // A slot that two threads shared comes back twice; the list is as long as there are slots.
        if slots.count < SLOTS && !slots.free[..slots.count].iter().any(|free| free.0 == slot) {
            slots.free[slots.count] = (slot, time);
            slots.count += 1;
        }
    });
}
