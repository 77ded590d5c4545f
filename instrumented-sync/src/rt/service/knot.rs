//! Knots: states in which no thread of the process can ever move again.
//!
//! What a condition variable, a channel, a barrier or a parked thread waits for, *any* other thread may bring. So such a wait
//! is a deadlock only when every other thread is blocked as well, for good: with a wait that does not end by itself, in a
//! process that has no thread that we do not know. That is what is looked for here, over two looks some time apart in which
//! nothing has moved.

use super::super::board::{Slot, WaitEntry};
use super::super::runtime::Runtime;
use super::super::wait_for::{self, Blocker, Cycle, Participant};
use super::super::{clock, os, verdict};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{deadlock_kind, header, slot, wait};

/// What the last look saw.
#[derive(Debug, Default)]
pub(super) struct Knots {
    last: Option<View>,
}

/// All threads, blocked.
#[derive(Debug, PartialEq, Eq)]
struct View {
    /// Thread number → sequence number of its wait.
    waits: BTreeMap<u32, u32>,
    /// The kernel's view, CPU time included.
    os: Vec<os::OsThread>,
}

impl Knots {
    /// One look. `true` while some thread is blocked, and so must be watched.
    pub(super) fn look(&mut self, runtime: &Runtime) -> bool {
        let threads: Vec<(Slot, Option<WaitEntry>)> =
            runtime.board.occupied().map(|(_, slot)| (slot, slot.wait())).collect();
        let blocked = threads.iter().any(|(_, wait)| wait.is_some());
        let now = all_blocked(runtime, &threads);
        if let (Some(now), Some(last)) = (&now, &self.last)
            && now == last
            && has_lasted(runtime, &threads)
        {
            self.last = None;
            verdict::deadlock(runtime, &knot(runtime, &threads), None);
            return true;
        }
        self.last = now;
        blocked
    }
}

/// `Some` when every thread of the process is known, blocked for good, and asleep.
fn all_blocked(_: &Runtime, threads: &[(Slot, Option<WaitEntry>)]) -> Option<View> {
    if threads.is_empty() {
        return None;
    }
    let mut waits = BTreeMap::new();
    let mut tids = Vec::new();
    for (slot, wait) in threads {
        let wait = (*wait)?;
        if wait.kind & wait::TIMED != 0 || wait.kind == wait::SLEEP {
            return None;
        }
        waits.insert(slot.thread(), wait.seq);
        // Relaxed: written when the thread was attached.
        tids.push(slot.u32(slot::OS_TID).load(Ordering::Relaxed));
    }
    let own = own_tid();
    let mut os = os::threads();
    os.retain(|thread| thread.tid != own);
    os.sort_unstable_by_key(|thread| thread.tid);
    let known = os.iter().all(|thread| thread.sleeps && tids.contains(&thread.tid));
    (known && os.len() == tids.len()).then_some(View { waits, os })
}

/// Whether the youngest of the waits is old enough.
fn has_lasted(runtime: &Runtime, threads: &[(Slot, Option<WaitEntry>)]) -> bool {
    runtime.calibrate();
    let per_second = runtime.file.header().u64(header::TICKS_PER_SECOND).load(Ordering::Relaxed);
    let needed = u128::from(per_second) * runtime.settings.knot_after.as_millis() / 1000;
    let now = clock::ticks();
    let youngest =
        threads.iter().filter_map(|(_, wait)| *wait).map(|wait| wait.since).max().unwrap_or(now);
    per_second > 0 && u128::from(now.saturating_sub(youngest)) >= needed
}

/// The knot in the fewest threads that explain it: a thread that waits for anyone, holding what the others need; else all.
fn knot(runtime: &Runtime, threads: &[(Slot, Option<WaitEntry>)]) -> Cycle {
    let waiting: Vec<(Slot, WaitEntry)> =
        threads.iter().filter_map(|(slot, wait)| Some((*slot, (*wait)?))).collect();
    let mut best: Option<Vec<Participant>> = None;
    for (slot, wait) in waiting.iter().filter(|(_, wait)| !wait_for::waits_for_all(wait.kind)) {
        for (other, other_wait) in &waiting {
            let Some(path) = path_to(runtime, *other, *other_wait, *slot, *wait, waiting.len())
            else {
                continue;
            };
            // Shorter is better; of equal ones, that in which a lock is in the way says more than one of joins.
            let rank =
                |path: &[Participant]| (path.iter().all(|step| step.holds.is_none()), path.len());
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

fn own_tid() -> u32 {
    // SAFETY: has no preconditions.
    unsafe { libc::gettid() as u32 }
}
