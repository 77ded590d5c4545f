//! Who waits behind the threads of a deadlock or stall.

use super::finding::Builder;
use std::collections::{BTreeMap, BTreeSet};
use syncscope_recording::model::{BoardSlot, ThreadNum, WaitKind};

impl Builder<'_> {
    /// Threads outside that wait for a lock of a participant or for its end, and those that wait for one of these, and so on.
    pub(super) fn behind(&self) -> usize {
        let mut of_locks: BTreeMap<u32, Vec<&BoardSlot>> = BTreeMap::new();
        let mut of_threads: BTreeMap<ThreadNum, Vec<&BoardSlot>> = BTreeMap::new();
        for slot in &self.recording.board {
            let Some(wait) = &slot.wait else { continue };
            if wait.kind == WaitKind::Join {
                of_threads.entry(ThreadNum(wait.object)).or_default().push(slot);
            } else if is_lock_wait(wait.kind) {
                of_locks.entry(wait.object).or_default().push(slot);
            }
        }
        let participants = self.deadlock.participants.iter();
        let mut known: BTreeSet<ThreadNum> = participants.map(|one| one.thread).collect();
        let mut to_do: Vec<&BoardSlot> = known.iter().filter_map(|one| self.slot(*one)).collect();
        let before = known.len();
        while let Some(slot) = to_do.pop() {
            // Each is looked at once: it is taken out.
            let held = slot.held.iter().filter_map(|held| of_locks.remove(&held.instance.0));
            let waiters = held.chain(of_threads.remove(&slot.thread)).flatten();
            to_do.extend(waiters.filter(|waiter| known.insert(waiter.thread)));
        }
        known.len() - before
    }
}

const fn is_lock_wait(kind: WaitKind) -> bool {
    matches!(
        kind,
        WaitKind::Mutex | WaitKind::Read | WaitKind::Write | WaitKind::Once | WaitKind::Lock
    )
}
