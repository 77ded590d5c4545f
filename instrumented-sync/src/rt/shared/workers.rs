//! Workers of async runtimes: the threads that poll their tasks.

use crate::rt::machine::peek;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use syncscope_recording::writer::bounded_lock;

/// A thread that works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Worker {
    /// The kernel's number of the thread.
    pub(crate) tid: u32,
    /// Stands for its runtime.
    pub(crate) runtime: usize,
    /// How many workers that has.
    pub(crate) of: usize,
    /// It has handed its work to another thread for now.
    pub(crate) is_away: bool,
    /// Where the thread keeps the address of what it polls, or null.
    pub(crate) polls: usize,
    /// Where on its stack it began to work: what is above is of who has had it work.
    pub(crate) began_at: usize,
}

/// The process's.
#[derive(Debug, Default)]
pub(crate) struct Workers {
    known: Mutex<Vec<Worker>>,
    /// The kernel's numbers of threads that wait for blocking work, and end when none comes for a time; and where on their stacks they began to.
    spare: Mutex<Vec<(u32, usize)>>,
    /// The list could not be had, so it is not known any more who works.
    is_lost: AtomicBool,
}

impl Workers {
    fn change(&self, change: impl FnOnce(&mut Vec<Worker>)) {
        match bounded_lock(&self.known) {
            Some(mut known) => change(&mut known),
            // Relaxed: a flag.
            None => self.is_lost.store(true, Ordering::Relaxed),
        }
    }

    /// A thread begins to work.
    pub(crate) fn begin(&self, worker: Worker) {
        self.change(|known| known.push(worker));
    }

    /// It has ended to, where it began last.
    pub(crate) fn end(&self, tid: u32) {
        self.change(|known| {
            if let Some(at) = known.iter().rposition(|worker| worker.tid == tid) {
                known.remove(at);
            }
        });
    }

    /// The thread hands its work to another one, or takes up what is left of it.
    pub(crate) fn set_away(&self, tid: u32, is_away: bool) {
        self.change(|known| {
            if let Some(worker) = known.iter_mut().rfind(|worker| worker.tid == tid) {
                worker.is_away = is_away;
            }
        });
    }

    /// The thread waits for blocking work from now on, and from here on its stack.
    pub(crate) fn begin_spare(&self, tid: u32, began_at: usize) {
        if let Some(mut spare) = bounded_lock(&self.spare) {
            spare.push((tid, began_at));
        }
    }

    /// It has some, or ends.
    pub(crate) fn end_spare(&self, tid: u32) {
        // One that stays in the list for want of the lock would count as idle while it works.
        if let Some(mut spare) = bounded_lock(&self.spare) {
            spare.retain(|(one, _)| *one != tid);
        } else {
            // Relaxed: a flag.
            self.is_lost.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the thread waits for blocking work, and does nothing else when none comes.
    pub(crate) fn is_spare(&self, tid: u32) -> bool {
        self.spare_from(tid).is_some()
    }

    /// Where on its stack the thread began to wait for blocking work, if it does. What is above is of who has had it wait, and its thread locals.
    pub(crate) fn spare_from(&self, tid: u32) -> Option<usize> {
        // Relaxed: a flag.
        if self.is_lost.load(Ordering::Relaxed) {
            return None;
        }
        let spare = bounded_lock(&self.spare)?;
        spare.iter().find(|(one, _)| *one == tid).map(|(_, began_at)| *began_at)
    }

    /// Whether the thread works for a runtime.
    pub(crate) fn is_worker(&self, tid: u32) -> bool {
        bounded_lock(&self.known).is_some_and(|known| known.iter().any(|one| one.tid == tid))
    }

    /// Where on its stack a thread began to work, if it works for a runtime, and polls nothing just now.
    pub(crate) fn idles_from(&self, tid: u32) -> Option<usize> {
        let known = bounded_lock(&self.known)?;
        let mut own = known.iter().filter(|worker| worker.tid == tid);
        let first = *own.next()?;
        // One that works inside of its own work has a task's code further down.
        let is_idle = own.next().is_none() && !first.is_away && peek::word(first.polls) == Some(0);
        is_idle.then_some(first.began_at)
    }

    /// Whether one has handed its work to another thread, and may be done with working, or who works is not known.
    pub(crate) fn is_any_away(&self) -> bool {
        // Relaxed: a flag.
        self.is_lost.load(Ordering::Relaxed)
            || bounded_lock(&self.known).is_none_or(|known| known.iter().any(|one| one.is_away))
    }

    /// Those that work now. A thread that works inside of its own work is there once.
    pub(crate) fn at_work(&self) -> Vec<Worker> {
        // Relaxed: a flag.
        if self.is_lost.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let Some(known) = bounded_lock(&self.known) else { return Vec::new() };
        let is_innermost = |(at, worker): &(usize, &Worker)| {
            known[at + 1..].iter().all(|later| later.tid != worker.tid)
        };
        let innermost = known.iter().enumerate().filter(is_innermost);
        innermost.map(|(_, worker)| *worker).filter(|worker| !worker.is_away).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker(tid: u32, runtime: usize) -> Worker {
        Worker { tid, runtime, of: 2, is_away: false, polls: 0, began_at: 0 }
    }

    #[test]
    fn who_waits_for_blocking_work() {
        let workers = Workers::default();
        workers.begin_spare(3, 64);
        assert!(workers.is_spare(3) && !workers.is_spare(4));
        workers.end_spare(3);
        assert!(!workers.is_spare(3));
    }

    #[test]
    fn who_works() {
        let workers = Workers::default();
        workers.begin(worker(1, 7));
        workers.begin(worker(2, 7));
        assert_eq!(workers.at_work().len(), 2);
        assert!(!workers.is_any_away());
        workers.set_away(1, true);
        assert_eq!(workers.at_work(), [worker(2, 7)]);
        assert!(workers.is_any_away());
        workers.set_away(1, false);
        // A runtime that is blocked on inside of a task of another one.
        workers.begin(worker(1, 8));
        assert_eq!(workers.at_work(), [worker(2, 7), worker(1, 8)]);
        workers.end(1);
        workers.end(2);
        assert_eq!(workers.at_work(), [worker(1, 7)]);
    }
}
