//! The wait-for check: does the thread that is about to block close a cycle?
//!
//! The thread that blocks looks along edges that *all* must give way (`AND`): the owner of a mutex, the holders of an
//! RwLock, the running initialiser of a Once (also where its value is only waited for), the thread that is joined, the threads of a
//! scope. A path that leads back is a deadlock: each thread on it sleeps until the next one acts, and the checking thread, which is exact about itself, holds
//! what the last one waits for; so none of the facts along the path can change any more.
//!
//! Nothing here reads a lock's own memory but the caller's own lock: the lock of another thread may be gone by then. Owners
//! are found by looking for the instance in the held stacks on the board, which stay mapped.
//!
//! What other threads *may* do (`OR`: notify, send, unpark, arrive) is the service thread's business ([`crate::rt::watch`]).

use super::{arms, asleep, calls};
use crate::rt::object::meta::Meta;
use crate::rt::shared::board::{HeldEntry, Slot, WaitEntry};
use crate::rt::shared::runtime::Runtime;
use std::collections::HashSet;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{access, deadlock_kind, slot, thread_flag, wait};

/// A deadlock that was found: each participant waits for something of the next, the last for something of the first.
#[derive(Clone, Debug)]
pub(crate) struct Cycle {
    /// One of [`deadlock_kind`].
    pub(crate) kind: u32,
    pub(crate) participants: Vec<Participant>,
}

impl Cycle {
    /// Whether a task is part of it: see [`suspects`](crate::rt::shared::suspects).
    pub(crate) fn has_task(&self, runtime: &Runtime) -> bool {
        let is_task =
            |one: &Participant| runtime.board.find(one.thread).is_some_and(|s| s.is_task());
        self.participants.iter().any(is_task)
    }
}

/// One thread of a cycle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Participant {
    pub(crate) thread: u32,
    pub(crate) wait: WaitEntry,
    /// The lock that the previous participant wants, as this one took it.
    pub(crate) holds: Option<HeldEntry>,
    /// That was handed to a future of this one, a task, and nobody polls it.
    pub(crate) is_handed: bool,
    pub(crate) segment: u32,
    pub(crate) depth: u32,
}

/// Looks for a cycle through the thread of `slot`, which has just published its wait. `meta` is the lock it waits for, if it is one.
#[cold]
pub(crate) fn closes_cycle(runtime: &Runtime, slot: Slot, meta: Option<&Meta>) -> Option<Cycle> {
    let own = slot.wait()?;
    let number = slot.thread();
    if !waits_for_all(own.kind) {
        return None;
    }
    // The common case in a program that works: the owner is not blocked. One look, no search.
    if let Some(meta) = meta
        && let Some(owner) = owner_by_hint(runtime, meta, &own)
        && owner.slot.thread() != number
        && owner.slot.wait().is_none_or(|wait| !waits_for_all(wait.kind))
    {
        return None;
    }
    let orphan = runtime.orphans.find(&own);
    if let Some((_, held)) = orphan.filter(|(_, held)| runtime.movable.is_bound(held.class)) {
        let participant = Participant { holds: Some(held), ..participant(slot, own, None) };
        return Some(Cycle { kind: deadlock_kind::ORPHAN, participants: vec![participant] });
    }
    if let Some(held) = runtime.left_behind.find(&own)
        && blockers(runtime, number, &own).is_empty()
    {
        let participant = Participant { holds: Some(held), ..participant(slot, own, None) };
        return Some(Cycle { kind: deadlock_kind::FORKED, participants: vec![participant] });
    }
    // What a thread holds it hands over to a task that it blocks on, of which the lock knows nothing.
    let still_has = |slot: &Slot| slot.held().iter().any(|held| own.is_blocked_by(held));
    let owner = meta.and_then(|meta| runtime.board.slot(meta.owner_hint()?)).filter(still_has);
    let search =
        Search { owner: owner.map(|slot| slot.thread()), ..Search::new(runtime, number, false) };
    search.run(participant(slot, own, None))
}

/// The cycle that this thread is on, where no thread can ever move again: then nobody else can have released what one of them
/// acquired, so guards that may be sent are where they were acquired, or with one that waits as well.
#[cold]
pub(crate) fn cycle_in_knot(runtime: &Runtime, slot: Slot, wait: WaitEntry) -> Option<Cycle> {
    if !waits_for_all(wait.kind) {
        return None;
    }
    Search::new(runtime, slot.thread(), true).run(participant(slot, wait, None))
}

/// A thread that stands in the way of a wait, and by which lock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blocker {
    /// Who must act.
    pub(crate) slot: Slot,
    /// Who has acquired it: the same, or an arm of that task.
    has: Slot,
    pub(crate) holds: Option<HeldEntry>,
    /// It was handed to a future of this one, a task, and nobody polls it.
    pub(crate) is_handed: bool,
}

impl Blocker {
    pub(crate) fn of(slot: Slot, holds: Option<HeldEntry>) -> Self {
        Self { slot, has: slot, holds, is_handed: false }
    }

