//! Long waits and long holds: a lock that is waited for, or held, longer than is meant.
//!
//! Ages are counted by this thread's own looks ([`crate::rt::watch::progress`]), and what the holder spent ready to run without
//! being let is taken off: the slowness of the machine is not the program's. So an age is never too high, and too low by a look
//! or two. Waits that end by themselves are never long, and what a deadlock explains is not told again.

use super::look::BoardThread;
use super::overdue_report::{self, Overdue};
use super::past::Past;
use crate::rt::deadlock::wait_for;
use crate::rt::machine::os;
use crate::rt::machine::system_call;
use crate::rt::object::long_held;
use crate::rt::shared::board::{HeldEntry, WaitEntry};
use crate::rt::shared::runtime::Runtime;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::time::Duration;
use syncscope_recording::layout::{overdue_kind, wait};

/// Records in one process at most: who has this many problems needs no further one.
const RECORDS: usize = 256;
/// Longest way along threads that wait for each other.
const CHAIN: usize = 16;

/// What is watched.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    look: u64,
    /// By thread, instance and time of acquisition.
    holds: HashMap<(u32, u32, u64), Age>,
    /// By thread and sequence number.
    waits: HashMap<(u32, u32), Age>,
    /// Episodes that were told as long waits: instance, holder, since when it holds; the waiter where the holder is unknown.
    told: HashSet<(u32, u32, u64)>,
    records: usize,
}

/// How old something is.
#[derive(Clone, Copy, Debug, Default)]
struct Age {
    lasted: Duration,
    /// The last look that saw it.
    seen: u64,
    is_told: bool,
    /// The thread that should act, and how long it had been kept from running when that was last compared.
    kept: Option<(Option<u32>, Duration)>,
}

impl Watch {
    /// One look, `step` after the one before. `true` while something grows old.
    pub(crate) fn look(
        &mut self,
        runtime: &Runtime,
        threads: &[BoardThread],
        step: Duration,
        is_told_as_stall: impl Fn(u32, &HeldEntry) -> bool,
    ) -> bool {
        if self.records >= RECORDS {
            return false;
        }
        self.look += 1;
        let mut found = Vec::new();
        if let Some(limit) = runtime.settings.long_hold {
            for known in threads {
                for held in known.slot.held() {
                    let key = (known.thread, held.instance, held.ticks);
                    let age = grow(&mut self.holds, key, self.look, step);
                    if age.is_over(limit, Some(known.tid))
                        && !long_held::contains(held.instance)
                        && !is_shared_by_idle(runtime, threads, *known, &held)
                        && !is_run_for_another(threads, &held)
                        && !is_told_as_stall(known.thread, &held)
                        && !is_explained(runtime, *known)
                    {
                        found.push(hold(threads, *known, held, age.lasted));
                    }
                }
            }
        }
        if let Some(limit) = runtime.settings.long_wait {
            for known in threads.iter().filter(|known| known.is_blocked()) {
                let Some(wait) = known.wait.filter(|wait| is_for_lock(wait.kind)) else { continue };
                let age = grow(&mut self.waits, (known.thread, wait.seq), self.look, step);
                // Who should act is looked for only when it matters: once the age is nearly reached.
                if age.lasted < limit / 2 || age.is_told {
                    continue;
                }
                let holder = holder(runtime, *known);
                if age.is_over(limit, holder.map(|(holder, _)| holder.tid))
                    && !is_behind_peer(runtime, wait, holder)
                    && !is_explained(runtime, *known)
                    && self.told.insert(episode(*known, holder))
                {
                    found.push(waited(threads, *known, holder, age.lasted));
                }
            }
        }
        let look = self.look;
        self.holds.retain(|_, age| age.seen == look);
        self.waits.retain(|_, age| age.seen == look);
        if !found.is_empty() {
            found.truncate(RECORDS - self.records);
            self.records += found.len();
            overdue_report::report(runtime, &found, self.records == RECORDS);
        }
        // Waits keep the service awake by themselves.
        self.holds.values().any(|age| !age.is_told)
    }
}

