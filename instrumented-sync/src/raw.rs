// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What other people's locks tell the runtime, once the swap has edited their sources.
//!
//! Not for programs: this may change with any version. An edited lock holds the real primitive beside an [`Identity`], and hands
//! the real calls in as closures.

use crate::ext::{self, Nameable};
use crate::rt::hook::{self, Waited, access, primitive, wait};
use crate::rt::object::group::Numbers;
use crate::rt::object::long_held;
use crate::rt::object::meta::{Desc, Meta};
use crate::sync::attempt::Attempt;
use std::panic::Location;

pub mod arm;
mod arm_type;
/// Who has an end of a channel.
pub mod end;
pub mod plain;
pub mod root;
pub mod task;

/// A place in the user's source.
pub type Site = &'static Location<'static>;

/// Jobs of a thread pool: who asks for them, hands them out and runs them.
pub mod jobs;

/// Barriers of threads.
pub mod meeting;

/// What kind of primitive an identity belongs to.
#[derive(Debug)]
pub struct Kind(pub(crate) Desc);

/// The identity of one primitive: 24 bytes beside the real one.
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
    /// As `Exclusive`, of one lock of a group, in an order that the group keeps to.
    ExclusiveInTurn,
    /// As `Shared`, of one lock of a group, in an order that the group keeps to.
    SharedInTurn,
}

/// A group of locks: which of them a thread takes depends on its data, as with the shards of a map.
#[derive(Clone, Copy, Debug)]
pub struct Group(Option<Numbers>);

impl Group {
    /// A new group of so many locks.
    #[must_use]
    pub fn of(locks: usize) -> Self {
        Self(Numbers::reserve(locks))
    }
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
    /// A reader-writer lock of a group, whose readers do not wait for writers that wait.
    pub const SHARD: &'static Self =
        &Self(Desc::named(primitive::RWLOCK, nothing).with_readers_that_pass());
    /// A condition variable.
    pub const CONDVAR: &'static Self = &of_unknown(primitive::CONDVAR);
    /// A one-time initialisation.
    pub const ONCE: &'static Self = &of_unknown(primitive::ONCE);
    /// A wait group: what waits for it waits until all of its clones are gone.
    pub const WAIT_GROUP: &'static Self = &of_unknown(primitive::WAIT_GROUP);
    /// Permits of a semaphore, held by who has acquired them.
    pub const PERMITS: &'static Self = &of_unknown(primitive::SEMAPHORE);
    /// Jobs of a thread pool that one thread waits for. Who runs them is said to hold them.
    pub const JOBS: &'static Self = &of_unknown(primitive::JOBS);

    /// What tasks wait at until all have arrived.
    pub const BARRIER: &'static Self = &of_unknown(primitive::BARRIER);
    /// What notifies tasks.
    pub const NOTIFY: &'static Self = &Self(Desc::named(primitive::EVENT, || "Notify"));
    /// A value that is set once, and that tasks wait for.
    pub const SET_ONCE: &'static Self = &Self(Desc::named(primitive::EVENT, || "SetOnce"));

