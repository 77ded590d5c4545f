//! Threads that are held up while others go on: a partial stall.
//!
//! Told of a thread that waits for a lock, an initialiser or another thread's end, and has done so for the time of a stall, when what it
//! waits for does not come: [`judge`] decides, from the looks that are collected here. What moves is told by two looks at the kernel's
//! counters, half that time apart at least.

use super::exhausted::{exhausted, is_for_permit};
use super::full;
use super::judge::{self, Found};
use super::look::{self, BoardThread};
use super::overdue::{self, Watch};
use super::past::Past;
use super::places::Places;
use super::view::{Doing, View};
use crate::rt::deadlock::verdict;
use crate::rt::deadlock::wait_for::Cycle;
use crate::rt::machine::clock;
use crate::rt::machine::os::{self, OsThread};
use crate::rt::machine::system_call;
use crate::rt::shared::board::{HeldEntry, WaitEntry};
use crate::rt::shared::runtime::Runtime;
use crate::rt::thread::beat::pulse;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::time::Duration;
use syncscope_recording::layout::{deadlock_kind, header, wait};

/// Stalls that are told in one process at most.
const TOLD: usize = 64;
/// So often a thread has woken between the two looks that goes round a loop of sleeps or timed waits.
const ROUNDS: u64 = 3;
/// Threads in one record at most.
const PARTICIPANTS: usize = 64;

/// What the looks so far have seen.
#[derive(Debug, Default)]
pub(crate) struct HeldUp {
    look: u64,
    /// By thread.
    waits: HashMap<u32, Age>,
    /// The kernel's account of all threads at an earlier look, and how long ago that was.
    before: Option<(Duration, HashMap<u32, OsThread>)>,
    /// Holdings that were told: thread, instance, since when.
    told: HashSet<(u32, u32, u64)>,
    count: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Age {
    seq: u32,
    lasted: Duration,
    /// At which age it is judged next.
    next: Duration,
    seen: u64,
}

impl HeldUp {
    /// One look, `step` after the one before. Tells what it finds.
    pub(crate) fn look(
        &mut self,
        runtime: &Runtime,
        threads: &[BoardThread],
        step: Duration,
        told: (&Watch, &mut Places),
    ) {
        let Some(limit) = runtime.settings.stall.filter(|_| self.count < TOLD) else { return };
        self.grow(threads, step, limit);
        if let Some((ago, _)) = &mut self.before {
            *ago += step;
        }
        let waits_long = |known: &&BoardThread, age: Duration| {
            let is_expected =
                |wait: WaitEntry| judge::expects(wait.kind) || is_for_permit(wait.kind);
            (known.wait.is_some_and(is_expected) || full::waits_for_room(known))
                && self.waits.get(&known.thread).is_some_and(|one| one.lasted + age >= one.next)
        };
        if !threads.iter().any(|known| waits_long(&known, limit / 2)) {
            self.before = None;
            return;
        }
        let mut due: Vec<BoardThread> =
            threads.iter().filter(|known| waits_long(known, Duration::ZERO)).copied().collect();
        // Who waits for a lock says more than who waits for its end.
        due.sort_by_key(|known| known.wait.map(|wait| (judge::is_end(wait.kind), wait.since)));
        match &self.before {
            None => self.before = Some((Duration::ZERO, os_threads())),
            Some((ago, _)) if *ago >= limit / 2 - step.min(limit / 4) && !due.is_empty() => {
                self.judge(runtime, threads, (&due, limit), told);
                self.before = Some((Duration::ZERO, os_threads()));
            }
            Some(_) => {}
        }
    }

    /// Whether somebody who waits for a lock that is held since then was told of.
    pub(crate) fn has_told(&self, thread: u32, held: &HeldEntry) -> bool {
        self.told.contains(&(thread, held.instance, held.ticks))
    }

    fn grow(&mut self, threads: &[BoardThread], step: Duration, limit: Duration) {
        self.look += 1;
        for known in threads {
            let Some(wait) = known.wait else { continue };
            if !known.is_blocked() && !known.awaits && !is_for_permit(wait.kind) {
                continue;
            }
            let age = self.waits.entry(known.thread).or_default();
            if age.seq == wait.seq && age.seen != 0 {
                age.lasted += step;
            } else {
                *age = Age { seq: wait.seq, next: limit, ..Age::default() };
            }
            age.seen = self.look;
        }
        let look = self.look;
        self.waits.retain(|_, age| age.seen == look);
    }

    fn judge(
        &mut self,
        runtime: &Runtime,
        threads: &[BoardThread],
        (due, limit): (&[BoardThread], Duration),
        (watch, places): (&Watch, &mut Places),
    ) {
        let now = os_threads();
        let views = self.views(runtime, threads, &now);
        let past = Past::of(runtime);
        let old = ticks_before(runtime, limit);
        for known in due {
            if let Some(age) = self.waits.get_mut(&known.thread) {
                age.next = age.lasted * 2;
            }
            let lasted = self.waits.get(&known.thread).map_or(Duration::ZERO, |age| age.lasted);
            let is_told = overdue::is_explained(runtime, *known) || watch.has_told(runtime, *known);
            if is_told {
                continue;
            }
            let circle = self.circle(runtime, threads, *known, limit / 2);
            let is_circle = circle.is_some();
            let found = circle.or_else(|| {
                let is_endless = known.is_blocked() || known.awaits && !full::waits_for_room(known);
                is_endless.then(|| judge::held_up(runtime, &views, *known, (&past, old)))?
            });
            let Some(found) = found else { continue };
            if found.holding.is_some_and(|holding| !self.told.insert(holding)) {
                continue;
            }
            places.record_states(runtime, threads);
            let mut participants = found.participants;
            if !is_circle {
                judge::add_others(runtime, due, &mut participants);
            }
            participants.truncate(PARTICIPANTS);
            self.count += 1;
            let cycle = Cycle { kind: deadlock_kind::PARTIAL, participants };
            verdict::partial_stall(runtime, &cycle, lasted);
            if self.count == TOLD {
                return;
            }
        }
    }

