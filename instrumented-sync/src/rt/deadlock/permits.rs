//! Deadlocks in which a task waits for permits of a semaphore: *any* holder may give some back, so all of them must be stuck. So it is where it
//! waits for the end of one of several tasks, or of a blocking call that has no thread before another one ends.
//!
//! And all permits must be with holders that are known: one that was given to a waiter which has not run since, or was acquired where
//! nothing is recorded, will come back. Held stacks are read inside of waits, which are looked at again at the end.

use super::asleep;
use super::calls;
use super::wait_for::{self, Blocker, Cycle, Participant};
use crate::rt::shared::board::{HeldEntry, Slot, WaitEntry};
use crate::rt::shared::runtime::Runtime;
use std::collections::HashMap;
use syncscope_detector::waitfor::{Condition, WaitGraph};
use syncscope_recording::layout::{deadlock_kind, wait};

/// A thread that is not stuck as far as is known.
const LIVE: usize = usize::MAX;

/// Looks for a knot through the task of this number, which has gone to sleep in a wait.
#[cold]
pub(crate) fn closes_knot(runtime: &Runtime, number: u32) -> Option<Cycle> {
    let own = runtime.board.find(number)?;
    if !may_be_stuck(runtime, own, &own.wait()?) {
        return None;
    }
    let waiting = waiting(runtime);
    let is_for_one_of = |wait: &WaitEntry| wait.kind == wait::SEMAPHORE || is_for_one(wait);
    if !waiting.iter().any(|(_, wait)| is_for_one_of(wait)) && !runtime.calls.is_any_queued() {
        return None;
    }
    let index: HashMap<u32, usize> =
        waiting.iter().enumerate().map(|(at, (slot, _))| (slot.thread(), at)).collect();
    // Thousands may wait for the same.
    let mut known = HashMap::new();
    let conditions = waiting.iter().map(|(slot, wait)| {
        let condition = || condition(runtime, *slot, wait, &index);
        match wait.kind {
            wait::SEMAPHORE | wait::MUTEX | wait::WRITE => {
                known.entry((wait.kind, wait.object)).or_insert_with(condition).clone()
            }
            _ => condition(),
        }
    });
    let graph = WaitGraph { threads: conditions.collect() };
    let own = *index.get(&number)?;
    let knot = graph.stuck().knots.into_iter().find(|knot| knot.contains(&own))?;
    let still = |at: &usize| {
        let (slot, wait) = &waiting[*at];
        slot.wait().is_some_and(|now| now.seq == wait.seq && now.kind == wait.kind)
    };
    if !knot.iter().all(still) {
        return None;
    }
    let of_knot = knot.iter().map(|at| waiting[*at].1).filter(|wait| wait.kind != wait::JOIN);
    let wanted: Vec<u32> = of_knot.map(|wait| wait.object).collect();
    let participants: Vec<Participant> = knot
        .iter()
        .map(|at| {
            let (slot, wait) = waiting[*at];
            let held = slot.held().into_iter().find(|held| wanted.contains(&held.instance));
            let held = held.map(|held| Blocker::of(slot, Some(held)));
            let is_own = |handed: &Blocker| handed.slot.thread() == slot.thread();
            let all = || knot.iter().map(|at| &waiting[*at].1);
            let handed = || all().find_map(|wait| wait_for::handed(runtime, wait).find(is_own));
            let holds = held.or_else(handed);
            holds.map_or_else(
                || wait_for::participant(slot, wait, None),
                |holds| holds.participant(wait),
            )
        })
        .collect();
    let is_alone = participants.len() == 1 && participants[0].wait.kind != wait::JOIN;
    let kind = if is_alone { deadlock_kind::SELF } else { deadlock_kind::KNOT };
    Some(Cycle { kind, participants })
}

/// Whether those whom this wait is for may be stuck as well. The common case in a program that works: they are not, which one look tells.
fn may_be_stuck(runtime: &Runtime, slot: Slot, wait: &WaitEntry) -> bool {
    let is_blocked =
        |one: &Blocker| one.slot.wait().is_some_and(|wait| wait.kind & wait::TIMED == 0);
    if wait.kind == wait::SEMAPHORE {
        return all_holders(runtime, wait).is_some_and(|holders| holders.iter().all(is_blocked));
    }
    if is_for_one(wait) {
        let is_blocked = |slot: &Slot| is_blocked(&Blocker::of(*slot, None));
        return one_of(runtime, slot, wait).is_some_and(|tasks| tasks.iter().all(is_blocked));
    }
    if let Some(before) = waits_for_thread(runtime, wait) {
        return before.iter().all(|slot| is_blocked(&Blocker::of(*slot, None)));
    }
    wait_for::blockers(runtime, slot.thread(), wait).iter().any(is_blocked)
}

