//! What a thread waits for in this crate, which jobs it runs, and the place of the user's that asked for it.

use std::__syncscope::instrumented_sync::raw::{self, Identity, Mode, Site, jobs, plain};
use std::cell::Cell;

pub(crate) use jobs::{Call, HandedOut, Job, current, finished, works_for};
pub(crate) use plain::Mutex;

/// How many places a thread remembers.
const REMEMBERED: usize = 16;

thread_local! {
    /// Places that this thread has met lately, by their addresses, and whether they lie in this crate or in rayon. A call that calls itself
    /// meets the same ones each time.
    static MET: [Cell<Option<(Site, bool)>>; REMEMBERED] = const { [const { Cell::new(None) }; REMEMBERED] };
}

/// The caller asks for jobs and waits for them. What rayon asks for while it runs a call of the user's belongs to that call.
#[track_caller]
pub(crate) fn call(pool: Option<usize>) -> Call {
    let site = raw::site();
    let site = match jobs::asking_site() {
        Some(asking) if is_own(site) => asking,
        _ => site,
    };
    Call::new(site, pool)
}

/// The caller hands out a job and goes on.
#[track_caller]
pub(crate) fn spawned() -> HandedOut {
    let site = raw::site();
    HandedOut::by_spawning(if is_own(site) { None } else { Some(site) })
}

/// Whether a place lies in this crate or in rayon.
fn is_own(site: Site) -> bool {
    let at = std::ptr::from_ref(site).addr() / size_of_val(site) % REMEMBERED;
    MET.with(|met| match met[at].get() {
        Some((known, is_own)) if std::ptr::eq(known, site) => is_own,
        _ => {
            let is_own = is_own_file(site.file());
            met[at].set(Some((site, is_own)));
            is_own
        }
    })
}

#[cold]
fn is_own_file(file: &str) -> bool {
    let is_version = |rest: &str| {
        rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let is_crate = |folder: &str| {
        let rest = folder.strip_prefix("rayon-core").or_else(|| folder.strip_prefix("rayon"));
        rest.is_some_and(|rest| rest.is_empty() || is_version(rest))
    };
    let mut folders = file.split(['/', '\\']).peekable();
    let mut is_own = false;
    while let Some(folder) = folders.next() {
        is_own |= is_crate(folder) && folders.peek() == Some(&"src");
    }
    is_own
}

/// A condition variable that stands for the jobs of one thread that waits for them.
#[derive(Debug)]
pub(crate) struct Condvar {
    real: plain::Condvar,
    jobs: Identity,
}

impl Default for Condvar {
    fn default() -> Self {
        Self::new()
    }
}

impl Condvar {
    #[track_caller]
    pub(crate) const fn new() -> Self {
        Self { real: plain::Condvar::new(), jobs: Identity::here() }
    }

    #[track_caller]
    pub(crate) fn wait<'a, T>(
        &self,
        guard: plain::MutexGuard<'a, T>,
    ) -> plain::LockResult<plain::MutexGuard<'a, T>> {
        // A job uses the stack of who waits for it.
        let no_panic = crate::unwind::AbortIfPanic;
        let result = match jobs::asking_site() {
            Some(site) => self.jobs.wait_for_jobs(site, || self.real.wait(guard)),
            None => self.jobs.wait_for_a_job(raw::site(), || self.real.wait(guard)),
        };
        std::mem::forget(no_panic);
        result
    }

    #[track_caller]
    pub(crate) fn notify_one(&self) {
        self.jobs.done(raw::site());
        self.real.notify_one();
    }

    #[track_caller]
    pub(crate) fn notify_all(&self) {
        self.jobs.done(raw::site());
        self.real.notify_all();
    }

    /// The calling thread runs what is waited for here, until the value is dropped.
    #[track_caller]
    pub(crate) fn running(&self) -> Running<'_> {
        self.jobs.run_for(jobs::asking_site().unwrap_or(raw::site()));
        Running(&self.jobs)
    }
}

/// A thread runs jobs that another one waits for.
pub(crate) struct Running<'a>(&'a Identity);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.release(Mode::Exclusive);
    }
}
