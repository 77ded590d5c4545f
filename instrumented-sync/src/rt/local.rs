// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What a thread knows of itself, and how it finds it.
//!
//! The state is reached through a thread-local pointer that has no destructor, so it can be used while other thread
//! locals are destroyed. It is made at the thread's first event ([`super::attach`]) and taken away by a `pthread` key's
//! destructor, which runs after those of Rust's thread locals.

use super::beat::ThreadBeat;
use super::board::Slot;
use super::chain::Table;
use super::class_cache::ClassCache;
use super::kinds::KindCache;
use super::must_order::ThreadClock;
use super::out_of_order::Gaps;
use super::ring::Ring;
use super::room::with_room;
use super::runtime::Runtime;
use super::site::SiteCache;
use std::cell::{Cell, RefCell};
use std::sync::atomic::{Ordering, compiler_fence};
use syncscope_recording::layout::slot;

/// One thread. What every event needs comes first; no two threads share a cache line.
#[derive(Debug)]
#[repr(C, align(64))]
pub(super) struct Local {
    pub(super) slot: Slot,
    pub(super) beat: ThreadBeat,
    pub(super) table: Table,
    /// Must-order segment.
    pub(super) segment: Cell<u32>,
    /// Index of the slot on the board; `u32::MAX` for a private slot.
    pub(super) slot_index: u32,
    /// Private half of the held stack, for `capacity` locks.
    pub(super) chains: Cell<*mut u64>,
    pub(super) ring: Ring,
    /// Locks that fit before the held stack must grow.
    pub(super) capacity: Cell<u32>,
    /// Locks that are held and not recorded, since they are the program's allocator's.
    pub(super) skipped: Cell<u32>,
    /// Public half of the held stack beyond the slot's own entries.
    pub(super) overflow: Cell<*mut u8>,
    /// What is missing in the held stack.
    pub(super) gaps: Gaps,
    pub(super) runtime: &'static Runtime,
    pub(super) number: u32,
    pub(super) clock: RefCell<ThreadClock>,
    /// Whether this thread has used something of std's that parks.
    pub(super) parks_inside: Cell<bool>,
    /// The last initialised object of which the runtime knew nothing.
    pub(super) unknown_initialiser: Cell<u32>,
    /// Instance numbers reserved for this thread: next and end.
    pub(super) ids: Cell<(u32, u32)>,
    pub(super) classes: ClassCache,
    pub(super) kinds: KindCache,
    pub(super) sites: SiteCache,
    pub(super) race: super::race::ThreadRace,
}

/// No event yet.
const FRESH: u8 = 0;
/// Being attached: events of the allocator and of signal handlers are not recorded.
const ATTACHING: u8 = 1;
/// Ended, or the service thread: nothing is recorded any more.
const CLOSED: u8 = 2;

thread_local! {
    static LOCAL: Cell<*mut Local> = const { Cell::new(std::ptr::null_mut()) };
    /// The slot of that state: a release needs nothing else.
    static SLOT: Cell<Option<Slot>> = const { Cell::new(None) };
    static PHASE: Cell<u8> = const { Cell::new(FRESH) };
    /// Whether an event of this thread was let pass.
    static MISSED: Cell<bool> = const { Cell::new(false) };
}

/// The state of this thread, attaching it if need be. `None` when nothing is to be recorded now.
#[inline]
pub(super) fn local() -> Option<&'static Local> {
    let pointer = LOCAL.get();
    // SAFETY: the pointer is null or that of a leaked `Local`, which is only taken away by its own thread's end.
    match unsafe { pointer.as_ref() } {
        Some(local) => Some(local),
        None => first_event(),
    }
}

/// The state of this thread if it has one.
#[inline]
pub(super) fn attached() -> Option<&'static Local> {
    // SAFETY: as in `local`.
    unsafe { LOCAL.get().as_ref() }
}

/// The slot of this thread if it has a state.
#[inline(always)]
pub(super) fn slot() -> Option<Slot> {
    SLOT.get()
}

