// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What stand-ins for other people's locks tell the runtime: the facades of the swap, such as that of parking_lot.
//!
//! Not for programs: this may change with any version. A facade holds the real primitive beside an [`Identity`], and hands
//! the real calls in as closures.

use crate::ext::{self, Nameable};
use crate::rt::hook::{self, Waited, access, primitive, wait};
use crate::rt::meta::{Desc, Meta};
use crate::rt::{owned, runtime, unhurried};
use crate::sync::attempt::Attempt;
use std::panic::Location;

/// A place in the user's source.
pub type Site = &'static Location<'static>;

/// What kind of primitive an identity belongs to.
#[derive(Debug)]
pub struct Kind(Desc);

/// Who is told apart from whom: 24 bytes in each primitive.
#[derive(Debug)]
pub struct Identity(Meta);

/// How a lock is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nobody else holds it.
    Exclusive,
    /// Other readers may hold it.
    Shared,
    /// As `Shared`, and writers that wait do not stand in the way.
    Recursive,
}

/// A type that says nothing of what is protected, since a raw lock does not know.
const fn of_unknown(primitive: u32) -> Kind {
    Kind(Desc::named(primitive, nothing))
}

fn nothing() -> &'static str {
    ""
}

fn upgradable() -> &'static str {
    "upgradable read"
}

impl Kind {
    /// A mutual exclusion lock.
    pub const MUTEX: &'static Self = &of_unknown(primitive::MUTEX);
    /// A reader-writer lock.
    pub const RWLOCK: &'static Self = &of_unknown(primitive::RWLOCK);
    /// The right to become a writer, which one reader at a time may have beside its shared access.
    pub const UPGRADE: &'static Self = &Self(Desc::named(primitive::RWLOCK, upgradable));
    /// As [`Self::MUTEX`], with guards that may be sent to another thread.
    pub const SENT_MUTEX: &'static Self =
        &Self(Desc::named(primitive::MUTEX, nothing).with_guards_that_move());
    /// As [`Self::RWLOCK`], with guards that may be sent to another thread.
    pub const SENT_RWLOCK: &'static Self =
        &Self(Desc::named(primitive::RWLOCK, nothing).with_guards_that_move());
    /// As [`Self::UPGRADE`], with guards that may be sent to another thread.
    pub const SENT_UPGRADE: &'static Self =
        &Self(Desc::named(primitive::RWLOCK, upgradable).with_guards_that_move());
    /// A condition variable.
    pub const CONDVAR: &'static Self = &of_unknown(primitive::CONDVAR);
    /// A one-time initialisation.
    pub const ONCE: &'static Self = &of_unknown(primitive::ONCE);
}

impl Mode {
    #[inline]
    const fn access(self, is_bounded: bool) -> u8 {
        let bounded = if is_bounded { access::TRY } else { 0 };
        bounded
            | match self {
                Self::Exclusive => 0,
                Self::Shared => access::SHARED,
                Self::Recursive => access::SHARED | access::RECURSIVE,
            }
    }

    const fn wait(self, kind: &Kind) -> u32 {
        match self {
            Self::Exclusive if kind.0.is(primitive::RWLOCK) => wait::WRITE,
            Self::Exclusive => wait::MUTEX,
            Self::Shared | Self::Recursive => wait::READ,
        }
    }
}

impl Identity {
    /// An identity whose creation site is not known: for associated constants.
    #[inline]
    #[must_use]
    pub const fn unknown() -> Self {
        Self(Meta::unknown())
    }

    /// An identity that is created at the caller's place.
    #[inline]
    #[must_use]
    #[track_caller]
    pub const fn here() -> Self {
        Self(Meta::new())
    }

    /// To be called before the real acquisition: takes what memory the first one needs.
    #[inline]
    pub fn ready(&self, kind: &'static Kind) {
        _ = hook::ready(&self.0, &kind.0);
    }

    /// It is held now. `is_bounded`: the call that acquired it does not wait for ever, so it is no cause of a deadlock.
    #[inline]
    pub fn hold(&self, kind: &'static Kind, mode: Mode, is_bounded: bool, site: Site) {
        let access = mode.access(is_bounded);
        hook::ready(&self.0, &kind.0).acquired(&self.0, &kind.0, access, site);
    }

