//! Knots: states in which no thread of the process can ever move again.
//!
//! *Any* other thread may end a wait for a condition variable, a channel, a barrier or an unpark. So such a wait
//! is a deadlock only when every thread of the process is blocked for good. [`crate::rt::watch::still`] sees that state; here it is explained by those who would have to
//! act. For a lock they are known. For a message, threads that have sent before are preferred ([`Past`]). If none has, it may be any
//! thread that waits for a lock of the receiver's, so all of those are named. Idle workers explain nothing.

use super::judge::is_end;
use super::look::BoardThread;
use super::past::Past;
use crate::rt::deadlock::wait_for::{self, Blocker, Cycle, Participant};
use crate::rt::shared::board::{HeldEntry, Slot, WaitEntry, is_await};
use crate::rt::shared::runtime::Runtime;
use std::collections::{HashMap, HashSet, VecDeque};
use syncscope_recording::layout::{deadlock_kind, wait};

/// Longest way that is followed, and most threads of a knot whose ways are.
const LONGEST: usize = 32;
const EXPLAINED: usize = 512;

/// The knot in the fewest threads that explain it; else all.
pub(crate) fn knot(runtime: &Runtime, threads: &[BoardThread]) -> Cycle {
    let waiting: Vec<(Slot, WaitEntry)> =
        threads.iter().filter_map(|known| Some((known.slot, known.slot.last_wait()?))).collect();
    // One that could not be proved while it arose, since a guard may have been sent. Where a thread waits for what it acquired
    // itself and others wait beside it, one of those may well have the guard.
    let cycle = |(slot, wait): &(Slot, WaitEntry)| wait_for::cycle_in_knot(runtime, *slot, *wait);
    let is_told = |cycle: &Cycle| {
        let is_handed = cycle.participants.iter().any(|one| one.is_handed);
        cycle.kind != deadlock_kind::SELF || waiting.len() == 1 || is_handed
    };
    if let Some(cycle) = waiting.iter().filter_map(cycle).find(is_told) {
        return cycle;
    }
    let knot = Knot::new(runtime, waiting, Past::of(runtime));
    let found = if knot.waiting.len() <= EXPLAINED {
        knot.cycle().or_else(|| knot.behind_one())
    } else {
        None
    };
    match found {
        Some(participants) if participants.iter().any(|one| one.holds.is_some()) => {
            let kind = if is_cycle(runtime, &participants) {
                deadlock_kind::CYCLE
            } else {
                deadlock_kind::KNOT
            };
            Cycle { kind, participants }
        }
        first => knot.all(first.unwrap_or_default()),
    }
}

/// Whether a handler of a signal could wake a thread of this knot, and with it the others: no lock is in the way, and each waits for what
/// anyone may give, or for the end of another.
pub(crate) fn may_be_woken(knot: &Cycle) -> bool {
    let from_anyone = |kind: u32| {
        matches!(
            kind,
            wait::PARK
                | wait::RECV
                | wait::CONDVAR
                | wait::EVENT
                | wait::GET
                | wait::SEMAPHORE
                | wait::ONCE_WAIT
                | wait::JOBS
                | wait::IDLE
                | wait::SELECT
                | wait::PARKER
                | wait::WAIT_GROUP
                | wait::JOIN
                | wait::SCOPE
        )
    };
    knot.participants
        .iter()
        .all(|one| one.holds.is_none() && (from_anyone(one.wait.kind) || is_await(one.wait.kind)))
}

/// Whether each thread waits for what the next one holds or may give, and not several for the same one.
fn is_cycle(runtime: &Runtime, participants: &[Participant]) -> bool {
    participants.windows(2).skip(1).all(|pair| {
        let blockers = wait_for::blockers(runtime, pair[0].thread, &pair[0].wait);
        blockers.is_empty()
            || blockers.iter().any(|blocker| blocker.slot.thread() == pair[1].thread)
    })
}

struct Knot<'a> {
    runtime: &'a Runtime,
    past: Past<'a>,
    waiting: Vec<(Slot, WaitEntry)>,
    /// By thread: whom it waits for, as far as that is known.
    next: HashMap<u32, Vec<Blocker>>,
    /// Workers that wait for the next job.
    idle: HashSet<u32>,
}

