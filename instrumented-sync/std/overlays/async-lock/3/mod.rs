//! What threads hold that have blocked for it, and tasks that are known.

extern crate std as shadow;

use self::shadow::__syncscope::instrumented_sync::raw::{Kind, Mode, Site};
use core::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

pub(crate) mod futures;
mod upgrade;

pub(crate) use self::shadow::__syncscope::instrumented_sync::hand_over::Told;
pub(crate) use self::shadow::__syncscope::instrumented_sync::raw::{Identity, site};

/// By whose state something is told to be held.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Holder {
    Thread = 1,
    Task = 2,
}

/// Who a lock is, and how many of its guards are told. Permits of a semaphore count as readers.
#[derive(Debug)]
pub(crate) struct Held {
    identity: Identity,
    /// Who holds it exclusively, as a [`Holder`]; 0 where nobody is told.
    told: AtomicU8,
    readers: AtomicUsize,
}

impl Held {
    pub(crate) const fn new(site: Site) -> Self {
        Self { identity: Identity::at(site), told: AtomicU8::new(0), readers: AtomicUsize::new(0) }
    }

    /// Acquires a mutex by `attempt`, else by `block`.
    pub(crate) fn lock<G>(
        &self,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
        block: impl FnOnce() -> G,
    ) -> G {
        let guard = self.acquire(Kind::SENT_MUTEX, Mode::Exclusive, site, attempt, block);
        self.note(Mode::Exclusive, Holder::Thread);
        guard
    }

    /// The same for a writer.
    pub(crate) fn write<G>(
        &self,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
        block: impl FnOnce() -> G,
    ) -> G {
        let guard = self.acquire(Kind::SENT_RWLOCK, Mode::Exclusive, site, attempt, block);
        self.note(Mode::Exclusive, Holder::Thread);
        guard
    }

    /// The same for a reader.
    pub(crate) fn read<G>(
        &self,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
        block: impl FnOnce() -> G,
    ) -> G {
        let guard = self.acquire(Kind::SENT_RWLOCK, Mode::Shared, site, attempt, block);
        self.note(Mode::Shared, Holder::Thread);
        guard
    }

    /// The same for a permit.
    pub(crate) fn permit<G>(
        &self,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
        block: impl FnOnce() -> G,
    ) -> G {
        let guard = self.acquire(Kind::PERMITS, Mode::Shared, site, attempt, block);
        self.note(Mode::Shared, Holder::Thread);
        guard
    }

    /// It was acquired, and that is told.
    fn note(&self, mode: Mode, holder: Holder) {
        if mode == Mode::Exclusive {
            // Relaxed: the lock itself orders it.
            self.told.store(holder as u8, Ordering::Relaxed);
        } else {
            // Relaxed: a count.
            self.readers.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn acquire<G>(
        &self,
        kind: &'static Kind,
        mode: Mode,
        site: Site,
        attempt: impl FnOnce() -> Option<G>,
        block: impl FnOnce() -> G,
    ) -> G {
        self.identity.acquire(kind, mode, site, attempt, || {
            let _told = Told::begin();
            block()
        })
    }

    /// Who is told to hold it exclusively; from now on nobody.
    fn take_holder(&self) -> Option<Holder> {
        // Relaxed: the lock itself orders it.
        match self.told.swap(0, Ordering::Relaxed) {
            1 => Some(Holder::Thread),
            2 => Some(Holder::Task),
            _ => None,
        }
    }

    /// Right before a mutex or a writer lets go, by whomever.
    pub(crate) fn unlock(&self) {
        if self.take_holder().is_some() {
            self.identity.release(Mode::Exclusive);
        }
    }

    /// The same for a reader.
    pub(crate) fn read_unlock(&self) {
        // Relaxed: a count.
        let less = |readers: usize| readers.checked_sub(1);
        if self.readers.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok() {
            self.identity.release(Mode::Shared);
        }
    }
}
