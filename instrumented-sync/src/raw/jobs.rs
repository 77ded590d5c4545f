//! Jobs of a thread pool: who asks for them, hands them out and runs them.
//!
//! A facade makes a value for each call and for each job that is run, on the stack, and enters it there. A lock that is held over a
//! call, and jobs that take it, are known by that.

use super::Site;
use crate::rt::hook::job;

/// The user's place that asked for what this thread does, or waits for.
#[inline]
#[must_use]
pub fn asking_site() -> Option<Site> {
    job::asking_site()
}

/// The calling thread is a worker of a pool from now on: of that with this number, which is not 0.
pub fn works_for(pool: usize) {
    job::works_for(pool);
}

/// The number of the innermost call, or job, of this thread; 0 outside of them.
#[must_use]
pub fn current() -> u64 {
    job::current()
}

/// A call that asks a pool for jobs, and waits for them.
#[derive(Debug)]
pub struct Call(job::Call);

/// A call is made: until this is dropped.
#[derive(Debug)]
#[must_use]
pub struct Calling<'a>(#[expect(dead_code, reason = "its drop counts")] job::Calling<'a>);

/// How a job was handed out.
#[derive(Debug)]
pub struct HandedOut(job::HandedOut);

/// A job that is run.
#[derive(Debug)]
pub struct Job(job::Job);

/// A job runs: until this is dropped.
#[derive(Debug)]
#[must_use]
pub struct Running<'a>(#[expect(dead_code, reason = "its drop counts")] job::Running<'a>);

impl Call {
    /// A call of the calling thread at a place of the user's; of the pool with this number, where that is known.
    #[inline]
    #[must_use]
    pub fn new(site: Site, pool: Option<usize>) -> Self {
        Self(job::Call::new(site, pool))
    }

    /// It is made now: when the result is dropped, all that it asked for is done.
    #[inline]
    pub fn enter(&self) -> Calling<'_> {
        Calling(self.0.enter())
    }
}

impl HandedOut {
    /// Nobody knows by whom.
    #[must_use]
    pub const fn by_nobody() -> Self {
        Self(job::HandedOut::by_nobody())
    }

    /// By the innermost call, or job, of this thread, which waits for it.
    #[inline]
    #[must_use]
    pub fn by_waiting() -> Self {
        Self(job::HandedOut::by_waiting())
    }

    /// By the innermost call, or job, of this thread, which may be over when it runs; at a place of the user's.
    #[must_use]
    pub fn by_spawning(site: Option<Site>) -> Self {
        Self(job::HandedOut::by_spawning(site))
    }

    /// The call, or job, with this number waits for it before its end.
    #[must_use]
    pub fn waited_by(self, waiter: u64) -> Self {
        Self(self.0.waited_by(waiter))
    }

    /// Nobody waits for it.
    #[must_use]
    pub fn detached(self) -> Self {
        Self(self.0.detached())
    }
}

impl Job {
    /// One that was handed out.
    #[inline]
    #[must_use]
    pub fn new(handed: HandedOut) -> Self {
        Self(job::Job::new(handed.0))
    }

    /// The first one that the innermost call, or job, has handed out. The same thread runs it.
    #[inline]
    #[must_use]
    pub fn first() -> Self {
        Self(job::Job::first())
    }

    /// It runs now, until the result is dropped.
    #[inline]
    pub fn enter(&self) -> Running<'_> {
        Running(self.0.enter())
    }
}

/// The innermost job of this thread is done. To be called before those who wait for it are told.
#[inline]
pub fn finished() {
    job::finished();
}