impl Watch {
    /// Whether the wait of a thread was told as a long one.
    pub(crate) fn has_told(&self, runtime: &Runtime, waiter: BoardThread) -> bool {
        self.told.contains(&episode(waiter, holder(runtime, waiter)))
    }
}

impl Age {
    /// Whether the limit is reached, for the first time. `actor` is the thread that should act.
    fn is_over(&mut self, limit: Duration, actor: Option<u32>) -> bool {
        if self.is_told || self.lasted < limit / 2 {
            return false;
        }
        let kept = || actor.and_then(os::kept_from_running);
        let before = match self.kept {
            Some((known, before)) if known == actor => before,
            // Nothing to compare with yet, or another thread has the lock now.
            _ => {
                self.kept = Some((actor, kept().unwrap_or_default()));
                return false;
            }
        };
        if self.lasted < limit {
            return false;
        }
        let now = kept().unwrap_or(before);
        self.kept = Some((actor, now));
        self.lasted = self.lasted.saturating_sub(now.saturating_sub(before));
        self.is_told = self.lasted >= limit;
        self.is_told
    }
}

fn grow<K: Eq + Hash>(ages: &mut HashMap<K, Age>, key: K, look: u64, step: Duration) -> &mut Age {
    let age = ages.entry(key).or_default();
    // At its first look it is new.
    if age.seen != 0 {
        age.lasted += step;
    }
    age.seen = look;
    age
}

/// Whether a wait is for something that a thread holds.
fn is_for_lock(kind: u32) -> bool {
    matches!(kind, wait::MUTEX | wait::READ | wait::WRITE | wait::ONCE)
}

/// Who stands in the way of a wait.
fn holder(runtime: &Runtime, waiter: BoardThread) -> Option<(BoardThread, Option<HeldEntry>)> {
    let blockers = wait_for::blockers(runtime, waiter.thread, &waiter.wait?);
    let blocker = blockers.iter().min_by_key(|blocker| blocker.holds.map(|held| held.ticks))?;
    Some((BoardThread::of(blocker.slot), blocker.holds))
}

/// Whether the holder is an idle worker, and the waiter one that wants the lock for the same.
fn is_behind_peer(
    runtime: &Runtime,
    wait: WaitEntry,
    holder: Option<(BoardThread, Option<HeldEntry>)>,
) -> bool {
    holder.is_some_and(|(holder, held)| are_peers(runtime, &wait, holder, held))
}

/// Whether it stands for the jobs that the thread runs: these may take long.
fn is_run_for_another(threads: &[BoardThread], held: &HeldEntry) -> bool {
    let waits = |wait: WaitEntry| wait.kind == wait::JOBS && wait.object == held.instance;
    threads.iter().any(|known| known.wait.is_some_and(waits))
}

/// Whether only idle workers wait for a lock that one of them holds.
fn is_shared_by_idle(
    runtime: &Runtime,
    threads: &[BoardThread],
    holder: BoardThread,
    held: &HeldEntry,
) -> bool {
    let mut waiting = threads
        .iter()
        .filter_map(|known| known.wait)
        .filter(|one| is_for_lock(one.kind & !wait::TIMED) && one.object == held.instance)
        .peekable();
    waiting.peek().is_some() && waiting.all(|one| are_peers(runtime, &one, holder, Some(*held)))
}

/// Whether the one that waits wants the lock only to do as its holder does, which waits for a message, a connection or an event.
fn are_peers(
    runtime: &Runtime,
    waiter: &WaitEntry,
    holder: BoardThread,
    held: Option<HeldEntry>,
) -> bool {
    let Some(wait) = holder.wait else {
        let is_same =
            held.is_some_and(|held| (held.instance, held.site) == (waiter.object, waiter.site));
        return is_same && system_call::of(holder.tid).is_some_and(|call| call.is_idle());
    };
    Past::of(runtime).are_peers(waiter, &wait, held)
}

