//! A pool that its own users have exhausted: all permits of a semaphore are with threads that wait for another one of it.
//!
//! None of them gives its permit back before its wait has ended. So each waits for itself, whatever the rest of the process does, until a
//! time limit ends one of these waits. Permits count only where it is known how many there are.

use super::look::BoardThread;
use crate::rt::deadlock::permits;
use crate::rt::deadlock::wait_for::{Blocker, Participant};
use crate::rt::shared::runtime::Runtime;
use std::collections::HashSet;
use syncscope_recording::layout::wait;

/// Whether a wait of this kind is for a permit, with a time limit or without.
pub(crate) fn is_for_permit(kind: u32) -> bool {
    kind & !wait::TIMED == wait::SEMAPHORE
}

/// The thread that waits, and all that hold a permit and wait for one more. `waits_long` says of which waits that is certain by now.
pub(crate) fn exhausted(
    runtime: &Runtime,
    threads: &[BoardThread],
    start: BoardThread,
    waits_long: impl Fn(&BoardThread) -> bool,
) -> Option<Vec<Participant>> {
    let wanted = start.wait.filter(|wait| is_for_permit(wait.kind))?;
    let holders = permits::all_holders(runtime, &wanted)?;
    // Where permits were seen to be given back by others than those who acquired them, it is not known who has one.
    let has_moved =
        |holder: &Blocker| holder.holds.is_some_and(|held| runtime.movable.has_moved(held.class));
    if holders.iter().any(has_moved) {
        return None;
    }
    let wait_of = |thread: u32| {
        let known = threads.iter().find(|known| known.thread == thread && waits_long(known))?;
        known.wait.filter(|wait| is_for_permit(wait.kind) && wait.object == wanted.object)
    };
    let mut participants: Vec<Participant> = holders
        .iter()
        .map(|holder| Some(holder.participant(wait_of(holder.slot.thread())?)))
        .collect::<Option<_>>()?;
    let mut named = HashSet::new();
    participants.retain(|one| named.insert(one.thread));
    let is_still_so = |one: &Participant| {
        let now = runtime.board.find(one.thread).and_then(|slot| slot.wait());
        now.is_some_and(|now| now.seq == one.wait.seq)
    };
    (!participants.is_empty() && participants.iter().all(is_still_so)).then_some(participants)
}
