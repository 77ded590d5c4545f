//! What a stall looks like: who waits for what, and who would have to act.

use super::look::BoardThread;
use crate::rt::deadlock::wait_for::{self, Cycle, Participant};
use crate::rt::shared::board::HeldEntry;
use crate::rt::shared::runtime::Runtime;
use std::collections::HashSet;
use syncscope_recording::layout::deadlock_kind;

/// Threads in one record at most.
const PARTICIPANTS: usize = 64;

/// All threads that wait, oldest wait first, and those that hold what is waited for without a wait that we know.
pub(crate) fn describe(runtime: &Runtime, threads: &[BoardThread]) -> Cycle {
    let mut waiting: Vec<_> =
        threads.iter().filter_map(|known| Some((known.slot, known.wait?))).collect();
    waiting.sort_by_key(|(_, wait)| wait.since);
    let mut participants = Vec::new();
    let mut named = HashSet::new();
    for (slot, wait) in &waiting {
        let wanted = |held: &HeldEntry| {
            waiting.iter().any(|(_, other)| {
                wait_for::waits_for_all(other.kind) && other.object == held.instance
            })
        };
        let holds = slot.held().into_iter().find(wanted);
        participants.push(wait_for::participant(*slot, *wait, holds));
        named.insert(slot.thread());
    }
    for (slot, wait) in &waiting {
        for blocker in wait_for::blockers(runtime, slot.thread(), wait) {
            if blocker.holds.is_some() && named.insert(blocker.slot.thread()) {
                let wait = blocker.slot.wait().unwrap_or_default();
                participants.push(Participant { wait, ..blocker.participant(Default::default()) });
            }
        }
    }
    // Those who hold something say more than those who only wait behind them.
    participants.sort_by_key(|participant| participant.holds.is_none());
    participants.truncate(PARTICIPANTS);
    Cycle { kind: deadlock_kind::STALL, participants }
}
