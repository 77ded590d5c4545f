//! Jobs of thread pools: who asks for them, hands them out and runs them.

use super::Site;
use crate::rt::life::enter;
use crate::rt::object::meta::Meta;
use crate::rt::record::{across_pool, strand};
use crate::rt::thread::branch::{self, Branch, Entered, Handed};
use crate::rt::thread::local::{self, Local};

pub(crate) use crate::rt::thread::branch::works_for;

/// The user's place for which this thread works or waits.
#[inline]
pub(crate) fn asking_site() -> Option<Site> {
    branch::current()?.site
}

/// A call that asks a pool for jobs, and waits for them.
#[derive(Debug)]
pub(crate) struct Call(Branch);

impl Call {
    #[inline]
    pub(crate) fn new(site: Site, pool: Option<usize>) -> Self {
        let depth = local::attached().map_or(0, Local::depth);
        let around = if depth > branch::current().map_or(0, Branch::hidden) {
            enter::enter(|local| Box::new(across_pool::around(local)))
        } else {
            None
        };
        let origin = |call| enter::enter(|local| local.origin(call));
        Self(Branch::call(site, pool, around, origin))
    }

    /// The call is made, until the value is dropped: then all that it asked for is done.
    #[inline]
    pub(crate) fn enter(&self) -> Calling<'_> {
        let depth = self
            .0
            .around()
            .map_or_else(|| branch::current().map_or(0, Branch::hidden), |a| a.depth);
        // Its own part of the call is of the tree of jobs, too.
        let began = begin(&mut 0);
        Calling { entered: Some(self.0.enter(depth)), call: &self.0, began }
    }
}

/// A call is made.
#[derive(Debug)]
pub(crate) struct Calling<'a> {
    entered: Option<Entered>,
    call: &'a Branch,
    /// Here it came into the tree of jobs.
    began: bool,
}

impl Drop for Calling<'_> {
    #[inline]
    fn drop(&mut self) {
        drop(self.entered.take());
        if let Some(around) = self.call.around() {
            enter::enter(|local| across_pool::waited(local, self.call, around));
        }
        if self.began {
            enter::enter(|local| {
                strand::leave(local);
                local.set_in_job(false);
                self.call.origin().into_iter().for_each(|origin| strand::end_call(local, origin));
            });
        } else if let Some(origin) = self.call.origin() {
            enter::enter(|local| strand::end_call(local, origin));
        }
    }
}

/// A job that was handed out.
#[derive(Debug)]
pub(crate) struct HandedOut(Handed);

impl HandedOut {
    /// Nobody knows by whom.
    pub(crate) const fn by_nobody() -> Self {
        Self(Handed::by_nobody())
    }

    /// By a call that waits for it.
    #[inline]
    pub(crate) fn by_waiting() -> Self {
        Self(Handed::by_waiting())
    }

    /// By somebody who may be gone when it runs, at a place of the user's.
    pub(crate) fn by_spawning(site: Option<Site>) -> Self {
        let kept = enter::enter(|local| Handed::kept(site, false, |call| Some(local.origin(call))));
        Self(kept.unwrap_or_else(Handed::by_nobody))
    }

    /// Nobody waits for it.
    pub(crate) fn detached(self) -> Self {
        Self(self.0.detached())
    }
}

impl HandedOut {
    /// The branch with this number waits for it before its end.
    pub(crate) fn waited_by(self, waiter: u64) -> Self {
        Self(self.0.waited_by(waiter))
    }
}

/// The number of the innermost call, or job, of this thread; 0 outside of them.
pub(crate) fn current() -> u64 {
    branch::current().map_or(0, Branch::number)
}

/// A job that is run.
#[derive(Debug)]
pub(crate) struct Job(Branch);

impl Job {
    /// One that was handed out.
    #[inline]
    pub(crate) fn new(handed: HandedOut) -> Self {
        Self(Branch::job(handed.0))
    }

    /// The first one that the current call, or job, has handed out: its own thread runs it.
    #[inline]
    pub(crate) fn first() -> Self {
        Self(Branch::first_job())
    }

    /// It runs, until the value is dropped.
    #[inline]
    pub(crate) fn enter(&self) -> Running<'_> {
        let mut depth = local::attached().map_or(0, Local::depth);
        begin(&mut depth);
        Running { entered: Some(self.0.enter(depth)), job: &self.0 }
    }
}

/// From now on this thread may be in a job; `depth` becomes the number of locks that it holds. `false` when that was so, or cannot be noted.
#[inline]
fn begin(depth: &mut u32) -> bool {
    !local::attached().is_some_and(Local::is_in_job) && begin_anew(depth)
}

#[cold]
fn begin_anew(depth: &mut u32) -> bool {
    let begin = |local: &Local| {
        *depth = local.depth();
        local.set_in_job(true);
    };
    enter::enter(begin).is_some()
}

/// The job of this thread is done; who waits for it is told after this.
#[inline]
pub(crate) fn finished() {
    if let Some(branch) = branch::current() {
        branch.finished();
    }
}

/// A job runs. A worker stays marked as one that may be in a job.
#[derive(Debug)]
pub(crate) struct Running<'a> {
    entered: Option<Entered>,
    job: &'a Branch,
}

impl Drop for Running<'_> {
    #[inline]
    fn drop(&mut self) {
        drop(self.entered.take());
        if self.job.has_clock() {
            enter::enter(|local| strand::end_job(local, self.job.number()));
        }
    }
}

/// This thread holds `meta` for running its job: nobody takes that as a lock.
pub(crate) fn stands_for(meta: &Meta) {
    if let (Some(branch), Some(local)) = (branch::current(), local::attached()) {
        branch.stand_for(meta.number(), local.depth());
    }
}
