//! Locks that were held at what is told by itself: accesses to memory, and panics.

use syncscope_recording::Recording;
use syncscope_recording::model::{Held, MemoryRace};

/// All of them.
pub(super) fn held(recording: &Recording) -> impl Iterator<Item = &Held> {
    let accesses = recording.memory_races.iter().flat_map(MemoryRace::accesses);
    let starts = recording.panics.iter().filter_map(|panic| panic.start.as_ref());
    let at_accesses = accesses.filter_map(|access| access.held.as_ref()).flatten();
    at_accesses.chain(starts.flat_map(|start| &start.held))
}

/// The same, to be changed.
pub(super) fn held_mut(recording: &mut Recording) -> impl Iterator<Item = &mut Held> {
    let accesses = recording.memory_races.iter_mut().flat_map(MemoryRace::accesses_mut);
    let starts = recording.panics.iter_mut().filter_map(|panic| panic.start.as_mut());
    let at_accesses = accesses.filter_map(|access| access.held.as_mut()).flatten();
    at_accesses.chain(starts.flat_map(|start| &mut start.held))
}