impl<'a> Knot<'a> {
    fn new(runtime: &'a Runtime, waiting: Vec<(Slot, WaitEntry)>, past: Past<'a>) -> Self {
        let idle = idle(runtime, &past, &waiting);
        let next = waiting
            .iter()
            .map(|(slot, wait)| {
                let thread = slot.thread();
                let known = if wait_for::waits_for_known(runtime, thread, wait) {
                    let mut blockers = wait_for::blockers(runtime, thread, wait);
                    // If it acquired the lock itself, another thread may have the guard: see above.
                    blockers.retain(|blocker| blocker.slot.thread() != thread);
                    blockers
                } else {
                    let acted = past.wakers(wait, thread);
                    let others = waiting.iter().filter(|(other, its)| {
                        acted.contains(&other.thread()) && !asks_only(runtime, wait, other, its)
                    });
                    others.map(|(other, _)| Blocker::of(*other, mutex_of(*other, wait))).collect()
                };
                (thread, known)
            })
            .collect();
        Self { runtime, past, waiting, next, idle }
    }

    /// The best cycle over what is known: one with a lock in it, else one without idle workers, and of those the shortest.
    fn cycle(&self) -> Option<Vec<Participant>> {
        let cycles = self.waiting.iter().filter_map(|(slot, wait)| self.cycle_from(*slot, *wait));
        let rank = |cycle: &Vec<Participant>| {
            let peers = (0..cycle.len()).any(|at| {
                let (one, next) = (&cycle[at], &cycle[(at + 1) % cycle.len()]);
                self.past.are_peers(&one.wait, &next.wait, next.holds)
            });
            let joins = cycle.iter().filter(|one| is_end(one.wait.kind)).count();
            let idle = cycle.iter().filter(|one| self.idle.contains(&one.thread)).count();
            (peers, cycle.iter().all(|one| one.holds.is_none()), idle, joins, cycle.len())
        };
        let best = cycles.filter(|cycle| !rank(cycle).0).min_by_key(rank)?;
        Some(self.starting_first(best))
    }

    /// The shortest cycle through a thread.
    fn cycle_from(&self, start: Slot, start_wait: WaitEntry) -> Option<Vec<Participant>> {
        let target = start.thread();
        // By thread: how it was reached.
        let mut from: HashMap<u32, (u32, Blocker)> = HashMap::new();
        let mut queue = VecDeque::from([target]);
        while let Some(thread) = queue.pop_front() {
            for blocker in self.next.get(&thread).into_iter().flatten() {
                let next = blocker.slot.thread();
                if next == target {
                    return self.path(start, start_wait, *blocker, thread, &from);
                }
                if !from.contains_key(&next) && blocker.slot.last_wait().is_some() {
                    from.insert(next, (thread, *blocker));
                    queue.push_back(next);
                }
            }
        }
        None
    }

    /// The cycle that was found, from `start` over those between to `last`, which waits for `start`.
    fn path(
        &self,
        start: Slot,
        start_wait: WaitEntry,
        closing: Blocker,
        last: u32,
        from: &HashMap<u32, (u32, Blocker)>,
    ) -> Option<Vec<Participant>> {
        let mut path = Vec::new();
        let mut at = last;
        while at != start.thread() {
            let (before, blocker) = from.get(&at)?;
            path.push(blocker.participant(blocker.slot.last_wait()?));
            at = *before;
        }
        path.push(Participant {
            is_handed: closing.is_handed,
            ..wait_for::participant(start, start_wait, closing.holds)
        });
        path.reverse();
        Some(path)
    }

    /// A thread that waits for what nobody has given before, with all that wait for a lock of it, directly or behind others.
    /// One of them would have had to give it.
    fn behind_one(&self) -> Option<Vec<Participant>> {
        let ends = self.waiting.iter().filter(|(slot, wait)| {
            !wait_for::waits_for_known(self.runtime, slot.thread(), wait)
                && !self.idle.contains(&slot.thread())
        });
        let ways = ends.filter_map(|(slot, wait)| self.ways_to(*slot, *wait));
        ways.max_by_key(|way| (way.iter().all(|one| !is_end(one.wait.kind)), way.len()))
    }

    fn ways_to(&self, end: Slot, end_wait: WaitEntry) -> Option<Vec<Participant>> {
        let mut ways: Vec<Vec<Participant>> = self
            .waiting
            .iter()
            .filter(|(slot, wait)| {
                wait_for::waits_for_all(wait.kind) && slot.thread() != end.thread()
            })
            .filter_map(|(slot, wait)| self.way(*slot, *wait, end, end_wait))
            // A way of ends only says nothing: main joins all threads.
            .filter(|way| way[0].holds.is_some())
            .collect();
        ways.sort_by_key(|way| std::cmp::Reverse(way.len()));
        let mut ways = ways.into_iter();
        let mut found = ways.next()?;
        for way in ways {
            for one in way {
                if found.iter().all(|known| known.thread != one.thread) {
                    found.push(one);
                }
            }
        }
        Some(found)
    }

