// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What a thread knows of itself, and how it finds it.
//!
//! The state is reached through a thread-local pointer that has no destructor, so it can be used while other thread
//! locals are destroyed. It is made at the thread's first event (`life::attach`) and taken away by a `pthread` key's
//! destructor, which runs after those of Rust's thread locals.

#[cfg(feature = "accesses")]
use super::atomics::ThreadAtomics;
use super::beat::ThreadBeat;
use super::chain::Table;
use super::class_cache::ClassCache;
use super::clock::ThreadClock;
use super::conditions::Conditions;
use super::gaps::Gaps;
use super::heard::Heard;
use super::jobs::ThreadJobs;
use super::kind_cache::KindCache;
use super::race::ThreadRace;
use super::remains::Remains;
use super::ring::Ring;
use super::sampler::Sampler;
use super::site_cache::SiteCache;
use crate::rt::machine::handler;
use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::{self, Runtime};
use crate::rt::shared::tasks::Key;
use std::cell::{Cell, RefCell};
use std::sync::atomic::{Ordering, compiler_fence};
use syncscope_recording::layout::slot;

/// One thread. What every event needs comes first; no two threads share a cache line.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Local {
    pub(crate) slot: Slot,
    pub(crate) beat: ThreadBeat,
    pub(crate) table: Table,
    /// Must-order segment.
    pub(crate) segment: Cell<u32>,
    /// Index of the slot on the board; `u32::MAX` for a private slot.
    pub(crate) slot_index: u32,
    /// The same + 1, as locks have it: 0 for a private slot.
    pub(crate) owner: u64,
    /// Private half of the held stack, for `capacity` locks.
    pub(crate) chains: Cell<*mut u64>,
    pub(crate) ring: Ring,
    /// Locks that fit before the held stack must grow.
    pub(crate) capacity: Cell<u32>,
    /// Locks that are held and not recorded, since they are the program's allocator's.
    pub(crate) skipped: Cell<u32>,
    /// Public half of the held stack beyond the slot's own entries.
    pub(crate) overflow: Cell<*mut u8>,
    /// What is missing in the held stack.
    pub(crate) gaps: Gaps,
    pub(crate) runtime: &'static Runtime,
    pub(crate) number: u32,
    pub(crate) clock: RefCell<ThreadClock>,
    /// Its nestings are told apart from those of all other threads.
    pub(crate) is_apart: Cell<bool>,
    /// A task that is on the list of `shared::sleepers`.
    pub(crate) is_listed: Cell<bool>,
    /// A task that may have futures on the lists of `shared::queues`.
    pub(crate) has_queued: Cell<bool>,
    /// A task that has acquired something in a future which may go to another task, since it last held nothing.
    pub(crate) may_give_away: Cell<bool>,
    /// How often the task has been polled since it has its state; wraps.
    pub(crate) polls: Cell<u32>,
    /// A task: how often in a row it was waited for in vain that it has only the wakers that its waits take.
    pub(crate) unsettled: Cell<u8>,
    /// The thread is in a wait while it polls this task, which has no state.
    pub(crate) blocks_in_poll: Cell<Option<Key>>,
    /// A task: it waits for an arm of its own.
    pub(crate) joins_arms: Cell<bool>,
    /// An arm: it has acquired or awaited something in a future that may outlive it.
    pub(crate) acts_elsewhere: Cell<bool>,
    /// An arm: it has come to its end, which its task waits for.
    pub(crate) ends_first: Cell<bool>,
    /// An arm: where the future lies that it refers to; 0 where it is its own.
    pub(crate) pointee: Cell<usize>,
    /// A task: ends of arms that it does not know of yet.
    pub(crate) heard: Heard,
    /// A task: of futures that such arms have left behind.
    pub(crate) remains: Remains,
    /// Whether this thread has used something of std's that parks.
    pub(crate) parks_inside: Cell<bool>,
    /// The last initialised object of which the runtime knew nothing.
    pub(crate) unknown_initialiser: Cell<u32>,
    pub(crate) conditions: Conditions,
    /// Instance numbers reserved for this thread: next and end.
    pub(crate) ids: Cell<(u32, u32)>,
    pub(crate) classes: ClassCache,
    pub(crate) kinds: KindCache,
    pub(crate) sampler: Sampler,
    pub(crate) sites: SiteCache,
    pub(crate) race: ThreadRace,
    pub(crate) jobs: ThreadJobs,
    #[cfg(feature = "accesses")]
    pub(crate) atomics: ThreadAtomics,
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