/// Whether the thread takes part in a deadlock or stall that was told, or waits behind one.
pub(crate) fn is_explained(runtime: &Runtime, start: BoardThread) -> bool {
    let mut at = start;
    for _ in 0..CHAIN {
        let Some(wait) = at.wait else { return false };
        if runtime.service.is_told(at.thread, wait.seq) {
            return true;
        }
        match wait_for::blockers(runtime, at.thread, &wait).first() {
            Some(blocker) => at = BoardThread::of(blocker.slot),
            None => return false,
        }
    }
    false
}

fn episode(
    waiter: BoardThread,
    holder: Option<(BoardThread, Option<HeldEntry>)>,
) -> (u32, u32, u64) {
    let object = waiter.wait.map_or(0, |wait| wait.object);
    match holder {
        Some((holder, held)) => (object, holder.thread, held.map_or(0, |held| held.ticks)),
        None => (object, waiter.thread, waiter.wait.map_or(0, |wait| wait.since)),
    }
}

fn hold(
    threads: &[BoardThread],
    holder: BoardThread,
    held: HeldEntry,
    lasted: Duration,
) -> Overdue {
    let waiters = behind(threads, held.instance);
    Overdue {
        kind: overdue_kind::HOLD,
        lasted,
        waiters,
        waiter: None,
        holder: Some((holder, Some(held))),
    }
}

fn waited(
    threads: &[BoardThread],
    waiter: BoardThread,
    holder: Option<(BoardThread, Option<HeldEntry>)>,
    lasted: Duration,
) -> Overdue {
    let waiters = behind(threads, waiter.wait.map_or(0, |wait| wait.object));
    Overdue { kind: overdue_kind::WAIT, lasted, waiters, waiter: Some(waiter), holder }
}

/// How many wait for a lock, those with a time limit included.
fn behind(threads: &[BoardThread], instance: u32) -> u32 {
    let waits = |known: &&BoardThread| {
        known.wait.is_some_and(|one| is_for_lock(one.kind & !wait::TIMED) && one.object == instance)
    };
    threads.iter().filter(waits).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(5);
    const STEP: Duration = Duration::from_millis(200);

    /// Looks until the limit is over; gives their number.
    fn looks(actor: Option<u32>) -> usize {
        let mut ages = HashMap::new();
        (1..100)
            .find(|look| grow(&mut ages, (), *look, STEP).is_over(LIMIT, actor))
            .map_or(0, |look| look as usize)
    }

    #[test]
    fn an_age_is_what_the_looks_have_seen() {
        // The first look begins the count.
        assert_eq!(looks(None), 26);
        assert_eq!(looks(Some(u32::MAX)), 26, "a thread that is gone was not kept from running");
    }

    #[test]
    fn it_is_told_once() {
        let mut age = Age { lasted: LIMIT, kept: Some((None, Duration::ZERO)), ..Age::default() };
        assert!(age.is_over(LIMIT, None));
        assert!(!age.is_over(LIMIT, None));
    }

    #[test]
    fn time_without_a_processor_is_taken_off() {
        let mut age = Age { lasted: LIMIT, kept: None, ..Age::default() };
        assert!(!age.is_over(LIMIT, None), "there is nothing to compare with yet");
        let own = os::own_tid();
        // As if the thread had just been let run after a minute.
        let Some(kept) = os::kept_from_running(own) else { return };
        age.kept = Some((Some(own), Duration::ZERO));
        age.lasted = LIMIT + kept / 2;
        assert_eq!(age.is_over(LIMIT, Some(own)), kept.is_zero());
    }

    #[test]
    fn what_is_not_seen_again_starts_anew() {
        let mut ages = HashMap::new();
        grow(&mut ages, 1, 1, STEP);
        assert_eq!(grow(&mut ages, 1, 2, STEP).lasted, STEP);
        ages.retain(|_, age| age.seen == 3);
        assert_eq!(grow(&mut ages, 1, 4, STEP).lasted, Duration::ZERO);
    }
}
