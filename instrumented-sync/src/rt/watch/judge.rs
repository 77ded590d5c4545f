//! Who is held up: decided from one view of all threads, without a look at anything else.
//!
//! From the thread that waits the way goes to what it waits for, over threads that wait for others themselves, to the thread that would
//! have to act. A lock in the way that this one holds, and does not release since it is blocked, sleeps in the kernel or goes round a
//! loop, is a stall whatever the rest of the process does. Where only ends of threads are waited for, it is one only if nobody is left who
//! may wake the last thread ([`crate::rt::watch::givers`]): main joins its workers in every program that works, and they may idle for hours.
//!
//! A thread that runs, or sleeps once for a time, goes on by itself: of that `long-wait` tells.

use super::exhausted::is_for_permit;
use super::givers::Givers;
use super::look::BoardThread;
use super::past::Past;
use super::view::{Doing, View};
use crate::rt::deadlock::wait_for::{self, Blocker, Participant};
use crate::rt::shared::board::{HeldEntry, WaitEntry};
use crate::rt::shared::runtime::Runtime;
use std::collections::HashSet;
use syncscope_recording::layout::wait;

/// What was found.
#[derive(Debug)]
pub(crate) struct Found {
    /// The thread that waits first, the one that would have to act last.
    pub(crate) participants: Vec<Participant>,
    /// The holding that all wait for: thread, instance, since when.
    pub(crate) holding: Option<(u32, u32, u64)>,
}

/// Whether a wait of this kind is for something that is meant to come soon. Messages, notifications and unparks may not come for hours.
pub(crate) fn expects(kind: u32) -> bool {
    wait_for::waits_for_all(kind)
        || matches!(
            kind,
            wait::ONCE_WAIT
                | wait::BARRIER
                | wait::SEND
                | wait::PUT
                | wait::SEMAPHORE
                | wait::LOCK
                | wait::QUEUE_JOIN
                | wait::WAIT_GROUP
        )
}

/// One step of the way.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// Who, and what the step before wants of it.
    by: Blocker,
    wait: WaitEntry,
}

struct Way<'a> {
    runtime: &'a Runtime,
    views: &'a [View],
    past: &'a Past<'a>,
    old: u64,
    visited: HashSet<u32>,
    steps: Vec<Step>,
}