/// The state of this thread if it has one.
#[inline]
pub(crate) fn attached() -> Option<&'static Local> {
    // SAFETY: null, or a leaked `Local`, which is only taken away by its own thread's end.
    unsafe { LOCAL.get().as_ref() }
}

/// The slot of this thread if it has a state.
#[inline(always)]
pub(crate) fn slot() -> Option<Slot> {
    SLOT.get()
}

/// A hook runs, or a lock of the program's allocator is held. A hook that finds it so does nothing: it was called from a signal
/// handler or from the allocator in the middle of another hook.
const NOT_FREE: u64 = slot::STATE_BUSY | slot::STATE_SKIPPING;

/// Such a thread, and one that runs a job of a thread pool or polls a task that is looked at, do not record what they acquire in the common way.
const UNCOMMON: u64 = NOT_FREE | slot::STATE_IN_JOB;

/// Whether a thread in this state is free, runs no job and holds nothing.
#[inline(always)]
pub(crate) fn is_idle(state: u64) -> bool {
    state & (UNCOMMON | u64::from(u16::MAX)) == 0
}

/// How many locks a thread in this state holds, if it holds any, is free, runs no job and one more has its entry in the slot.
#[inline(always)]
pub(crate) fn free_depth(state: u64) -> Option<u32> {
    let depth = state as u32 & (UNCOMMON as u32 | u32::from(u16::MAX));
    (depth.wrapping_sub(1) < slot::HELD_INLINE as u32 - 1).then_some(depth)
}

impl Local {
    /// Whether no hook runs on this thread now.
    #[inline]
    pub(crate) fn is_free(&self) -> bool {
        self.state() & NOT_FREE == 0
    }

    /// Runs a hook's body; hooks that are called meanwhile do nothing.
    #[inline]
    pub(crate) fn run<R>(&'static self, body: impl FnOnce(&'static Self) -> R) -> R {
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
    pub(crate) fn enter_hook(&self) {
        self.enter_hot(self.state());
    }

    /// A hook begins that has found the thread in this state. It ends when the state is stored again.
    #[inline(always)]
    pub(crate) fn enter_hot(&self, state: u64) {
        self.set_state(state | slot::STATE_BUSY);
        // SeqCst: for the compiler; a signal handler runs on the same core, so no instruction is needed.
        compiler_fence(Ordering::SeqCst);
    }

    /// Ends [`Self::enter_hot`], as if nothing had been.
    #[inline(always)]
    pub(crate) fn leave_hot(&self, state: u64) {
        // SeqCst: for the compiler; a signal handler runs on the same core, so no instruction is needed.
        compiler_fence(Ordering::SeqCst);
        self.set_state(state);
    }

    /// Whether this thread runs a job of a thread pool, or what it acquires is looked at one by one for another reason.
    #[inline]
    pub(crate) fn is_in_job(&self) -> bool {
        self.state() & slot::STATE_IN_JOB != 0
    }

    /// It does from now on, or no more. For the inside of a hook.
    pub(crate) fn set_in_job(&self, is_in_job: bool) {
        let flag = if is_in_job { slot::STATE_IN_JOB } else { 0 };
        self.set_state(self.state() & !slot::STATE_IN_JOB | flag);
    }

    /// A lock that is not recorded was taken.
    #[cold]
    pub(crate) fn skip(&self) {
        self.skipped.set(self.skipped.get() + 1);
        self.set_state(self.state() | slot::STATE_SKIPPING);
    }

    /// Ends [`Self::skip`].
    #[cold]
    pub(crate) fn unskip(&self) {
        self.skipped.set(self.skipped.get().saturating_sub(1));
        if self.skipped.get() == 0 {
            self.set_state(self.state() & !slot::STATE_SKIPPING);
        }
    }

    /// A hook ends.
    #[inline]
    pub(crate) fn leave_hook(&self) {
        // SeqCst: for the compiler; a signal handler runs on the same core, so no instruction is needed.
        compiler_fence(Ordering::SeqCst);
        self.set_state(self.state() & !slot::STATE_BUSY);
    }
}

/// Begins to attach this thread, for its first event. `false` when it is being attached, or records nothing any more.
#[cold]
pub(crate) fn begin_attaching() -> bool {
    if PHASE.get() != FRESH {
        return false;
    }
    PHASE.set(ATTACHING);
    // SeqCst: for the compiler; signal handlers run on the same core, so no instruction is needed.
    compiler_fence(Ordering::SeqCst);
    true
}