    /// A channel; `M` says what kind of channel, and for which messages.
    #[inline]
    #[must_use]
    pub const fn channel<M>() -> &'static Self {
        const { &Self(Desc::of::<M>(primitive::CHANNEL)) }
    }
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
                Self::ExclusiveInTurn => access::IN_TURN,
                Self::SharedInTurn => access::SHARED | access::IN_TURN,
            }
    }

    const fn wait(self, kind: &Kind) -> u32 {
        match self {
            _ if kind.0.is(primitive::SEMAPHORE) => wait::SEMAPHORE,
            Self::Exclusive | Self::ExclusiveInTurn if kind.0.is(primitive::RWLOCK) => wait::WRITE,
            Self::Exclusive | Self::ExclusiveInTurn => wait::MUTEX,
            Self::Shared | Self::Recursive | Self::SharedInTurn => wait::READ,
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

    /// An identity that is created at this place.
    #[inline]
    #[must_use]
    pub const fn at(site: Site) -> Self {
        Self(Meta::created_at(site))
    }

    /// The identity of one lock of a group, by its index, created at this place.
    #[must_use]
    pub const fn in_group(site: Site, group: Group, index: usize) -> Self {
        Self(match group.0 {
            Some(numbers) => Meta::created_in_group(site, numbers.of(index)),
            None => Meta::created_at(site),
        })
    }

    /// To be called before the real acquisition: takes what memory the first one needs.
    #[inline]
    pub fn ready(&self, kind: &'static Kind) {
        hook::about_to!(LOCK, Some(&self.0), None);
        _ = hook::ready(&self.0, &kind.0);
    }

    /// It is held now. `is_bounded`: the call that acquired it does not wait for ever, so it cannot cause a deadlock.
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
        hook::about_to!(LOCK, Some(&self.0), site);
        let ready = hook::ready(&self.0, &kind.0);
        if let Some(guard) = attempt() {
            ready.acquired(&self.0, &kind.0, mode.access(false), site);
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
        hook::about_to!(TRY, Some(&self.0), site);
        let ready = hook::ready(&self.0, &kind.0);
        let guard = attempt()?;
        ready.acquired(&self.0, &kind.0, mode.access(true), site);
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
        hook::before_release();
        hook::released(&self.0, mode.access(false));
    }

    /// A semaphore or pool, which the calling thread is about to wait for, has so many permits, and never more or fewer.
    #[cold]
    pub fn knows_permits(&self, permits: u32) {
        hook::has_permits(&self.0, &Kind::PERMITS.0, permits);
    }

    /// The real primitive is lent, and used unseen: the calling thread no longer counts as a holder.
    #[cold]
    pub fn forget(&self) {
        hook::lent(&self.0);
    }

    /// Whether a thread that is known holds it exclusively just now.
    #[cold]
    #[must_use]
    pub fn is_owned(&self) -> bool {
        hook::is_owned(&self.0)
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

    /// Jobs of a thread pool: waits by `wait` until they are done.
    ///
    /// # Panics
    ///
    /// As [`block`](Self::block).
    pub fn wait_for_jobs<R>(&self, site: Site, wait: impl FnOnce() -> R) -> R {
        let _waiting = hook::waiting(wait::JOBS, Waited::Object(&self.0, &Kind::JOBS.0), site);
        wait()
    }

    /// A barrier at which tasks may arrive, too: waits by `wait` until all have come. That they have orders nothing here.
    ///
    /// # Panics
    ///
    /// As [`block`](Self::block).
    pub fn wait_for_arrivals<R>(&self, site: Site, wait: impl FnOnce() -> R) -> R {
        let object = Waited::Object(&self.0, &Kind::BARRIER.0);
        let _waiting = hook::waiting(wait::BARRIER, object, site);
        wait()
    }

    /// A worker of a thread pool waits by `wait` for something to do.
    ///
    /// # Panics
    ///
    /// As [`block`](Self::block).
    pub fn wait_for_a_job<R>(&self, site: Site, wait: impl FnOnce() -> R) -> R {
        let _waiting = hook::waiting(wait::IDLE, Waited::Object(&self.0, &Kind::JOBS.0), site);
        wait()
    }

    /// Jobs of a thread pool: the calling thread, which runs one, is said to hold them, until [`release`](Self::release).
    pub fn run_for(&self, site: Site) {
        self.hold(Kind::JOBS, Mode::Exclusive, true, site);
        hook::job::stands_for(&self.0);
    }

    /// Jobs of a thread pool: right before who waits for them, or for a job, is woken.
    pub fn done(&self, site: Site) {
        hook::notified(&self.0, &Kind::JOBS.0, true, site);
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
        let mut attempt = Initialising(Attempt::at(&self.0, &Kind::ONCE.0, site));
        attempt.0.begin();
        call(&mut attempt);
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

/// The real call may panic instead of running anything.
impl Drop for Initialising<'_> {
    fn drop(&mut self) {
        self.0.finish();
    }
}

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
    hook::is_recording()
}

/// Nobody shall be told that this lock is held for long. Who waits for it long still is.
#[cold]
pub fn may_be_held_long<T: Nameable>(lock: &'static T) {
    if let Some(identity) = ext::identity(lock) {
        long_held::add(identity);
    }
}

/// Parks the calling thread, for a wait that is published already as one for something else.
pub fn park_unseen() {
    std::thread::park();
}

/// The caller's place.
#[inline]
#[must_use]
#[track_caller]
pub const fn site() -> Site {
    Location::caller()
}
