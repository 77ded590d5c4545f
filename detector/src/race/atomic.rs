//! An atomic variable.

use super::clock::{Clock, Epoch, Stamp, collect};
use super::thread::Thread;
use std::sync::atomic::Ordering;

/// The last store of an atomic variable: whose, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publication {
    /// When.
    pub epoch: Epoch,
    /// The number of the thread.
    pub thread: u32,
    /// Where; the driver's number.
    pub site: u32,
}

/// The order that an atomic variable gives. The driver calls it in the order in which the variable was modified.
///
/// - A store with `Release` begins a release sequence; a relaxed one publishes what the thread's last release fence covers.
/// - A read-modify-write goes on with the sequence, whatever its ordering.
/// - A load with `Acquire` learns from the sequence whose value it reads; a relaxed one leaves that to an acquire fence.
/// - `SeqCst` orders as `AcqRel` does: no data is published by the total order alone.
#[derive(Clone, Debug, Default)]
pub struct AtomicOrder {
    sequence: Option<Stamp>,
    last: Option<Publication>,
    /// The last epoch in which each thread used it.
    users: Clock,
}

impl AtomicOrder {
    /// The thread has loaded the current value. Call it for failed exchanges too.
    pub fn load(&mut self, thread: &mut Thread, order: Ordering) {
        self.used(thread);
        let Some(sequence) = &self.sequence else { return };
        if acquires(order) {
            thread.learn(sequence);
        } else {
            thread.see_unfenced(sequence);
        }
    }

    /// The thread has stored a value. `site` is for [`last`](Self::last).
    pub fn store(&mut self, thread: &mut Thread, order: Ordering, site: u32) {
        self.publish(thread, site);
        self.sequence =
            if releases(order) { Some(thread.release()) } else { thread.fenced().cloned() };
    }

    /// The thread has read a value and replaced it.
    pub fn modify(&mut self, thread: &mut Thread, order: Ordering, site: u32) {
        self.load(thread, order);
        self.publish(thread, site);
        if releases(order) {
            let stamp = thread.release();
            collect(&mut self.sequence, &stamp);
        } else if let Some(fenced) = thread.fenced() {
            collect(&mut self.sequence, fenced);
        }
    }

    /// The thread has the only reference: all use of the variable is over.
    pub fn exclusive(&self, thread: &mut Thread) {
        thread.learn_epochs(&self.users);
    }

    /// The last store, if there was one.
    #[must_use]
    pub fn last(&self) -> Option<Publication> {
        self.last
    }

    fn publish(&mut self, thread: &mut Thread, site: u32) {
        self.used(thread);
        // What was made before the store and not accessed since counts as written now.
        let epoch = thread.access();
        self.last = Some(Publication { epoch, thread: thread.number(), site });
    }

    fn used(&mut self, thread: &mut Thread) {
        let epoch = thread.access();
        self.users.set(epoch.slot(), epoch.time());
    }
}

fn acquires(order: Ordering) -> bool {
    matches!(order, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst)
}

fn releases(order: Ordering) -> bool {
    matches!(order, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst)
}