    /// The thread is about to block for it: until the value is dropped, or turned into an acquisition.
    ///
    /// # Panics
    ///
    /// When this completes a deadlock and the chosen response is to panic.
    pub fn block(
        &self,
        kind: &'static Kind,
        mode: Mode,
        is_bounded: bool,
        site: Site,
    ) -> Blocked<'_> {
        let wait = mode.wait(kind) | if is_bounded { wait::TIMED } else { 0 };
        Blocked(hook::blocking(&self.0, &kind.0, mode.access(is_bounded), wait, site))
    }

    /// Acquires: by `attempt`, which does not wait, else by `block`.
    ///
    /// # Panics
    ///
    /// As [`block`](Self::block).
    #[inline]
    pub fn acquire<G>(
        &self,
        kind: &'static Kind,
        mode: Mode,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
        block: impl FnOnce() -> G,
    ) -> G {
        self.ready(kind);
        if let Some(guard) = attempt() {
            self.hold(kind, mode, false, site);
            return guard;
        }
        let blocked = self.block(kind, mode, false, site);
        let guard = block();
        blocked.acquired();
        guard
    }

    /// Acquires by `attempt`, if that succeeds. It does not wait.
    #[inline]
    pub fn try_acquire<G>(
        &self,
        kind: &'static Kind,
        mode: Mode,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
    ) -> Option<G> {
        self.ready(kind);
        let guard = attempt()?;
        self.hold(kind, mode, true, site);
        Some(guard)
    }

    /// Acquires by `attempt`, which does not wait, else by `wait`, which waits for some time.
    #[inline]
    pub fn acquire_within<G>(
        &self,
        kind: &'static Kind,
        mode: Mode,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
        wait: impl FnOnce() -> Option<G>,
    ) -> Option<G> {
        self.try_acquire(kind, mode, site, attempt).or_else(|| {
            let blocked = self.block(kind, mode, true, site);
            let guard = wait()?;
            blocked.acquired();
            Some(guard)
        })
    }

    /// To be called right before the real release.
    #[inline]
    pub fn release(&self, mode: Mode) {
        hook::released(&self.0, mode.access(false));
    }

    /// Whether a thread that is known holds it exclusively just now.
    #[cold]
    #[must_use]
    pub fn is_owned(&self) -> bool {
        owned::is_owned(&self.0)
    }

    /// A condition variable: waits by `wait`, which gives `mutex` back in the meantime.
    pub fn wait<R>(&self, mutex: &Self, is_timed: bool, site: Site, wait: impl FnOnce() -> R) -> R {
        let condvar = (&self.0, &Kind::CONDVAR.0);
        let mutex = (&mutex.0, &Kind::MUTEX.0);
        // The mutex is held again however `wait` ends: also by the panic of a condition variable with two mutexes.
        let _waiting = Waiting(Some(hook::condvar_wait(condvar, mutex, is_timed, site)));
        wait()
    }

    /// A condition variable: right before the real notification.
    pub fn notify(&self, all: bool, site: Site) {
        hook::notified(&self.0, &Kind::CONDVAR.0, all, site);
    }

    /// A one-time initialisation that is done already is used.
    #[inline]
    pub fn used(&self, site: Site) {
        hook::used(&self.0, &Kind::ONCE.0, site);
    }

    /// Waits by `wait` for a one-time initialisation that somebody else runs, unless it is done.
    ///
    /// # Panics
    ///
    /// As [`block`](Self::block).
    #[inline]
    pub fn wait_done(&self, site: Site, is_done: bool, wait: impl FnOnce()) {
        if !is_done {
            let object = Waited::Object(&self.0, &Kind::ONCE.0);
            let _waiting = hook::waiting(wait::ONCE_WAIT, object, site);
            wait();
        }
        self.used(site);
    }

    /// A one-time initialisation: `call` makes the real call, and hands what it is given to the real call's closure to run the
    /// initialiser in.
    ///
    /// # Panics
    ///
    /// When this call completes a deadlock and the chosen response is to panic.
    pub fn initialise(&self, site: Site, call: impl FnOnce(&mut Initialising<'_>)) {
        let mut attempt = Initialising(Attempt::begin(&self.0, &Kind::ONCE.0, site));
        call(&mut attempt);
        attempt.0.finish();
    }
}

/// A wait for a lock, see [`Identity::block`].
#[must_use]
#[derive(Debug)]
pub struct Blocked<'a>(hook::Blocked<'a>);

impl Blocked<'_> {
    /// The real call has returned with the lock.
    pub fn acquired(self) {
        self.0.acquired();
    }
}

/// An attempt to initialise.
#[derive(Debug)]
pub struct Initialising<'a>(Attempt<'a>);

impl Initialising<'_> {
    /// Runs the initialiser.
    pub fn run<R>(&mut self, initialiser: impl FnOnce() -> R) -> R {
        let _initialising = self.0.initialising();
        initialiser()
    }
}

/// A wait on a condition variable; over when dropped.
struct Waiting<'a>(Option<hook::CondvarWait<'a>>);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(wait) = self.0.take() {
            wait.reacquired();
        }
    }
}

/// Whether anything has been recorded in this process, or is about to be.
#[inline]
#[must_use]
pub fn is_recording() -> bool {
    runtime::is_recording()
}

/// Nobody shall be told that this lock is held for long. Who waits for it long still is.
#[cold]
pub fn may_be_held_long<T: Nameable>(lock: &'static T) {
    if let Some(identity) = ext::identity(lock) {
        unhurried::add(identity);
    }
}

/// The caller's place.
#[inline]
#[must_use]
#[track_caller]
pub const fn site() -> Site {
    Location::caller()
}