    /// Whether a thread waits for what only such have or give as wait for another one of them, all of them for so long.
    fn circle(
        &self,
        runtime: &Runtime,
        threads: &[BoardThread],
        start: BoardThread,
        age: Duration,
    ) -> Option<Found> {
        let waits_long = |known: &BoardThread| {
            self.waits.get(&known.thread).is_some_and(|one| one.lasted >= age)
        };
        let participants = exhausted(runtime, threads, start, waits_long)
            .or_else(|| full::circle(runtime, threads, start, waits_long))?;
        // Once for all who wait for one.
        let holds = participants.iter().filter_map(|one| Some((one.thread, one.holds?)));
        let holding = holds.map(|(thread, held)| (thread, held.instance, held.ticks)).min();
        Some(Found { participants, holding })
    }

    fn views(
        &self,
        runtime: &Runtime,
        threads: &[BoardThread],
        now: &HashMap<u32, OsThread>,
    ) -> Vec<View> {
        let limit = runtime.settings.stall.unwrap_or_default();
        let before = self.before.as_ref().map(|(_, before)| before);
        let doing = |tid: u32, wait: Option<&WaitEntry>, lasted: Duration| {
            if wait.is_some_and(|wait| !look::ends_by_itself(wait.kind)) {
                return if lasted >= limit / 2 { Doing::Waits } else { Doing::Moves };
            }
            let rounds = before.and_then(|before| {
                let (before, now) = (before.get(&tid)?, now.get(&tid)?);
                Some((now.activity.saturating_sub(before.activity), now.sleeps && before.sleeps))
            });
            doing(tid, wait.is_some(), rounds)
        };
        let mut views: Vec<View> = threads
            .iter()
            .map(|known| {
                let age = self.waits.get(&known.thread);
                let lasted = age.map_or(Duration::ZERO, |age| age.lasted);
                let doing = match known.wait {
                    Some(wait) if known.awaits => awaits(wait, lasted >= limit / 2),
                    _ => doing(known.tid, known.wait.as_ref(), lasted),
                };
                View { thread: known.thread, wait: known.wait, doing }
            })
            .collect();
        let own = os::own_tid();
        let others = now.keys().filter(|tid| {
            **tid != own
                && !pulse::is_pulse(**tid)
                && !threads.iter().any(|known| known.tid == **tid)
        });
        let others = others.map(|tid| View {
            thread: 0,
            wait: None,
            doing: doing(*tid, None, Duration::ZERO),
        });
        views.extend(others.collect::<Vec<_>>());
        views
    }
}

/// What a task does that sleeps until it is given what it awaits: a time comes by itself.
fn awaits(wait: WaitEntry, is_long: bool) -> Doing {
    if is_long && wait.kind & !wait::TIMED != wait::SLEEP { Doing::Awaits } else { Doing::Moves }
}

/// What a thread does while no endless wait of it is on record. `rounds`: how often it has run since the look before, and whether it slept at
/// both.
fn doing(tid: u32, is_timed: bool, rounds: Option<(u64, bool)>) -> Doing {
    let Some((rounds, sleeps)) = rounds else { return Doing::Moves };
    let call = system_call::of(tid);
    // One that is not recorded, and has not woken from it: the first thread of a test program, for one.
    let is_futex = !is_timed && call.is_some_and(|call| call.is_futex());
    let is_timed = is_timed || call.is_some_and(|call| call.is_sleep());
    match call {
        _ if !sleeps => Doing::Moves,
        _ if is_futex && rounds == 0 => Doing::Sleeps,
        _ if is_timed && rounds >= ROUNDS => Doing::GoesRound,
        _ if is_timed || rounds > 0 => Doing::Moves,
        Some(call) if call.is_idle() => Doing::Accepts,
        _ => Doing::InKernel,
    }
}

/// The kernel's account of all threads, by their numbers.
fn os_threads() -> HashMap<u32, OsThread> {
    os::tids().into_iter().filter_map(|tid| Some((tid, os::thread(tid)?))).collect()
}

/// The ticks of so long ago.
fn ticks_before(runtime: &Runtime, age: Duration) -> u64 {
    // Relaxed: stored once, long before a wait is long; 0 would only make the time short.
    let rate = runtime.file.header().u64(header::TICKS_PER_SECOND).load(Ordering::Relaxed);
    let ticks = u128::from(rate) * age.as_nanos() / 1_000_000_000;
    clock::ticks().saturating_sub(u64::try_from(ticks).unwrap_or(u64::MAX))
}