    /// From `end` over `start`, which may be the one that it waits for, back to `end`.
    fn way(
        &self,
        start: Slot,
        start_wait: WaitEntry,
        end: Slot,
        end_wait: WaitEntry,
    ) -> Option<Vec<Participant>> {
        let mutex = mutex_of(start, &end_wait);
        let mut way = vec![
            wait_for::participant(end, end_wait, None),
            wait_for::participant(start, start_wait, mutex),
        ];
        let mut thread = start.thread();
        for _ in 0..LONGEST {
            let blockers = self.next.get(&thread)?;
            let back = blockers.iter().find(|blocker| blocker.slot.thread() == end.thread());
            if let Some(back) = back {
                way[0].holds = back.holds;
                way[0].is_handed = back.is_handed;
                let first = way[1].wait;
                return (!self.past.are_peers(&first, &end_wait, back.holds)).then_some(way);
            }
            let on = blockers.iter().find_map(|one| Some((*one, one.slot.last_wait()?)))?;
            let is_new = way.iter().all(|known| known.thread != on.0.slot.thread());
            if !is_new || !wait_for::waits_for_all(on.1.kind) {
                return None;
            }
            way.push(on.0.participant(on.1));
            thread = on.0.slot.thread();
        }
        None
    }

    /// All threads: first those that explain it, then the others, at last the idle workers.
    fn all(&self, first: Vec<Participant>) -> Cycle {
        let named: HashSet<u32> = first.iter().map(|one| one.thread).collect();
        let mut others: Vec<_> =
            self.waiting.iter().filter(|(slot, _)| !named.contains(&slot.thread())).collect();
        // Who only waits for the end of another says little.
        others.sort_by_key(|(slot, wait)| {
            (self.idle.contains(&slot.thread()), is_end(wait.kind), slot.thread())
        });
        let others =
            others.into_iter().map(|(slot, wait)| wait_for::participant(*slot, *wait, None));
        let participants = first.into_iter().chain(others).collect();
        Cycle { kind: deadlock_kind::KNOT, participants }
    }

    /// The cycle, starting at a thread that is not an idle worker.
    fn starting_first(&self, mut cycle: Vec<Participant>) -> Vec<Participant> {
        let is_first = |one: &Participant| {
            !self.idle.contains(&one.thread)
                && !wait_for::waits_for_known(self.runtime, one.thread, &one.wait)
        };
        if let Some(at) = cycle.iter().position(is_first) {
            cycle.rotate_left(at);
        }
        cycle
    }
}

/// Whether a wait is for jobs, and the other thread one that asks for jobs and runs none: by that it has woken workers, too.
fn asks_only(runtime: &Runtime, wait: &WaitEntry, other: &Slot, its: &WaitEntry) -> bool {
    let kinds = (wait.kind, its.kind);
    kinds == (wait::JOBS, wait::JOBS) && wait_for::waits_for_known(runtime, other.thread(), its)
}

/// Workers of a pool: several threads that wait for the same, at the same place, or one of them for anyone and the others for its lock.
fn idle(runtime: &Runtime, past: &Past<'_>, waiting: &[(Slot, WaitEntry)]) -> HashSet<u32> {
    let mut idle = HashSet::new();
    for (slot, wait) in waiting {
        let alike = |(other, its): &&(Slot, WaitEntry)| {
            other.thread() != slot.thread()
                && (its.kind, its.object, its.site) == (wait.kind, wait.object, wait.site)
        };
        if wait.kind == wait::IDLE {
            idle.insert(slot.thread());
        }
        if matches!(wait.kind, wait::RECV | wait::CONDVAR | wait::GET | wait::SEMAPHORE)
            && waiting.iter().any(|one| alike(&one))
        {
            idle.insert(slot.thread());
        }
        for blocker in wait_for::blockers(runtime, slot.thread(), wait) {
            let holder = blocker.slot.last_wait().unwrap_or_default();
            if past.are_peers(wait, &holder, blocker.holds) {
                idle.extend([slot.thread(), blocker.slot.thread()]);
            }
        }
    }
    idle
}

/// What a thread holds of a condition variable's mutex: a waiter also needs that back.
fn mutex_of(thread: Slot, wait: &WaitEntry) -> Option<HeldEntry> {
    thread.held().into_iter().find(|held| wait.object2 != 0 && held.instance == wait.object2)
}
