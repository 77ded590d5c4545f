//! The clock of a thread: what happened before now in every schedule.

use syncscope_detector::must_order::Clock;

/// Entries of all clocks, in as much as the first threads share them.
const ALL_ENTRIES: u32 = 1 << 18;
/// Entries that each thread may have.
const FEWEST_ENTRIES: u32 = 16;

/// The clock of a thread, and what was last written of it.
#[derive(Debug)]
pub(crate) struct ThreadClock {
    pub(crate) clock: Clock,
    /// `CLOCK` record + 1 of these entries, or of earlier ones; 0 while there is none.
    pub(crate) recorded: u32,
    /// Whether the entries have changed since.
    pub(crate) changed: bool,
    /// Whether this thread has nodes.
    pub(crate) has_nodes: bool,
    /// Whether it stands for many tasks, whose order is not the thread's: then it learns nothing, and no node names it.
    pub(crate) is_of_many: bool,
}

impl ThreadClock {
    /// The clock of the thread in this slot. The more are alive, the less each may know for itself: all of them together some tens of
    /// megabytes.
    pub(crate) fn new(slot_index: u32) -> Self {
        let room = (ALL_ENTRIES / slot_index.saturating_add(1)).max(FEWEST_ENTRIES);
        let clock = Clock::with_room(room as usize);
        Self { clock, recorded: 0, changed: false, has_nodes: false, is_of_many: false }
    }
}
