//! What the kernel says of a thread.

use super::board::Slot;
use std::sync::atomic::Ordering;
use std::time::Duration;
use syncscope_recording::layout::slot;

/// State letter and CPU time (clock ticks of the kernel) of a thread of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OsThread {
    pub(super) tid: u32,
    pub(super) sleeps: bool,
    pub(super) cpu: u64,
}

/// A thread, as `/proc` has it.
pub(super) fn thread(tid: u32) -> Option<OsThread> {
    let text = std::fs::read_to_string(format!("/proc/self/task/{tid}/stat")).ok()?;
    // The name is in parentheses and may hold anything: fields are counted from its end.
    let rest = text.rsplit_once(')')?.1;
    let fields: Vec<_> = rest.split_ascii_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(OsThread { tid, sleeps: *fields.first()? == "S", cpu: number(11)? + number(12)? })
}

/// All threads of this process.
pub(super) fn threads() -> Vec<OsThread> {
    let Ok(entries) = std::fs::read_dir("/proc/self/task") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| thread(entry.file_name().to_str()?.parse().ok()?))
        .collect()
}

/// Whether the thread of a slot stays asleep in one and the same wait. Waits up to some tens of milliseconds for it: only
/// called for a candidate that is almost surely a deadlock.
pub(super) fn sleeps_on(slot: Slot) -> bool {
    let Some(before) = slot.wait() else { return false };
    for _ in 0..10 {
        std::thread::sleep(Duration::from_millis(3));
        let same = slot.wait().is_some_and(|now| now.seq == before.seq);
        if !same {
            return false;
        }
        // Relaxed: the slot belongs to the sleeping thread.
        if thread(slot.u32(slot::OS_TID).load(Ordering::Relaxed))
            .is_some_and(|thread| thread.sleeps)
        {
            return true;
        }
    }
    false
}
