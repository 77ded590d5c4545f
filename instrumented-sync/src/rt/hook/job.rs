//! Jobs of thread pools: who asks for them, hands them out and runs them.

use super::Site;
use crate::rt::life::enter;
use crate::rt::object::meta::Meta;
use crate::rt::record::across_pool;
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
        Calling { entered: Some(self.0.enter(depth)), call: &self.0 }
    }
}

/// A call is made.
#[derive(Debug)]
pub(crate) struct Calling<'a> {
    entered: Option<Entered>,
    call: &'a Branch,
}

impl Drop for Calling<'_> {
    #[inline]
    fn drop(&mut self) {
        drop(self.entered.take());
        if let Some(around) = self.call.around() {
            enter::enter(|local| across_pool::waited(local, self.call, around));
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
    pub(crate) fn enter(&self) -> Running {
        let was_in_job = branch::current().is_some_and(Branch::is_in_job);
        let mut depth = local::attached().map_or(0, Local::depth);
        let began = !was_in_job && begin(&mut depth);
        Running { _entered: self.0.enter(depth), began }
    }
}

/// The thread runs a job from now on, with so many locks held. `false` when that cannot be noted.
#[cold]
fn begin(depth: &mut u32) -> bool {
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

/// A job runs.
#[derive(Debug)]
pub(crate) struct Running {
    _entered: Entered,
    /// Here it began to run jobs.
    began: bool,
}

impl Drop for Running {
    #[inline]
    fn drop(&mut self) {
        if self.began {
            enter::enter(|local| local.set_in_job(false));
        }
    }
}

/// This thread holds `meta` for running its job: nobody takes that as a lock.
pub(crate) fn stands_for(meta: &Meta) {
    if let (Some(branch), Some(local)) = (branch::current(), local::attached()) {
        branch.stand_for(meta.number(), local.depth());
    }
}