/// Ends [`begin_attaching`], with the state that was made. Gives the thread's state.
#[cold]
pub(crate) fn end_attaching(made: Option<*mut Local>) -> Option<&'static Local> {
    if let Some(local) = made {
        // In this order: a handler that takes a lock and finds the thread's state must find its slot when it releases the lock.
        // SAFETY: as in `attached`.
        SLOT.set(Some(unsafe { (*local).slot }));
        // SeqCst: for the compiler, as in `begin_attaching`.
        compiler_fence(Ordering::SeqCst);
        LOCAL.set(local);
    }
    // Else another thread is just starting the runtime, or this is a signal handler: the next event tries again.
    // SeqCst: for the compiler, as in `begin_attaching`.
    compiler_fence(Ordering::SeqCst);
    PHASE.set(FRESH);
    attached()
}

/// The state that this thread has by now: a handler may have attached it.
pub(crate) fn made() -> Option<*mut Local> {
    Some(LOCAL.get()).filter(|local| !local.is_null())
}

/// From now on this thread records for `local`, which may be null. Gives the state that it had.
#[inline]
pub(crate) fn swap(local: *mut Local) -> *mut Local {
    // SAFETY: null, or a state that its task keeps until it is given up by `swap` again.
    let slot = unsafe { local.as_ref() }.map(|local| local.slot);
    // In this order, as in `end_attaching`.
    SLOT.set(slot);
    // SeqCst: for the compiler; signal handlers run on the same core, so no instruction is needed.
    compiler_fence(Ordering::SeqCst);
    LOCAL.replace(local)
}

/// From now on this thread records nothing. Gives back its state, as `life::attach` made it; null when it has none.
#[cold]
pub(crate) fn close() -> *mut Local {
    PHASE.set(CLOSED);
    SLOT.set(None);
    LOCAL.replace(std::ptr::null_mut())
}

/// A thread of the runtime's own records nothing.
pub(crate) fn close_own() {
    close();
}

/// Whether this thread is just being attached: what it locks now, it locks inside the allocator.
#[cold]
pub(crate) fn is_attaching() -> bool {
    PHASE.get() == ATTACHING
}

/// Whether the runtime is at work in this thread: what it waits for now is the runtime's.
#[cfg(feature = "accesses")]
pub(crate) fn is_busy() -> bool {
    is_attaching() || attached().is_some_and(|local| !local.is_free())
}

/// Whether this thread has had no event yet, but may have some.
#[cold]
pub(crate) fn is_fresh() -> bool {
    PHASE.get() == FRESH && LOCAL.get().is_null()
}

/// An event of this thread is let pass, and counted as lost.
#[cold]
pub(crate) fn let_pass() {
    MISSED.set(true);
    runtime::passed();
}

/// As [`let_pass`], if a signal handler runs.
#[cold]
pub(crate) fn let_pass_in_handler() {
    if handler::runs() {
        let_pass();
    }
}

/// Whether an acquisition of this thread may have been let pass.
#[cold]
pub(crate) fn has_missed() -> bool {
    MISSED.get()
}

/// Suspends recording in this thread around `fork`; the answer goes to [`resume`].
#[cold]
pub(crate) fn suspend() -> u8 {
    if let Some(local) = attached() {
        local.skip();
    }
    PHASE.replace(CLOSED)
}

/// Ends [`suspend`].
#[cold]
pub(crate) fn resume(phase: u8) {
    if let Some(local) = attached() {
        local.unskip();
    }
    PHASE.set(phase);
}

/// In the child of a fork: forgets the parent's state; the next event starts afresh.
#[cold]
pub(crate) fn forget() {
    LOCAL.set(std::ptr::null_mut());
    SLOT.set(None);
    PHASE.set(FRESH);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The state lies in the recording: one that somebody has just overwritten is not taken for that of a thread inside of locks.
    #[test]
    fn a_state_is_common_inside_of_some_locks_only() {
        let most = slot::HELD_INLINE as u64;
        assert_eq!(
            [0, 1, most - 1, most].map(free_depth),
            [None, Some(1), Some(most as u32 - 1), None]
        );
        let flags = [NOT_FREE, slot::STATE_IN_JOB, slot::STATE_BUSY];
        assert!(flags.into_iter().all(|flag| free_depth(flag | 1).is_none()));
        assert_eq!(free_depth(u64::MAX), None);
    }
}