/// Those one of whom must end a blocking call before that begins whose end this wait is for.
fn waits_for_thread(runtime: &Runtime, wait: &WaitEntry) -> Option<Vec<Slot>> {
    let is_end = wait.kind == wait::JOIN && wait.object2 == 0;
    if !is_end || !runtime.calls.is_any_queued() {
        return None;
    }
    calls::who_run_before(runtime, wait.object)
}

/// Whether it is for the end of one of several tasks.
fn is_for_one(wait: &WaitEntry) -> bool {
    wait.kind == wait::JOIN && wait.object2 > 0
}

/// The tasks of which this wait is for the end of one; `None` unless all of them are known, and have a state.
fn one_of(runtime: &Runtime, slot: Slot, wait: &WaitEntry) -> Option<Vec<Slot>> {
    let tasks = runtime.joins.of(slot.thread(), wait.seq)?;
    tasks.into_iter().map(|number| wait_for::who_ends(runtime, number)).collect()
}

/// All who are in a wait that does not end by itself.
fn waiting(runtime: &Runtime) -> Vec<(Slot, WaitEntry)> {
    let slots = runtime.board.occupied().map(|(_, slot)| slot);
    slots
        .filter_map(|slot| Some((slot, slot.wait()?)))
        .filter(|(_, wait)| wait.kind & wait::TIMED == 0)
        .collect()
}

/// What who is in this wait needs, by what others hold. `index` has those that wait.
pub(crate) fn condition(
    runtime: &Runtime,
    slot: Slot,
    wait: &WaitEntry,
    index: &HashMap<u32, usize>,
) -> Condition {
    let at = |slot: &Slot| index.get(&slot.thread()).copied().unwrap_or(LIVE);
    let is_bound = |held: &HeldEntry| runtime.movable.is_bound(held.class);
    let is_certain = |one: &Blocker| one.is_handed || one.holds.as_ref().is_none_or(is_bound);
    if wait.kind == wait::SEMAPHORE {
        let holders = all_holders(runtime, wait).unwrap_or_default();
        if holders.is_empty() || !holders.iter().all(is_certain) {
            return Condition::Live;
        }
        return Condition::Any(holders.iter().map(|holder| at(&holder.slot)).collect());
    }
    if is_for_one(wait) {
        let tasks = one_of(runtime, slot, wait);
        return tasks
            .map_or(Condition::Live, |tasks| Condition::Any(tasks.iter().map(at).collect()));
    }
    if !wait_for::waits_for_all(wait.kind) {
        return Condition::Live;
    }
    if let Some(before) = waits_for_thread(runtime, wait) {
        return Condition::Any(before.iter().map(at).collect());
    }
    let blockers = wait_for::blockers(runtime, slot.thread(), wait);
    let certain = blockers.iter().filter(|blocker| {
        let sleeps = || wait.kind != wait::READ || asleep::sleeps_on(blocker.slot);
        is_certain(blocker) && (blocker.holds.is_some() || sleeps())
    });
    Condition::All(certain.map(|blocker| at(&blocker.slot)).collect())
}

/// Who has all permits of the semaphore that is waited for, once for each; `None` as long as not all of them are known.
pub(crate) fn all_holders(runtime: &Runtime, wait: &WaitEntry) -> Option<Vec<Blocker>> {
    let permits = runtime.tasks.permits(wait.object)?;
    Some(holders(runtime, wait)).filter(|holders| holders.len() == permits as usize)
}

/// Who has acquired a permit and not given it back, once for each. Several that were acquired at once count as one, so then not all
/// are known.
fn holders(runtime: &Runtime, wait: &WaitEntry) -> Vec<Blocker> {
    let slots = runtime.board.occupied().map(|(_, slot)| slot);
    let entries = slots.flat_map(|slot| slot.held().into_iter().map(move |held| (slot, held)));
    let here = entries.filter(|(_, held)| held.instance == wait.object);
    let here = here.map(|(slot, held)| Blocker::holding(runtime, slot, held));
    here.chain(wait_for::handed(runtime, wait)).collect()
}