/// Runs a hook's body with the thread's state, unless the thread is inside a hook already, or in a signal handler.
#[inline]
pub(super) fn enter<R>(body: impl FnOnce(&'static Local) -> R) -> Option<R> {
    let local = local()?;
    if local.is_free() { with_room(|| local.run(body)) } else { None }
}

/// As [`enter`], for bodies that rarely do more than an acquisition does.
#[inline]
pub(super) fn enter_briefly<R>(body: impl FnOnce(&'static Local) -> R) -> Option<R> {
    let local = local()?;
    local.is_free().then(|| local.run(body))
}

/// A hook runs, or a lock of the program's allocator is held. A hook that finds it so does nothing: it was called from a signal
/// handler or from the allocator in the middle of another hook.
const NOT_FREE: u64 = slot::STATE_BUSY | slot::STATE_SKIPPING;

/// Whether a thread in this state is free and holds nothing.
#[inline(always)]
pub(super) fn is_idle(state: u64) -> bool {
    state & (NOT_FREE | u64::from(u16::MAX)) == 0
}

/// How many locks a thread in this state holds, if it is free and all of them have their entries in the slot.
#[inline(always)]
pub(super) fn free_depth(state: u64) -> Option<u32> {
    let depth = state as u32 & (NOT_FREE as u32 | u32::from(u16::MAX));
    (depth < slot::HELD_INLINE as u32).then_some(depth)
}

impl Local {
    /// Whether no hook runs on this thread now.
    #[inline]
    pub(super) fn is_free(&self) -> bool {
        self.state() & NOT_FREE == 0
    }

    /// Runs a hook's body; hooks that are called meanwhile do nothing.
    #[inline]
    pub(super) fn run<R>(&'static self, body: impl FnOnce(&'static Self) -> R) -> R {
        /// Leaves also when the body panics, as it may on a deadlock.
        struct Leave(&'static Local);
        impl Drop for Leave {
            fn drop(&mut self) {
                self.0.leave_hook();
            }
        }
        self.enter_hook();
        let _leave = Leave(self);
        body(self)
    }

    /// A hook begins. The compiler must not move its stores over the flag's: a signal handler reads them in between.
    #[inline]
    pub(super) fn enter_hook(&self) {
        self.enter_hot(self.state());
    }

    /// A hook begins that has found the thread in this state. It ends when the state is stored again.
    #[inline(always)]
    pub(super) fn enter_hot(&self, state: u64) {
        self.set_state(state | slot::STATE_BUSY);
        // SeqCst: for the compiler; a signal handler runs on the same core, so no instruction is needed.
        compiler_fence(Ordering::SeqCst);
    }

    /// Ends [`Self::enter_hot`], as if nothing had been.
    #[inline(always)]
    pub(super) fn leave_hot(&self, state: u64) {
        // SeqCst: for the compiler; a signal handler runs on the same core, so no instruction is needed.
        compiler_fence(Ordering::SeqCst);
        self.set_state(state);
    }

    /// A lock that is not recorded was taken.
    #[cold]
    pub(super) fn skip(&self) {
        self.skipped.set(self.skipped.get() + 1);
        self.set_state(self.state() | slot::STATE_SKIPPING);
    }

    /// Ends [`Self::skip`].
    #[cold]
    pub(super) fn unskip(&self) {
        self.skipped.set(self.skipped.get().saturating_sub(1));
        if self.skipped.get() == 0 {
            self.set_state(self.state() & !slot::STATE_SKIPPING);
        }
    }

    /// A hook ends.
    #[inline]
    pub(super) fn leave_hook(&self) {
        // SeqCst: for the compiler; a signal handler runs on the same core, so no instruction is needed.
        compiler_fence(Ordering::SeqCst);
        self.set_state(self.state() & !slot::STATE_BUSY);
    }
}

#[cold]
fn first_event() -> Option<&'static Local> {
    if super::runtime::is_off() || PHASE.get() != FRESH {
        return None;
    }
    PHASE.set(ATTACHING);
    // SeqCst: for the compiler; signal handlers run on the same core, so no instruction is needed.
    compiler_fence(Ordering::SeqCst);
    // A handler that came between the two looks has attached the thread; one that comes from here on records nothing.
    let known = Some(LOCAL.get()).filter(|local| !local.is_null());
    let local = known.or_else(|| with_room(super::attach::attach).flatten());
    if let Some(local) = local {
        // In this order: a handler that takes a lock and finds the thread's state must find its slot when it releases the lock.
        // SAFETY: as in `local`.
        SLOT.set(Some(unsafe { (*local).slot }));
        compiler_fence(Ordering::SeqCst);
        LOCAL.set(local);
    } else {
        // Another thread is just starting the runtime, or this is a signal handler: this event is let pass, the next one tries again.
        MISSED.set(true);
    }
    compiler_fence(Ordering::SeqCst);
    PHASE.set(FRESH);
    attached()
}

/// From now on this thread records nothing. Gives back its state, as [`super::attach::attach`] made it; null when it has none.
#[cold]
pub(super) fn close() -> *mut Local {
    PHASE.set(CLOSED);
    SLOT.set(None);
    LOCAL.replace(std::ptr::null_mut())
}

/// Whether this thread is just being attached: what it locks now, it locks inside the allocator.
#[cold]
pub(super) fn is_attaching() -> bool {
    PHASE.get() == ATTACHING
}

/// Whether this thread has had no event yet, but may have some.
#[cold]
pub(super) fn is_fresh() -> bool {
    PHASE.get() == FRESH && LOCAL.get().is_null()
}

/// An acquisition of this thread is let pass.
#[cold]
pub(super) fn let_pass() {
    MISSED.set(true);
}

/// Whether an acquisition of this thread may have been let pass.
#[cold]
pub(super) fn has_missed() -> bool {
    MISSED.get()
}

/// Suspends recording in this thread around `fork`; the answer goes to [`resume`].
#[cold]
pub(super) fn suspend() -> u8 {
    if let Some(local) = attached() {
        local.skip();
    }
    PHASE.replace(CLOSED)
}

/// Ends [`suspend`].
#[cold]
pub(super) fn resume(phase: u8) {
    if let Some(local) = attached() {
        local.unskip();
    }
    PHASE.set(phase);
}

/// In the child of a fork: forgets the parent's state; the next event starts afresh.
#[cold]
pub(super) fn forget() {
    LOCAL.set(std::ptr::null_mut());
    SLOT.set(None);
    PHASE.set(FRESH);
}
