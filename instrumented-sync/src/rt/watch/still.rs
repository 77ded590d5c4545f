//! Stillness: no thread that could act has moved for a while.
//!
//! Each thread of the process is blocked in a wait on the board that does not end by itself, or sleeps in a futex that we know nothing of (a
//! lock of another make, a lock inside std), or idles as a worker of an async runtime that has no timer and no input or output to wait for.
//! One may spin for a lock that another of them holds. And none of them has run from one look at the kernel's counters to the next, which is
//! as long ago as the state is said to last.
//!
//! When each sleeps until another one wakes it ([`for_good`](super::for_good)), nothing can ever change that, and no task will ever be polled
//! again: a knot, and a deadlock ([`crate::rt::watch::knot`]). Else some thread might be woken by something that we do not see, and after a longer
//! time it is called a stall ([`crate::rt::watch::stall`]).

use super::for_good::{self, Sleep};
use super::judge;
use super::knot::{self, knot};
use super::look::BoardThread;
use super::stall;
use crate::rt::deadlock::verdict;
use crate::rt::deadlock::wait_for::{self, Blocker};
use crate::rt::live_stack;
use crate::rt::machine::os::{self, OsThread};
use crate::rt::machine::settings::OnStall;
use crate::rt::machine::signals;
use crate::rt::shared::board::HeldEntry;
use crate::rt::shared::runtime::Runtime;
use crate::rt::thread::beat::pulse;
use std::time::Duration;

/// Looks at the kernel's side after a vain one are at least one tick apart, at most so many.
const MOST_PAUSE: u32 = 16;

/// The kernel's view of all threads, when all of them sleep.
#[derive(Debug, PartialEq, Eq)]
struct Asleep {
    threads: Vec<OsThread>,
    /// Each until another one wakes it.
    for_good: bool,
}

/// What the looks so far have seen.
#[derive(Debug, Default)]
pub(crate) struct Stillness {
    /// Thread and sequence number of its wait, 0 without one.
    view: Vec<(u32, u32)>,
    /// The kernel's side when `lasted` was 0.
    os: Option<Asleep>,
    lasted: Duration,
    knot_told: bool,
    /// A handler of signals may wake somebody.
    may_be_woken: bool,
    stall_told: bool,
    /// Ticks until the kernel's side is looked at again, and the length of the next such pause.
    pause: u32,
    next_pause: u32,
}

impl Stillness {
    /// One look, `step` after the one before. Tells what it finds, once.
    pub(crate) fn look(&mut self, runtime: &Runtime, threads: &[BoardThread], step: Duration) {
        let awake = threads.iter().any(BoardThread::wakes_by_itself);
        if awake || !threads.iter().any(|known| known.is_blocked() || known.awaits) {
            *self = Self::default();
            return;
        }
        let seq = |known: &BoardThread| known.wait.map_or(0, |wait| wait.seq);
        let view: Vec<_> = threads.iter().map(|known| (known.thread, seq(known))).collect();
        if view != self.view {
            *self = Self { view, ..Self::default() };
            return;
        }
        if self.os.is_none() {
            self.begin(runtime, threads);
            return;
        }
        self.lasted += step;
        self.judge(runtime, threads);
    }

    /// Whether nothing has moved since some looks ago.
    pub(crate) fn lasts(&self) -> bool {
        self.os.is_some()
    }

    /// Whether what has begun to last was not told yet, nor found to be nothing.
    pub(crate) fn is_open(&self) -> bool {
        self.lasts() && !(self.knot_told && self.stall_told)
    }

    /// The board has not changed for a tick: from now on the kernel's counters may not change either.
    fn begin(&mut self, runtime: &Runtime, threads: &[BoardThread]) {
        if self.pause > 0 {
            self.pause -= 1;
            return;
        }
        self.lasted = Duration::ZERO;
        self.os = asleep(runtime, threads);
        if self.os.is_none() {
            self.next_pause = (self.next_pause * 2).clamp(1, MOST_PAUSE);
            self.pause = self.next_pause;
        }
    }

    /// Whether each thread of the process is in a wait on record.
    fn are_all_on_record(&self, threads: &[BoardThread]) -> bool {
        self.os.as_ref().is_some_and(|os| os.threads.len() == threads.len())
            && threads.iter().all(BoardThread::is_blocked)
    }

