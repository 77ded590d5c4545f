//! Blocking calls inside of tasks: a worker of an async runtime that is kept by one, and a runtime of which all are.
//!
//! A worker is a thread that its runtime has told of. While it polls a task it may be in a wait of the thread's own: for a lock, a message or
//! a thread's end, or asleep. One that has handed its work to another thread (`block_in_place`) does no harm, nor do threads
//! for blocking calls, which are no workers.

use super::look::{self, BoardThread};
use super::overdue;
use super::tell;
use crate::rt::deadlock::verdict;
use crate::rt::deadlock::wait_for::{self, Cycle};
use crate::rt::shared::board::WaitEntry;
use crate::rt::shared::runtime::Runtime;
use crate::rt::shared::unpolled;
use crate::rt::shared::workers::Worker;
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use syncscope_recording::layout::{deadlock_kind, wait};

/// Findings in one process at most.
const TOLD: usize = 64;

/// What the looks so far have seen.
#[derive(Debug, Default)]
pub(super) struct Blocking {
    look: u64,
    /// By the kernel's number of the worker.
    ages: HashMap<u32, Age>,
    /// Places that were told, each with the kind of the wait; and runtimes.
    places: HashSet<(u32, u32)>,
    starved: HashSet<usize>,
    /// So many looks in a row have found tasks that were never polled.
    unpolled: u32,
    count: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Age {
    wait: (u32, u32),
    lasted: Duration,
    seen: u64,
}

/// A worker that is kept.
#[derive(Clone, Copy, Debug)]
struct Kept {
    worker: Worker,
    by: BoardThread,
    wait: WaitEntry,
    lasted: Duration,
}

impl Blocking {
    /// One look, `step` after the one before. Tells what it finds.
    pub(super) fn look(&mut self, runtime: &Runtime, threads: &[BoardThread], step: Duration) {
        let Some(limit) = runtime.settings.blocking.filter(|_| self.count < TOLD) else { return };
        self.look += 1;
        let workers = runtime.workers.at_work();
        self.unpolled = if unpolled::is_any() { self.unpolled + 1 } else { 0 };
        let is_wanted = is_wanted(threads, &workers) || self.unpolled > 1 && are_of_one(&workers);
        let kept: Vec<Kept> =
            workers.iter().filter_map(|worker| self.kept(threads, *worker, step)).collect();
        let look = self.look;
        self.ages.retain(|_, age| age.seen == look);
        let long: Vec<Kept> = kept
            .into_iter()
            .filter(|one| one.lasted >= limit && !overdue::is_explained(runtime, one.by))
            .collect();
        for one in &long {
            let of_same = |other: &&Kept| other.worker.runtime == one.worker.runtime;
            let all: Vec<Kept> = long.iter().filter(of_same).copied().collect();
            if all.len() >= one.worker.of && is_wanted {
                if self.starved.insert(one.worker.runtime) {
                    self.places.extend(all.iter().map(place));
                    self.tell(runtime, deadlock_kind::STARVED, &all);
                }
            } else if self.places.insert(place(one)) {
                self.tell(runtime, deadlock_kind::BLOCKING, &[*one]);
            }
        }
    }

    /// The blocking call that keeps a worker, if there is one.
    fn kept(&mut self, threads: &[BoardThread], worker: Worker, step: Duration) -> Option<Kept> {
        let mut of_worker = threads.iter().filter(|known| known.tid == worker.tid);
        let (by, wait) = of_worker.find_map(|known| Some((*known, blocking_wait(known)?)))?;
        let age = self.ages.entry(worker.tid).or_default();
        if age.seen != 0 && age.wait == (by.thread, wait.seq) {
            age.lasted += step;
        } else {
            *age = Age { wait: (by.thread, wait.seq), ..Age::default() };
        }
        age.seen = self.look;
        Some(Kept { worker, by, wait, lasted: age.lasted })
    }

    fn tell(&mut self, runtime: &Runtime, kind: u32, kept: &[Kept]) {
        self.count += 1;
        let participants =
            kept.iter().map(|one| wait_for::participant(one.by.slot, one.wait, None)).collect();
        let text = verdict::blocking(runtime, &Cycle { kind, participants });
        tell::overdue(runtime, "blocking-in-task", &text);
    }
}

fn place(kept: &Kept) -> (u32, u32) {
    (kept.wait.site, kept.wait.kind)
}

/// The wait of the thread itself. What a task awaits that is polled again is marked as one that may end.
fn blocking_wait(known: &BoardThread) -> Option<WaitEntry> {
    if known.slot.is_task() && !known.slot.is_polled() {
        return None;
    }
    let wait = known.slot.wait()?;
    let is_awaited = |kind| {
        matches!(kind, wait::MUTEX | wait::READ | wait::WRITE | wait::SEMAPHORE | wait::JOIN)
    };
    let is_timed = wait.kind & wait::TIMED != 0;
    (!is_timed || !is_awaited(wait.kind & !wait::TIMED)).then_some(wait)
}

/// Whether they all work for one runtime: then a task that was never polled is one of its.
fn are_of_one(workers: &[Worker]) -> bool {
    workers.windows(2).all(|pair| pair[0].runtime == pair[1].runtime)
}

/// Whether there is a task that somebody may want to run: no thread polls it, and none is blocked on it. An arm runs with its task. A thread
/// that is blocked on a time waits for a worker, too, unless it is one: nobody else looks at timers.
fn is_wanted(threads: &[BoardThread], workers: &[Worker]) -> bool {
    let is_idle = |known: &BoardThread| known.slot.is_task() && known.tid == 0;
    let is_for_time = |known: &BoardThread| {
        let is_time = known.wait.is_some_and(|wait| look::ends_by_itself(wait.kind & !wait::TIMED));
        known.awaits && is_time && workers.iter().all(|worker| worker.tid != known.tid)
    };
    let is_one = |known: &&BoardThread| is_idle(known) || is_for_time(known);
    threads.iter().filter(is_one).any(|known| known.slot.part_of() == 0)
}
