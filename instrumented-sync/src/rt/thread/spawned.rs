//! A thread as the one that spawned it knows it.

use crate::rt::memory::awaited::Awaited;
use crate::rt::shared::stamp::Stamp;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use syncscope_recording::writer::bounded_lock;

/// A thread that the drop-in spawns: shared by the parent's handle and the child.
#[derive(Debug)]
pub(crate) struct Spawned {
    pub(crate) number: u32,
    pub(crate) scope: u32,
    pub(crate) parent: u32,
    /// The thread that this one and its parents come from, which the drop-in did not spawn.
    pub(crate) root: u32,
    pub(crate) site: u32,
    pub(crate) name: Option<String>,
    /// Its nestings are told apart from those of all other threads, as its parent's are.
    pub(crate) is_apart: bool,
    /// What the parent knew when it spawned.
    pub(crate) inherited: Stamp,
    /// What the child knew when its closure returned.
    pub(crate) last: Mutex<Option<Stamp>>,
    /// Nothing of the child's code runs any more.
    pub(crate) left: AtomicBool,
    /// The program has asked whether the child has ended.
    pub(crate) is_asked_for: AtomicBool,
    /// Until the child begins.
    pub(crate) awaited: Mutex<Option<Awaited>>,
}

thread_local! {
    /// The thread as its parent knows it: an `Arc` as a raw pointer, taken out by [`take`].
    static SPAWNED: Cell<*const Spawned> = const { Cell::new(std::ptr::null()) };
}

impl Spawned {
    /// The child has ended without an event of its own: it knew what it inherited.
    pub(crate) fn ended_unseen(&self) {
        if let Some(mut last) = bounded_lock(&self.last) {
            *last = Some(self.inherited.clone());
        }
    }

    /// The program asks whether the child has ended: in another schedule it may get another answer.
    pub(crate) fn asked(&self) {
        // Relaxed: a join comes after what was asked through the same handle.
        self.is_asked_for.store(true, Ordering::Relaxed);
    }

    /// Whether a join by a thread is one that another schedule may leave out. Only who has spawned a thread has the right to join it
    /// from the beginning.
    pub(crate) fn is_joined_by_chance(&self, by: u32) -> bool {
        // Relaxed: see `asked`.
        by != self.parent || self.is_asked_for.load(Ordering::Relaxed)
    }

    /// Whether nothing of the child's code runs any more, the destructors of its thread locals included.
    pub(crate) fn has_left(&self) -> bool {
        // Acquire: pairs with the Release in `leaves`: what the child did to the board is done.
        self.left.load(Ordering::Acquire)
    }

    /// The child's last code has run.
    pub(crate) fn leaves(&self) {
        // Release: pairs with the Acquire in `has_left`.
        self.left.store(true, Ordering::Release);
    }

    /// What the child knew at its end; empty when it has not ended.
    pub(crate) fn last(&self) -> Stamp {
        bounded_lock(&self.last).and_then(|last| last.clone()).unwrap_or_default()
    }
}

/// In the child: this is what the parent has prepared.
#[cold]
pub(crate) fn set(spawned: Arc<Spawned>) {
    if let Some(mut awaited) = bounded_lock(&spawned.awaited) {
        *awaited = None;
    }
    SPAWNED.set(Arc::into_raw(spawned));
}

/// Calls `body` with what the parent has prepared; `None` in a thread that the drop-in did not spawn.
pub(crate) fn with<R>(body: impl FnOnce(Option<&Spawned>) -> R) -> R {
    // SAFETY: null, or holds a count of its `Arc` until `take`, which the thread calls as its last.
    body(unsafe { SPAWNED.get().as_ref() })
}

/// The thread ends: takes out what the parent has prepared.
pub(crate) fn take() -> Option<Arc<Spawned>> {
    let spawned = SPAWNED.replace(std::ptr::null());
    // SAFETY: `set` made it from an `Arc`, and it is taken out here once.
    (!spawned.is_null()).then(|| unsafe { Arc::from_raw(spawned) })
}

/// In the child of a fork: what the parent prepared is not this thread's. It is not given back: that would take the allocator.
pub(crate) fn forget() {
    SPAWNED.set(std::ptr::null());
}

/// The thread that the calling one comes from: `number`, itself, if the drop-in did not spawn it, as is so for the thread of a test.
#[cold]
pub(crate) fn root(number: u32) -> u32 {
    with(|spawned| spawned.map_or(number, |spawned| spawned.root))
}