    fn judge(&mut self, runtime: &Runtime, threads: &[BoardThread]) {
        let settings = &runtime.settings;
        let for_good = self.os.as_ref().is_some_and(|os| os.for_good);
        let may_be_knot = !self.knot_told && self.lasted >= settings.knot_after && for_good;
        let may_be_stall =
            !self.stall_told && settings.stall.is_some_and(|stall| self.lasted >= stall);
        if !may_be_knot && !may_be_stall {
            return;
        }
        let now = asleep(runtime, threads);
        if now.is_none() || now != self.os {
            // Something has run. From here on again.
            self.os = now;
            self.lasted = Duration::ZERO;
            return;
        }
        if may_be_knot {
            self.knot_told = true;
            let mut found = knot(runtime, threads);
            // It may end a wait that is not on record, too.
            let may_wake = !self.are_all_on_record(threads) || knot::may_be_woken(&found);
            self.may_be_woken = may_wake && signals::has_handlers(live_stack::is_ours);
            judge::add_permits(runtime, &mut found.participants);
            if !self.may_be_woken {
                verdict::deadlock(runtime, &found, None);
            }
        }
        if may_be_stall {
            self.stall_told = true;
            // A deadlock that was reported explains the stall, so there is no second report. But the process is ended if it is to be.
            let is_told = threads.iter().any(|known| {
                known.wait.is_some_and(|wait| runtime.service.is_told(known.thread, wait.seq))
            });
            if !is_told || settings.on_stall == OnStall::Exit {
                let found = stall::describe(runtime, threads);
                verdict::stall(runtime, &found, self.lasted, !self.may_be_woken);
            }
        }
    }
}

/// The kernel's view of all threads but this one, when all of them sleep: in a wait on the board, in a futex, or as idle workers.
fn asleep(runtime: &Runtime, threads: &[BoardThread]) -> Option<Asleep> {
    let own = os::own_tid();
    // What a task waits for says nothing of the thread that has polled it.
    let is_blocked_thread = |known: &&BoardThread| known.is_blocked() && !known.slot.is_task();
    let mut blocked: Vec<_> =
        threads.iter().filter(is_blocked_thread).map(|known| known.tid).collect();
    blocked.sort_unstable();
    let is_blocked = |tid: &u32| blocked.binary_search(tid).is_ok();
    let mut tids = os::tids();
    tids.retain(|tid| *tid != own && !pulse::is_pulse(*tid));
    #[cfg(feature = "accesses")]
    tids.retain(|tid| !crate::rt::gate::is_watcher(*tid));
    tids.sort_unstable();
    // First those that most likely run, so that a look in vain costs little.
    tids.sort_by_key(is_blocked);
    let mut seen = Vec::new();
    let mut for_good = true;
    for tid in tids {
        // A thread that cannot be read may do anything; one that has ended since does not count.
        let Some(mut thread) = os::look(tid)? else { continue };
        if !thread.sleeps && spins_for_held(runtime, threads, tid) {
            thread = OsThread { tid, sleeps: true, activity: 0 };
        }
        if !thread.sleeps {
            return None;
        }
        if !is_blocked(&tid) {
            match for_good::sleep(runtime, tid) {
                Sleep::ForGood => {}
                Sleep::InFutex => for_good = false,
                Sleep::Light => return None,
            }
        }
        seen.push(thread);
    }
    // No threads at all: the kernel does not tell.
    (!seen.is_empty()).then_some(Asleep { threads: seen, for_good })
}

/// Whether a thread runs in a wait for a lock that another thread holds, and does nothing else until that one lets go.
fn spins_for_held(runtime: &Runtime, threads: &[BoardThread], tid: u32) -> bool {
    let spins = |known: &BoardThread| {
        let Some(wait) = known.wait.filter(|_| known.is_blocked()) else { return false };
        let is_in_way = |one: &Blocker| {
            let is_bound = |held: HeldEntry| runtime.movable.is_bound(held.class);
            one.slot.thread() != known.thread && one.holds.is_some_and(is_bound)
        };
        wait_for::blockers(runtime, known.thread, &wait).iter().any(is_in_way)
    };
    threads.iter().any(|known| known.tid == tid && spins(known))
}
