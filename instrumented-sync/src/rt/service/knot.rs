//! Knots: states in which no thread of the process can ever move again.
//!
//! What a condition variable, a channel, a barrier or a parked thread waits for, *any* other thread may bring. So such a wait
//! is a deadlock only when every other thread is blocked as well, for good: with a wait that does not end by itself, in a
//! process that has no thread that we do not know. [`super::still`] sees that state; here it is explained.

use super::super::board::{Slot, WaitEntry};
use super::super::runtime::Runtime;
use super::super::wait_for::{self, Blocker, Cycle, Participant};
use super::look::Known;
use syncscope_recording::layout::deadlock_kind;

/// The knot in the fewest threads that explain it: a thread that waits for anyone, holding what the others need; else all.
pub(super) fn knot(runtime: &Runtime, threads: &[Known]) -> Cycle {
    let waiting: Vec<(Slot, WaitEntry)> =
        threads.iter().filter_map(|known| Some((known.slot, known.wait?))).collect();
    // One that could not be proved while it arose, since a guard may have been sent. Where a thread waits for what it acquired
    // itself and others wait beside it, one of those may well have the guard.
    let cycle = |(slot, wait): &(Slot, WaitEntry)| wait_for::cycle_in_knot(runtime, *slot, *wait);
    let is_told = |cycle: &Cycle| cycle.kind != deadlock_kind::SELF || waiting.len() == 1;
    if let Some(cycle) = waiting.iter().filter_map(cycle).find(is_told) {
        return cycle;
    }
    let mut best: Option<Vec<Participant>> = None;
    for (slot, wait) in waiting.iter().filter(|(_, wait)| !wait_for::waits_for_all(wait.kind)) {
        for (other, other_wait) in &waiting {
            let Some(path) = path_to(runtime, *other, *other_wait, *slot, *wait, waiting.len())
            else {
                continue;
            };
            // That in which a lock is in the way says more than one of joins; of equal ones the shorter is better.
            let rank = |path: &[Participant]| {
                (is_of_peers(path), path.iter().all(|step| step.holds.is_none()), path.len())
            };
            if best.as_ref().is_none_or(|best| rank(&path) < rank(best)) {
                best = Some(path);
            }
        }
    }
    match best {
        Some(participants)
            if participants.iter().any(|participant| participant.holds.is_some()) =>
        {
            Cycle { kind: deadlock_kind::CYCLE, participants }
        }
        _ => {
            let all = waiting
                .iter()
                .map(|(slot, wait)| wait_for::participant(*slot, *wait, None))
                .collect();
            Cycle { kind: deadlock_kind::KNOT, participants: all }
        }
    }
}

/// Whether who is to wake the first one only wants to do the same: it waits at the very place where the first one took its lock, as
/// the workers do that share a receiver. What the first one waits for will hardly come from there.
fn is_of_peers(path: &[Participant]) -> bool {
    let taken = path.first().and_then(|end| end.holds).map(|held| held.site);
    path.len() == 2 && taken.is_some_and(|site| path[1].wait.site == site)
}

/// The threads from `end` (which waits for anyone) over `start` (whom it may wait for) back to `end`, along waits in which the
/// next must act.
fn path_to(
    runtime: &Runtime,
    start: Slot,
    start_wait: WaitEntry,
    end: Slot,
    end_wait: WaitEntry,
    limit: usize,
) -> Option<Vec<Participant>> {
    // A waiter on a condition variable also needs its mutex back.
    let mutex = start
        .held()
        .into_iter()
        .find(|held| end_wait.object2 != 0 && held.instance == end_wait.object2);
    let mut path = vec![
        wait_for::participant(end, end_wait, None),
        wait_for::participant(start, start_wait, mutex),
    ];
    let (mut slot, mut wait) = (start, start_wait);
    for _ in 0..limit {
        let blockers = wait_for::blockers(runtime, slot.thread(), &wait);
        // Prefer the way back; else the first that waits for all.
        if let Some(Blocker { holds, .. }) =
            blockers.iter().find(|blocker| blocker.slot.thread() == end.thread())
        {
            path[0].holds = *holds;
            return Some(path);
        }
        let next = blockers.iter().find_map(|blocker| Some((*blocker, blocker.slot.wait()?)))?;
        path.push(wait_for::participant(next.0.slot, next.1, next.0.holds));
        (slot, wait) = (next.0.slot, next.1);
    }
    None
}