/// Whether a thread that has waited long is held up. A lock that was acquired before the ticks `old` has been held long.
pub(crate) fn held_up(
    runtime: &Runtime,
    views: &[View],
    start: BoardThread,
    (past, old): (&Past<'_>, u64),
) -> Option<Found> {
    let wait = start.wait?;
    let visited = HashSet::from([start.thread]);
    let mut way = Way { runtime, views, past, old, visited, steps: Vec::new() };
    let holding = way.onward(Step { by: Blocker::of(start.slot, None), wait })?;
    let participants = way.steps.iter().map(|step| step.by.participant(step.wait));
    Some(Found { participants: participants.collect(), holding })
}

/// Adds those that wait long for what a participant holds, or for the same as the first one, in front of the last one.
pub(crate) fn add_others(
    runtime: &Runtime,
    due: &[BoardThread],
    participants: &mut Vec<Participant>,
) {
    let is_new = |known: &&BoardThread, participants: &[Participant]| {
        participants.iter().all(|one| one.thread != known.thread)
    };
    for known in due {
        let Some(wait) = known.wait.filter(|_| is_new(&known, participants)) else { continue };
        let blockers = wait_for::blockers(runtime, known.thread, &wait);
        let is_behind =
            |blocker: &Blocker| participants.iter().any(|one| one.thread == blocker.slot.thread());
        let is_alike = participants.first().is_some_and(|first| {
            !wait_for::waits_for_all(wait.kind)
                && (first.wait.kind, first.wait.object) == (wait.kind, wait.object)
        });
        if is_alike || blockers.iter().any(is_behind) {
            let at = participants.len().saturating_sub(1).max(1);
            participants.insert(at, wait_for::participant(known.slot, wait, None));
        }
    }
    add_permits(runtime, participants);
}

/// Adds what permits those who are told of have, of semaphores that others of them wait for.
pub(crate) fn add_permits(runtime: &Runtime, participants: &mut [Participant]) {
    let waits = participants.iter().map(|one| one.wait);
    let semaphores: Vec<u32> =
        waits.filter(|wait| is_for_permit(wait.kind)).map(|wait| wait.object).collect();
    for one in participants.iter_mut().filter(|one| one.holds.is_none()) {
        let slot = runtime.board.find(one.thread).filter(|_| !semaphores.is_empty());
        let held = slot.map(|slot| slot.held()).unwrap_or_default();
        one.holds = held.into_iter().find(|held| semaphores.contains(&held.instance));
    }
}

impl Way<'_> {
    /// Goes on from a thread that waits; `Some` when nobody at the end of the way acts, with the holding that is in the way.
    fn onward(&mut self, step: Step) -> Option<Option<(u32, u32, u64)>> {
        self.steps.push(step);
        let thread = step.by.slot.thread();
        let blockers = wait_for::blockers(self.runtime, thread, &step.wait);
        let found = if !wait_for::waits_for_known(self.runtime, thread, &step.wait) {
            self.is_given_up(thread, &step.wait).then_some(None)
        } else if blockers.iter().all(|one| one.is_handed && one.slot.thread() == thread) {
            // Nobody who is known holds it, or the task itself was handed it. Of a thread that is not known nothing is told.
            is_lock(step.wait.kind).then_some(None)
        } else {
            blockers.into_iter().find_map(|blocker| self.over(step, blocker))
        };
        if found.is_none() {
            self.steps.pop();
        }
        found
    }

    /// Goes over a thread that is in the way.
    fn over(&mut self, from: Step, blocker: Blocker) -> Option<Option<(u32, u32, u64)>> {
        let thread = blocker.slot.thread();
        if !self.visited.insert(thread) {
            return self.closes(blocker);
        }
        let view = *self.views.iter().find(|view| view.thread == thread)?;
        let wait = view.wait.unwrap_or_default();
        let step = Step { by: blocker, wait };
        let holding = blocker.holds.map(|held| (thread, held.instance, held.ticks));
        if wait.kind != wait::NONE && wait_for::waits_for_known(self.runtime, thread, &wait) {
            let beyond = self.onward(step)?;
            return Some(beyond.or(holding));
        }
        // It took the lock before the first one asked for it, and has kept it since; or was handed it by the one before, and has kept it long.
        let is_kept = |held: &HeldEntry| held.ticks <= from.wait.since.max(self.old);
        // Workers may share a listener behind a lock, too.
        let wants_the_same =
            |held: HeldEntry| (held.instance, held.site) == (from.wait.object, from.wait.site);
        let are_peers = self.past.are_peers(&from.wait, &wait, blocker.holds)
            || view.doing == Doing::Accepts && blocker.holds.is_some_and(wants_the_same);
        let is_lock_kept = blocker.holds.is_some_and(|held| is_kept(&held)) && !are_peers;
        let is_stuck = match view.doing {
            Doing::Moves => false,
            Doing::InKernel | Doing::Accepts | Doing::Awaits | Doing::GoesRound => {
                self.has_lock(is_lock_kept)
            }
            Doing::Waits | Doing::Sleeps => {
                self.has_lock(is_lock_kept) || self.is_given_up(thread, &wait)
            }
        };
        if !is_stuck || are_peers && self.steps.len() == 1 {
            // An idle worker behind another is held up by nobody, unless somebody waits for its end.
            return None;
        }
        self.steps.push(step);
        Some(holding)
    }

    /// Whether this is who waits first: then each waits for the next one. What is certain of that is told as a deadlock; what is not has
    /// lasted.
    fn closes(&mut self, blocker: Blocker) -> Option<Option<(u32, u32, u64)>> {
        let thread = blocker.slot.thread();
        let is_circle = self.steps.len() > 1 && self.has_lock(blocker.holds.is_some());
        let first = self.steps.first_mut().filter(|first| first.by.slot.thread() == thread)?;
        if !is_circle {
            return None;
        }
        first.by = blocker;
        Some(blocker.holds.map(|held| (thread, held.instance, held.ticks)))
    }

    /// Whether a lock is in the way: of the last thread, or before.
    fn has_lock(&self, last: bool) -> bool {
        last || self.steps.iter().any(|step| step.by.holds.is_some())
    }

    /// Whether nobody is left who could wake a thread from a wait that anyone may end.
    ///
    /// As long as nobody has given it, any thread that runs, sleeps, reads or accepts may: a server has had no connection yet. Once
    /// somebody has, it is expected of those who have, of those who spawned them, and of those who could make them go on. A thread
    /// that sleeps and wakes by itself would have acted by now, unless it has given it before.
    fn is_given_up(&self, waiter: u32, wait: &WaitEntry) -> bool {
        let givers = Givers::of(self.runtime, self.views, self.past, (waiter, wait));
        self.views.iter().all(|view| match view.doing {
            Doing::Waits | Doing::Sleeps => true,
            Doing::GoesRound => {
                view.thread != 0 && !self.past.may_have_given(view.thread, waiter, wait)
            }
            Doing::InKernel | Doing::Accepts | Doing::Awaits | Doing::Moves => {
                !givers.may_be(view.thread)
            }
        })
    }
}

/// Whether the end of threads is waited for.
pub(crate) fn is_end(kind: u32) -> bool {
    matches!(kind, wait::JOIN | wait::SCOPE)
}

fn is_lock(kind: u32) -> bool {
    matches!(kind, wait::MUTEX | wait::READ | wait::WRITE | wait::ONCE)
}
