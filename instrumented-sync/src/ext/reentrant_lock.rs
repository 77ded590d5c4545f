//! `ReentrantLock` and its guard.

use super::gate::Gate;
use super::hook::{self, Desc, Meta, Site, access, primitive, wait};
use crate::limits::Limit;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A mutual exclusion lock that its owner may acquire again; others have to wait until it is released as often.
///
/// It is what Python calls `threading.RLock`, and a monitor whose procedures call each other. It has the interface of std's
/// type of the same name, which is not stable. Since a thread may hold several guards at a time, they give shared access
/// only; protect a [`Cell`] or a [`RefCell`](std::cell::RefCell) to change what it holds. The lock is not poisoned by a panic.
///
/// # What is recorded
///
/// The owner's first acquisition and last release, as those of a [`Mutex`](crate::Mutex), with the same checks of deadlocks
/// and of the lock order; what the owner acquires in between is only counted.
///
/// # Examples
///
/// ```
/// use instrumented_sync::ext::ReentrantLock;
/// use std::cell::Cell;
///
/// struct Account {
///     balance: ReentrantLock<Cell<i64>>,
/// }
///
/// impl Account {
///     fn add(&self, amount: i64) {
///         let balance = self.balance.lock();
///         balance.set(balance.get() + amount);
///     }
///
///     /// Both parts, or none as seen by others.
///     fn add_with_bonus(&self, amount: i64) {
///         let _whole = self.balance.lock();
///         self.add(amount);
///         self.add(amount / 100);
///     }
/// }
///
/// let account = Account { balance: ReentrantLock::new(Cell::new(0)) };
/// account.add_with_bonus(200);
/// assert_eq!(account.balance.lock().get(), 202);
/// ```
pub struct ReentrantLock<T: ?Sized> {
    pub(super) meta: Meta,
    gate: Gate,
    /// Key of the thread that holds the lock; 0 when none does.
    owner: AtomicU64,
    /// Guards of the owner; changed by the owner only.
    depth: AtomicUsize,
    // Last, so that `Arc<ReentrantLock<T>>` unsizes.
    value: T,
}

/// The lock held. Dropping it releases the lock, or one of the owner's several acquisitions.
#[must_use = "if unused the ReentrantLock will immediately unlock"]
#[clippy::has_significant_drop]
pub struct ReentrantLockGuard<'a, T: ?Sized> {
    lock: &'a ReentrantLock<T>,
    /// The owner alone may release.
    _not_send: PhantomData<*const ()>,
}

// SAFETY: sending the lock sends the value and nothing that is tied to a thread: it cannot be held while it is moved, other than
// by guards that were forgotten.
unsafe impl<T: ?Sized + Send> Send for ReentrantLock<T> {}
// SAFETY: references to the value are given out to one thread at a time, the owner, as if the value was sent to it.
unsafe impl<T: ?Sized + Send> Sync for ReentrantLock<T> {}
// SAFETY: a shared guard gives shared references to the value; it cannot release.
unsafe impl<T: ?Sized + Sync> Sync for ReentrantLockGuard<'_, T> {}

impl<T: ?Sized + UnwindSafe> UnwindSafe for ReentrantLock<T> {}
impl<T: ?Sized + RefUnwindSafe> RefUnwindSafe for ReentrantLock<T> {}

