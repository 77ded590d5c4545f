//! Scoped threads.

use super::body::body;
use super::{Builder, Thread};
use crate::rt::hook::{self, Child, OfStd, Order, Site, Waited, Waiting, wait};
use std::cell::Cell;
use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::panic::Location;
use std::thread::{self as real, Result};

/// A scope in which threads can be started that borrow: [`std::thread::Scope`], recorded.
pub struct Scope<'scope, 'env: 'scope> {
    real: &'scope real::Scope<'scope, 'env>,
    /// The runtime's number of this scope.
    number: u32,
    /// As in std: the variance, and no `UnwindSafe`.
    scope: PhantomData<&'scope mut &'scope ()>,
}

/// The right to join a scoped thread: [`std::thread::ScopedJoinHandle`], recorded.
pub struct ScopedJoinHandle<'scope, T> {
    child: OfStd<Child>,
    thread: OfStd<Thread>,
    inner: OfStd<real::ScopedJoinHandle<'scope, T>>,
}

/// Runs `f` with a scope, and returns when all threads that were started in it have ended.
///
/// Recorded: the wait for those threads, which is checked for a deadlock, and the order their ends establish.
///
/// # Panics
///
/// As std's: when `f` does, or when a thread that was not joined did. Also when the wait completes a deadlock and the
/// chosen response is to panic.
#[track_caller]
pub fn scope<'env, F, T>(f: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let site = Location::caller();
    // Declared in the reverse order of their drops, which also happen when the scope unwinds: the wait is withdrawn,
    // then all threads are known to have ended, then the scope's memory goes.
    let mut memory = MaybeUninit::<Scope<'env, 'env>>::uninit();
    let joined = Joined { number: hook::scope_begin() };
    let waiting = Cell::new(None);
    let number = joined.number;
    let place = memory.as_mut_ptr();
    real::scope(|inner| {
        let end = End { number, site, waiting: &waiting };
        // SAFETY:
        // - `place` is valid for writes and aligned: it points to `memory`, whose type differs in lifetimes only.
        // - Nothing else accesses `memory` while the reference lives: its lifetime `'scope` ends before the real
        //   `scope` returns or unwinds, as that of the real `Scope` does, and `memory` lives longer than that.
        let scope = unsafe { &*Scope::place(place.cast(), inner, number) };
        let result = f(scope);
        end.publish();
        result
    })
}

impl<'scope, 'env> Scope<'scope, 'env> {
    /// Starts a thread that ends before the scope does. Recorded, with the caller's place as the thread's spawn site.
    ///
    /// # Panics
    ///
    /// When the system cannot start a thread. [`Builder::spawn_scoped`] returns an error instead.
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, f: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        Builder::new().spawn_scoped(self, f).expect("failed to spawn thread")
    }

    /// Writes a scope to `place`.
    ///
    /// # Safety
    ///
    /// `place` is valid for writes and aligned.
    unsafe fn place(
        place: *mut Self,
        real: &'scope real::Scope<'scope, 'env>,
        number: u32,
    ) -> *const Self {
        // SAFETY: by the caller's promise.
        unsafe { place.write(Scope { real, number, scope: PhantomData }) };
        place
    }
}

impl Builder {
    /// Starts a thread that ends before its scope does. Recorded, with the caller's place as the thread's spawn site.
    ///
    /// # Errors
    ///
    /// The system cannot start a thread.
    ///
    /// # Panics
    ///
    /// When the name contains a zero byte.
    #[track_caller]
    pub fn spawn_scoped<'scope, 'env, F, T>(
        self,
        scope: &'scope Scope<'scope, 'env>,
        f: F,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        let child = self.forking(scope.number, Location::caller());
        let body = body(child.clone(), f);
        let inner = hook::in_std(Order::ByHooks, || self.inner.spawn_scoped(scope.real, body))?;
        Ok(ScopedJoinHandle::new(child, inner))
    }
}

impl<'scope, T> ScopedJoinHandle<'scope, T> {
    fn new(child: Child, inner: real::ScopedJoinHandle<'scope, T>) -> Self {
        let thread = OfStd::new(Thread::new(inner.thread().clone(), child.number()));
        Self { child: OfStd::new(child), thread, inner: OfStd::new(inner) }
    }

    /// A handle to the thread.
    #[must_use]
    pub fn thread(&self) -> &Thread {
        &self.thread
    }

    /// Blocks until the thread has ended, and returns its result.
    ///
    /// Recorded: the wait, which is checked for a deadlock, and the order it establishes.
    ///
    /// # Errors
    ///
    /// The thread panicked. The error is what it panicked with.
    ///
    /// # Panics
    ///
    /// As std's, and when this call completes a deadlock and the chosen response is to panic.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        let site = Location::caller();
        let Self { child, inner, .. } = self;
        // Also when its closure has ended: destructors of its thread locals may still need a lock.
        let waiting = child.joining(site);
        let result = hook::in_std(Order::ByHooks, || inner.into_inner().join());
        drop(waiting);
        child.joined(site);
        result
    }

    /// Whether the thread's closure has ended. Never blocks.
    ///
    /// Recorded: that it was asked, so that a join which follows is none of every schedule.
    pub fn is_finished(&self) -> bool {
        self.child.asked();
        self.inner.is_finished()
    }
}

impl fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.real.fmt(f)
    }
}

impl<'scope, T> fmt::Debug for ScopedJoinHandle<'scope, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (*self.inner).fmt(f)
    }
}

/// The end of a scope's closure: publishes the wait for the scope's threads right before the real one waits, whether
/// the closure returns or unwinds.
struct End<'a> {
    number: u32,
    site: Site,
    waiting: &'a Cell<Option<Waiting>>,
}

impl End<'_> {
    /// The closure has returned.
    fn publish(self) {
        // Not published again by the destructor if this panics.
        ManuallyDrop::new(self).wait();
    }

    fn wait(&self) {
        self.waiting.set(Some(hook::waiting(wait::SCOPE, Waited::Number(self.number), self.site)));
    }
}

impl Drop for End<'_> {
    /// The closure unwinds.
    fn drop(&mut self) {
        self.wait();
    }
}

/// All threads of a scope have ended when this drops.
struct Joined {
    number: u32,
}

impl Drop for Joined {
    fn drop(&mut self) {
        hook::scope_joined(self.number);
    }
}
