//! Locks that nobody can release, since their holder has ended.

use super::board::{HeldEntry, Slot, WaitEntry};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use syncscope_recording::layout::access;
use syncscope_recording::writer::bounded_lock;

/// Locks whose holder has ended: nobody will ever release them.
#[derive(Debug, Default)]
pub(crate) struct Orphans {
    any: AtomicBool,
    entries: Mutex<Vec<(u32, HeldEntry)>>,
}

impl Orphans {
    /// The thread ends and holds locks.
    pub(crate) fn adopt(&self, thread: u32, slot: Slot) {
        if let Some(mut entries) = bounded_lock(&self.entries) {
            entries.extend(slot.held().into_iter().map(|entry| (thread, entry)));
            // Release: pairs with the Acquire in `find`.
            self.any.store(true, Ordering::Release);
        }
    }

    /// The dead holder of an instance, if it stands in the way of this wait.
    pub(crate) fn find(&self, wait: &WaitEntry) -> Option<(u32, HeldEntry)> {
        // Acquire: pairs with the Release in `adopt`.
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        let entries = bounded_lock(&self.entries)?;
        entries.iter().find(|(_, held)| wait.is_blocked_by(held)).copied()
    }

    /// Somebody releases a lock whose holder has ended. Gives that holder.
    #[cold]
    pub(crate) fn remove(&self, instance: u32, is_shared: bool) -> Option<u32> {
        // Acquire: pairs with the Release in `adopt`.
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        let mut entries = bounded_lock(&self.entries)?;
        let at = entries.iter().position(|(_, held)| {
            held.instance == instance && (held.access & access::SHARED != 0) == is_shared
        })?;
        Some(entries.swap_remove(at).0)
    }
}