    /// Of who has acquired a lock.
    pub(crate) fn holding(runtime: &Runtime, has: Slot, held: HeldEntry) -> Self {
        let slot = arms::who_acts(runtime, has);
        Self { slot, has, holds: Some(held), is_handed: false }
    }

    /// As the participant who is in this wait.
    pub(crate) fn participant(&self, wait: WaitEntry) -> Participant {
        Participant { is_handed: self.is_handed, ..participant(self.slot, wait, self.holds) }
    }
}

/// The tasks that were handed what this wait is for, each in a future that nobody polls.
pub(crate) fn handed<'a>(
    runtime: &'a Runtime,
    own: &'a WaitEntry,
) -> impl Iterator<Item = Blocker> + 'a {
    runtime.queues.handed(own.object).into_iter().flatten().filter_map(|(task, held)| {
        let slot = runtime.board.find(task)?;
        Some(Blocker { is_handed: true, ..Blocker::of(slot, Some(held)) })
    })
}

/// The threads that must all act before this wait can end; empty when that is not known.
pub(crate) fn blockers(runtime: &Runtime, waiter: u32, own: &WaitEntry) -> Vec<Blocker> {
    let others = || runtime.board.occupied().map(|(_, slot)| slot);
    match own.kind & !wait::TIMED {
        wait::MUTEX | wait::READ | wait::WRITE | wait::ONCE | wait::ONCE_WAIT | wait::JOBS => {
            let mut found: Vec<_> = others()
                .flat_map(|slot| {
                    let held = slot.held().into_iter().find(|held| own.is_blocked_by(held));
                    held.map(|holds| Blocker::holding(runtime, slot, holds))
                })
                .collect();
            let is_in_way = |one: &Blocker| one.holds.is_some_and(|held| own.is_blocked_by(&held));
            found.extend(handed(runtime, own).filter(is_in_way));
            if own.kind == wait::READ && found.is_empty() {
                found.extend(
                    queued_writers(runtime, waiter, own.object).map(|slot| Blocker::of(slot, None)),
                );
            }
            found
        }
        // Which one of them ends first nobody knows: see `permits`.
        wait::JOIN if own.object2 > 0 => Vec::new(),
        wait::JOIN => {
            let ends = who_ends(runtime, own.object);
            ends.map(|slot| Blocker::of(slot, None)).into_iter().collect()
        }
        // A scope that began while the runtime was being started has no number, and its threads are not known.
        wait::SCOPE if own.object == 0 => Vec::new(),
        wait::SCOPE => others()
            // Acquire: pairs with the Release in `attach::end`.
            .filter(|slot| slot.u32(slot::SCOPE).load(Ordering::Relaxed) == own.object)
            .filter(|slot| {
                slot.u32(slot::FLAGS).load(Ordering::Acquire) & thread_flag::RETURNED == 0
            })
            .map(|slot| Blocker::of(slot, None))
            .collect(),
        _ => Vec::new(),
    }
}

/// Who must act before the thread or task of this number, or the call that it stands for, has ended.
pub(crate) fn who_ends(runtime: &Runtime, number: u32) -> Option<Slot> {
    runtime.board.find(number).or_else(|| calls::who_runs(runtime, number))
}

/// Writers that wait for an RwLock: std's lock lets them go before new readers.
fn queued_writers(
    runtime: &Runtime,
    waiter: u32,
    instance: u32,
) -> impl Iterator<Item = Slot> + '_ {
    let waits = move |slot: &Slot| {
        slot.wait().is_some_and(|wait| wait.kind == wait::WRITE && wait.object == instance)
    };
    runtime
        .board
        .occupied()
        .map(|(_, slot)| slot)
        .filter(move |slot| slot.thread() != waiter && waits(slot))
}

/// Whether this wait ends only when all that stand in its way have acted, and not by itself.
pub(crate) fn waits_for_all(kind: u32) -> bool {
    matches!(
        kind,
        wait::MUTEX
            | wait::READ
            | wait::WRITE
            | wait::ONCE
            | wait::ONCE_WAIT
            | wait::JOIN
            | wait::SCOPE
            | wait::JOBS
    )
}

/// As [`waits_for_all`], where it is known who they are: of jobs of a pool it often is not, and as long as nobody initialises, anyone
/// may.
pub(crate) fn waits_for_known(runtime: &Runtime, waiter: u32, wait: &WaitEntry) -> bool {
    let may_be_anyone = matches!(wait.kind, wait::JOBS | wait::ONCE_WAIT);
    waits_for_all(wait.kind) && !(may_be_anyone && blockers(runtime, waiter, wait).is_empty())
}

fn owner_by_hint(runtime: &Runtime, meta: &Meta, own: &WaitEntry) -> Option<Blocker> {
    // A hint only: checked against the held stack next.
    let slot = runtime.board.slot(meta.owner_hint()?)?;
    let held = slot.held().into_iter().find(|held| own.is_blocked_by(held))?;
    Some(Blocker::holding(runtime, slot, held))
}