impl<T> ReentrantLock<T> {
    /// A new lock that nobody holds. The caller's place becomes its creation site.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self {
            meta: Meta::new(),
            gate: Gate::new(),
            owner: AtomicU64::new(0),
            depth: AtomicUsize::new(0),
            value,
        }
    }

    /// Consumes the lock and returns what it protects. Nothing is recorded.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T: ?Sized> ReentrantLock<T> {
    const DESC: &'static Desc = &Desc::of::<T>(primitive::REENTRANT);

    /// Acquires the lock, blocking while another thread holds it.
    ///
    /// Recorded: the acquisition, unless this thread holds the lock already; before blocking also the wait, which is
    /// checked for a deadlock.
    ///
    /// # Panics
    ///
    /// When this thread holds more than `usize::MAX` guards, and when this call completes a deadlock and the chosen
    /// response is to panic.
    #[track_caller]
    pub fn lock(&self) -> ReentrantLockGuard<'_, T> {
        let site = Location::caller();
        if !self.try_enter(0, site) {
            let blocked = hook::blocking(&self.meta, Self::DESC, 0, wait::MUTEX, site);
            self.gate.pass(Limit::Never);
            self.own();
            blocked.acquired();
        }
        self.guard()
    }

    /// Acquires the lock if that needs no waiting; `None` while another thread holds it.
    ///
    /// Recorded: the acquisition, as one that cannot be part of a deadlock by itself, unless this thread holds the lock
    /// already.
    ///
    /// # Panics
    ///
    /// When this thread holds more than `usize::MAX` guards.
    #[track_caller]
    pub fn try_lock(&self) -> Option<ReentrantLockGuard<'_, T>> {
        self.try_enter(access::TRY, Location::caller()).then(|| self.guard())
    }

    /// Acquires the lock, blocking for at most about `timeout`; `None` when another thread held it all that time.
    ///
    /// Recorded as [`try_lock`](Self::try_lock); before blocking also the wait, as one that ends by itself.
    ///
    /// # Panics
    ///
    /// When this thread holds more than `usize::MAX` guards.
    #[track_caller]
    pub fn try_lock_for(&self, timeout: Duration) -> Option<ReentrantLockGuard<'_, T>> {
        self.enter_within(Limit::after(timeout), Location::caller()).then(|| self.guard())
    }

    /// As [`try_lock_for`](Self::try_lock_for), until a moment.
    ///
    /// # Panics
    ///
    /// When this thread holds more than `usize::MAX` guards.
    #[track_caller]
    pub fn try_lock_until(&self, deadline: Instant) -> Option<ReentrantLockGuard<'_, T>> {
        self.enter_within(Limit::At(deadline), Location::caller()).then(|| self.guard())
    }

    /// What the lock protects, without locking: the exclusive borrow proves that nobody holds it. Nothing is recorded.
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.value
    }

    /// Enters again as the owner, or for the first time if the lock is free.
    fn try_enter(&self, access: u8, site: Site) -> bool {
        // Relaxed: only this thread stores its own key here, and it takes it away before it opens the gate.
        if self.owner.load(Ordering::Relaxed) == thread_key() {
            // Relaxed: the owner's own.
            let depth = self.depth.load(Ordering::Relaxed).checked_add(1);
            self.depth.store(depth.expect("guards of a lock overflow"), Ordering::Relaxed);
            return true;
        }
        let ready = hook::ready(&self.meta, Self::DESC);
        let passed = self.gate.try_pass();
        if passed {
            self.own();
            ready.acquired(&self.meta, Self::DESC, access, site);
        }
        passed
    }

    fn enter_within(&self, limit: Limit, site: Site) -> bool {
        if self.try_enter(access::TRY, site) {
            return true;
        }
        let kind = hook::kind(wait::MUTEX, limit);
        let blocked = hook::blocking(&self.meta, Self::DESC, access::TRY, kind, site);
        let passed = self.gate.pass(limit);
        if passed {
            self.own();
            blocked.acquired();
        }
        passed
    }

    /// This thread has passed the gate.
    fn own(&self) {
        // Relaxed: read by other threads only to find that it is not theirs; the gate orders the rest.
        self.owner.store(thread_key(), Ordering::Relaxed);
        self.depth.store(1, Ordering::Relaxed);
    }

    fn guard(&self) -> ReentrantLockGuard<'_, T> {
        ReentrantLockGuard { lock: self, _not_send: PhantomData }
    }

    fn leave(&self) {
        // Relaxed: as in `own`.
        let depth = self.depth.load(Ordering::Relaxed) - 1;
        self.depth.store(depth, Ordering::Relaxed);
        if depth == 0 {
            hook::released(&self.meta, 0);
            self.owner.store(0, Ordering::Relaxed);
            self.gate.open();
        }
    }
}

/// A number of this thread that no other thread ever has; not 0.
fn thread_key() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    thread_local! {
        // Without a destructor, so that it can be used while other thread locals are destroyed.
        static KEY: Cell<u64> = const { Cell::new(0) };
    }
    match KEY.get() {
        0 => {
            // Relaxed: hands out numbers.
            let key = NEXT.fetch_add(1, Ordering::Relaxed);
            KEY.set(key);
            key
        }
        key => key,
    }
}

impl<T: ?Sized> Drop for ReentrantLockGuard<'_, T> {
    fn drop(&mut self) {
        self.lock.leave();
    }
}

impl<T: ?Sized> Deref for ReentrantLockGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.lock.value
    }
}

impl<T> From<T> for ReentrantLock<T> {
    /// As [`ReentrantLock::new`].
    #[track_caller]
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Default> Default for ReentrantLock<T> {
    /// As [`ReentrantLock::new`] of the default value.
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for ReentrantLock<T> {
    /// Shows the value unless another thread holds the lock. Recorded as [`try_lock`](Self::try_lock).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("ReentrantLock");
        match self.try_lock() {
            Some(guard) => shown.field("data", &&*guard),
            None => shown.field("data", &format_args!("<locked>")),
        };
        shown.finish_non_exhaustive()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for ReentrantLockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for ReentrantLockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
