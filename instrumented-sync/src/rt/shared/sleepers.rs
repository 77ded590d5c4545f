//! Tasks that went to sleep in a wait while there was one more waker of theirs than it takes.
//!
//! Mostly that is the waker that has just woken them, in the hands of a thread that is about to drop it. So the service looks again
//! later. A task takes itself off this list, under its lock, before it is polled again: what the service calls sure under the same lock
//! is so.

use super::board::Slot;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::task::Waker;
use syncscope_recording::layout::{slot, wait};
use syncscope_recording::writer::bounded_lock;

/// Gives how many wakers of a task there are, one of which it is given, and [`POLLED`] if it is polled just now; huge when the task has been
/// woken.
pub(crate) type Wakers = fn(&Waker) -> usize;

/// A task that has been woken is polled before it takes itself off the list: it does not sleep.
pub(crate) const POLLED: usize = 1 << (usize::BITS - 1);

/// A task that may be asleep for good.
#[derive(Debug)]
struct Sleeper {
    /// Who waits: the task, or its arms, each with the number of its wait.
    waits: Vec<(Slot, u32)>,
    /// The wakers whose end they wait for, and this list's.
    expected: usize,
    /// Keeps the task's memory, so that it can be asked.
    waker: Waker,
    wakers: Wakers,
}

/// The process's, by number.
#[derive(Debug, Default)]
pub(crate) struct Sleepers {
    listed: Mutex<HashMap<u32, Sleeper>>,
    /// The list could not be had by a task that had to leave it: it is not used any more.
    is_closed: AtomicBool,
}

impl Sleepers {
    /// The task of this number goes to sleep, with these in their present waits, which have so many wakers. `false` when there is no room: then
    /// the service does not look at it.
    pub(crate) fn put(
        &self,
        (number, slots): (u32, Vec<Slot>),
        count: u32,
        (waker, wakers): (Waker, Wakers),
    ) -> bool {
        let of = |slot: Slot| slot.wait().map(|wait| (slot, wait.seq));
        let Some(waits) = slots.into_iter().map(of).collect() else { return false };
        let Some(mut listed) = bounded_lock(&self.listed) else { return false };
        let expected = count as usize + 1;
        listed.insert(number, Sleeper { waits, expected, waker, wakers });
        true
    }

    /// The task, which is listed, is polled or dropped. Gives what was kept of it, to be dropped where no lock of ours is held.
    pub(crate) fn take(&self, number: u32) -> Option<Waker> {
        match bounded_lock(&self.listed) {
            Some(mut listed) => listed.remove(&number).map(|sleeper| sleeper.waker),
            None => {
                // Release: pairs with the Acquire in `settled`.
                self.is_closed.store(true, Ordering::Release);
                None
            }
        }
    }

    /// Whether tasks are listed.
    pub(crate) fn is_any(&self) -> bool {
        bounded_lock(&self.listed).is_some_and(|listed| !listed.is_empty())
    }

    /// Those that have become sure to sleep until their wait ends: from now on their waits say so.
    pub(crate) fn settled(&self) -> Vec<Slot> {
        let Some(listed) = bounded_lock(&self.listed) else { return Vec::new() };
        let settles = |sleeper: &Sleeper| {
            let mut unsure = Vec::new();
            for &(slot, seq) in &sleeper.waits {
                let wait = slot.wait().filter(|wait| wait.seq == seq)?;
                if wait.kind & wait::TIMED == 0 {
                    return None;
                }
                unsure.push((slot, wait.kind));
            }
            // Acquire: pairs with the Release in `take`.
            if (sleeper.wakers)(&sleeper.waker) != sleeper.expected
                || self.is_closed.load(Ordering::Acquire)
            {
                return None;
            }
            for (slot, kind) in &unsure {
                // Release: as in `Local::rests_on_wait`. The task does not change it while it is listed.
                slot.u32(slot::WAIT).store(kind & !wait::TIMED, Ordering::Release);
            }
            Some(unsure.into_iter().map(|(slot, _)| slot))
        };
        let settled = listed.values().filter_map(settles).flatten().collect();
        // Pairs with itself in the others of a cycle, as in `Local::rests_on_wait`.
        fence(Ordering::SeqCst);
        settled
    }
}