pub(crate) fn participant(slot: Slot, wait: WaitEntry, holds: Option<HeldEntry>) -> Participant {
    Participant {
        thread: slot.thread(),
        wait,
        holds,
        is_handed: false,
        // Relaxed: stored before the wait, which was read with Acquire and is looked at again at the end.
        segment: slot.u32(slot::SEGMENT).load(Ordering::Relaxed),
        depth: slot.depth(),
    }
}

struct Search<'a> {
    runtime: &'a Runtime,
    target: u32,
    /// Whether who acquired a lock counts as its holder even if the guard may have been sent.
    in_knot: bool,
    /// Who holds what the target wants, if exclusively, by the lock's own memory: the board lies in a file, where others may write by
    /// accident.
    owner: Option<u32>,
    visited: HashSet<u32>,
    path: Vec<Participant>,
}

impl<'a> Search<'a> {
    fn new(runtime: &'a Runtime, target: u32, in_knot: bool) -> Self {
        Self { runtime, target, in_knot, owner: None, visited: HashSet::new(), path: Vec::new() }
    }

    fn run(mut self, start: Participant) -> Option<Cycle> {
        self.visit(start).then(|| {
            let kind =
                if self.path.len() == 1 { deadlock_kind::SELF } else { deadlock_kind::CYCLE };
            Cycle { kind, participants: self.path }
        })
    }

    /// Depth first along the wait-for edges; `true` when the target is reached, with the path in `path`.
    fn visit(&mut self, at: Participant) -> bool {
        let wait = at.wait;
        let thread = at.thread;
        self.path.push(at);
        for blocker in self.blockers(thread, &wait) {
            let next = blocker.slot.thread();
            if next == self.target {
                // Closes the cycle: the first participant holds what the last one wants.
                self.path[0].holds = blocker.holds;
                self.path[0].is_handed = blocker.is_handed;
                if self.is_still_true() {
                    return true;
                }
                continue;
            }
            if !self.visited.insert(next) {
                continue;
            }
            let Some(wait) = self.wait_while_holding(&blocker) else { continue };
            if self.visit(blocker.participant(wait)) {
                return true;
            }
        }
        self.path.pop();
        false
    }

    /// Whether every thread on the path is still in the wait in which it was seen.
    fn is_still_true(&self) -> bool {
        self.path.iter().all(|seen| {
            if !seen.is_handed && !self.is_held(seen.holds.as_ref()) {
                return false;
            }
            let now = self.runtime.board.find(seen.thread).and_then(|slot| slot.wait());
            now.is_some_and(|now| now.seq == seen.wait.seq)
        })
    }

    /// Whether it is certain that the thread which acquired a lock holds it still.
    fn is_held(&self, held: Option<&HeldEntry>) -> bool {
        self.in_knot || held.is_none_or(|held| self.runtime.movable.is_bound(held.class))
    }

    /// Whether the lock itself does not say otherwise: a holder has stored its slot there before it tells the board.
    fn is_owner(&self, blocker: &Blocker) -> bool {
        let is_exclusive = blocker.holds.is_some_and(|held| held.access & access::SHARED == 0);
        !is_exclusive || self.owner.is_none_or(|owner| owner == blocker.has.thread())
    }

    /// As [`blockers`], but only those that are certain: not who acquired a lock whose guard may have been sent since. And a queued
    /// writer counts only when it surely sleeps: one that has published its wait and not yet queued does not stop a reader.
    fn blockers(&self, thread: u32, wait: &WaitEntry) -> Vec<Blocker> {
        let found = blockers(self.runtime, thread, wait);
        let certain = |blocker: &Blocker| {
            // A guard that nobody has yet goes nowhere.
            (blocker.is_handed || self.is_held(blocker.holds.as_ref()))
                && (thread != self.target || self.is_owner(blocker))
                && (blocker.holds.is_some()
                    || wait.kind != wait::READ
                    || asleep::sleeps_on(blocker.slot))
        };
        found.into_iter().filter(certain).collect()
    }

    /// The wait of a blocker, if it holds the lock in question inside that very wait: what was read before may be over.
    fn wait_while_holding(&self, blocker: &Blocker) -> Option<WaitEntry> {
        let wait = self.wait_of(blocker.slot).filter(|wait| waits_for_all(wait.kind))?;
        let thread = blocker.slot.thread();
        let is_handed = |wanted: HeldEntry| {
            let handed = self.runtime.queues.handed(wanted.instance);
            handed.iter().flatten().any(|(task, held)| (*task, held.site) == (thread, wanted.site))
        };
        let holds = |wanted: HeldEntry| {
            blocker
                .has
                .held()
                .iter()
                .any(|held| held.instance == wanted.instance && held.access == wanted.access)
        };
        let still = match blocker.holds {
            Some(wanted) if blocker.is_handed => is_handed(wanted),
            wanted => wanted.is_none_or(holds),
        };
        // Acquire, by `wait`: the held stack was read between two looks at the same wait.
        (still && blocker.slot.wait().is_some_and(|now| now.seq == wait.seq)).then_some(wait)
    }

    fn wait_of(&self, slot: Slot) -> Option<WaitEntry> {
        if self.in_knot { slot.last_wait() } else { slot.wait() }
    }
}
