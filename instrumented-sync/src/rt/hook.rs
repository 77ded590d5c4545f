//! Everything the mirrors call.
//!
//! Conventions: `desc` is an associated constant of the mirror, `const DESC: &'static Desc = &Desc::of::<T>(primitive::MUTEX);`.
//! `access` is a set of bits of [`access`]. `site` is `Location::caller()` of the user's call. Hooks never panic, but for
//! those that say so, and never block on anything instrumented.

use super::meta::{Desc, Meta};
use std::panic::Location;

pub(crate) use syncscope_recording::layout::{access, primitive, wait};

/// A place in the user's source.
pub(crate) type Site = &'static Location<'static>;

/// `meta` was acquired without blocking. Call it right after the real acquisition.
/// With `access::TRY` for `try_*` calls, `access::SHARED` for readers, `access::INIT` at the start of an initialiser.
pub(crate) fn acquired(meta: &Meta, desc: &'static Desc, access: u8, site: Site) {
    let _ = (meta, desc, access, site);
}

/// `meta` is about to be released. Call it right before the real release. Unknown locks are ignored.
pub(crate) fn released(meta: &Meta, access: u8) {
    let _ = (meta, access);
}

/// The real `try_lock` failed and the thread is about to block for `meta`: records the order edges, publishes the
/// wait, looks for a deadlock. Then block in the real call, and call [`Blocked::acquired`].
///
/// # Panics
///
/// When this closes a deadlock and the user chose `panic`. Nothing is published then.
#[cold]
pub(crate) fn blocking<'a>(
    meta: &'a Meta,
    desc: &'static Desc,
    access: u8,
    kind: u32,
    site: Site,
) -> Blocked<'a> {
    let _ = kind;
    Blocked { meta, desc, access, site }
}

/// A wait for a lock, see [`blocking`]. Dropping it without [`Blocked::acquired`] withdraws the wait.
#[must_use]
#[derive(Debug)]
pub(crate) struct Blocked<'a> {
    meta: &'a Meta,
    desc: &'static Desc,
    access: u8,
    site: Site,
}

impl Blocked<'_> {
    /// The real call has returned with the lock.
    pub(crate) fn acquired(self) {
        acquired(self.meta, self.desc, self.access, self.site);
    }
}

/// The thread is about to block in something that is no lock: `kind` from [`wait`] (| [`wait::TIMED`]), `object` by
/// [`waited`]. The wait ends when the value is dropped.
///
/// # Panics
///
/// As [`blocking`].
#[cold]
pub(crate) fn waiting(kind: u32, object: Waited<'_>, site: Site) -> Waiting {
    let _ = (kind, object, site);
    Waiting { _private: () }
}

/// What a thread waits for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Waited<'a> {
    /// An object with an identity: a barrier, a channel.
    Object(&'a Meta, &'static Desc),
    /// A number: a scope.
    Number(u32),
    /// Nothing in particular: park, sleep.
    Nothing,
}

/// A wait that is no lock's, see [`waiting`].
#[must_use]
#[derive(Debug)]
pub(crate) struct Waiting {
    _private: (),
}

impl Drop for Waiting {
    fn drop(&mut self) {}
}

/// `Condvar::wait*`: releases `mutex` in the books, records the edge of its re-acquisition, publishes the wait.
/// Call it right before the real wait, with both objects; call [`CondvarWait::reacquired`] right after.
///
/// # Panics
///
/// As [`blocking`].
#[cold]
pub(crate) fn condvar_wait<'a>(
    condvar: (&'a Meta, &'static Desc),
    mutex: (&'a Meta, &'static Desc),
    timed: bool,
    site: Site,
) -> CondvarWait<'a> {
    let _ = (condvar, timed);
    CondvarWait { mutex, site }
}

/// A wait on a condition variable.
#[must_use]
#[derive(Debug)]
pub(crate) struct CondvarWait<'a> {
    mutex: (&'a Meta, &'static Desc),
    site: Site,
}

impl CondvarWait<'_> {
    /// The real wait has returned, with the mutex.
    pub(crate) fn reacquired(self) {
        let _ = (self.mutex, self.site);
    }
}

/// `notify_one` or `notify_all`, right before the real call.
pub(crate) fn notified(condvar: &Meta, desc: &'static Desc, all: bool, site: Site) {
    let _ = (condvar, desc, all, site);
}

/// A completed Once-like object is used: cheap when nothing is held, or when its initialiser took no lock.
/// Records the order "held locks before this one". Call it on the fast path, after `is_completed()`.
#[inline]
pub(crate) fn used(meta: &Meta, desc: &'static Desc, site: Site) {
    let _ = (meta, desc, site);
}

/// A message was sent (after the real call succeeded).
pub(crate) fn sent(channel: &Meta, desc: &'static Desc, site: Site) {
    let _ = (channel, desc, site);
}

/// A message was received (after the real call).
pub(crate) fn received(channel: &Meta, desc: &'static Desc, site: Site) {
    let _ = (channel, desc, site);
}

/// A barrier was passed (after the real call).
pub(crate) fn barrier_passed(barrier: &Meta, desc: &'static Desc, site: Site) {
    let _ = (barrier, desc, site);
}

/// A thread that is about to be spawned; shared by the parent's handle and the child.
#[derive(Clone, Debug)]
pub(crate) struct Child {
    _private: (),
}

/// Prepares a spawn. `scope` is the number of the scope, or 0. Drop the value if the real spawn fails.
pub(crate) fn forking(name: Option<&str>, scope: u32, site: Site) -> Child {
    let _ = (name, scope, site);
    Child { _private: () }
}

impl Child {
    /// First thing in the new thread; dropping the value (also by a panic) is the last thing of its closure.
    pub(crate) fn start(&self) -> Running {
        Running { _private: () }
    }

    /// The parent is about to join. The wait ends when the value is dropped.
    ///
    /// # Panics
    ///
    /// As [`blocking`].
    pub(crate) fn joining(&self, site: Site) -> Waiting {
        let _ = site;
        Waiting { _private: () }
    }

    /// The real join has returned.
    pub(crate) fn joined(&self, site: Site) {
        let _ = site;
    }

    /// The thread's number.
    pub(crate) fn number(&self) -> u32 {
        0
    }
}

/// The closure of a spawned thread runs.
#[must_use]
#[derive(Debug)]
pub(crate) struct Running {
    _private: (),
}

impl Drop for Running {
    fn drop(&mut self) {}
}

/// A new scope number.
pub(crate) fn scope_begin() -> u32 {
    0
}

/// All threads of the scope have ended (the real scope has returned).
pub(crate) fn scope_joined(scope: u32) {
    let _ = scope;
}

/// The number of the calling thread, for `Thread`.
pub(crate) fn current_number() -> u32 {
    0
}

/// `unpark` of the thread with this number, right before the real call.
pub(crate) fn unparked(number: u32, site: Site) {
    let _ = (number, site);
}
