// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! A task, which threads poll, now one and now another.
//!
//! What a task acquires it holds also while nobody polls it. So a task that acquires or awaits a lock of its kind gets a state as a
//! thread has, with a slot on the board, and whoever polls it has that state in the meantime. A task that does neither costs what
//! [`Task`] takes, and its poll a few instructions.

use super::arms::Arms;
use super::awaits::Awaits;
use super::local::{self, Local};
use crate::rt::object::Site;
use crate::rt::shared::stamp::Stamp;
use crate::rt::shared::tasks::Key;
use crate::rt::shared::unpolled;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

/// What is kept beside the future of a task.
#[derive(Debug)]
pub(crate) struct Task {
    /// Its state; null while it has none. Only who polls or drops the task uses it.
    state: AtomicPtr<Local>,
    pub(crate) key: Key,
    /// Where it was spawned.
    pub(crate) site: Option<Site>,
    pub(crate) role: Role,
    /// It was spawned, and nobody has polled it yet.
    is_unpolled: AtomicBool,
    /// What had happened before it was spawned.
    pub(crate) inherited: Option<Box<Stamp>>,
}

const _: () = assert!(size_of::<Task>() == 48);

/// Who polls a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The threads of its runtime.
    Spawned,
    /// One thread, which is blocked until it has ended.
    Root,
    /// Another task, beside others: see [`arms`](super::arms).
    Arm,
}

/// Times that a poll has awaited.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Times {
    /// One is pending. What is polled after that in the same poll is polled beside it.
    pub(crate) pends: bool,
    /// One is pending that ends what an arm is part of.
    pub(crate) pends_below: bool,
    /// One has passed.
    pub(crate) has_passed: bool,
}

/// A poll of a task, on the stack of the thread that polls.
#[derive(Debug)]
pub(crate) struct Frame {
    task: *const Task,
    /// The type of its future.
    type_name: Cell<fn() -> &'static str>,
    /// Where its future begins and ends in memory.
    extent: Cell<(usize, usize)>,
    /// Where the future of an arm begins and ends, if it ends with the arm.
    owned: Cell<(usize, usize)>,
    /// What its own waker is known by.
    pub(crate) waker: *const (),
    /// The state that the thread has for the poll: the task's, or that of all tasks without one. Null while it keeps its own.
    taken: Cell<*mut Local>,
    /// The state that the thread has otherwise.
    own: Cell<*mut Local>,
    /// Locks that were held in the state when the poll began.
    pub(crate) held_before: Cell<u32>,
    /// What this poll has left pending that wakes the task by its own waker, or more where that is not known.
    pub(crate) pending: Cell<u32>,
    /// What this poll has left pending otherwise.
    pub(crate) awaits: Awaits,
    /// The arms of the task that this poll has left waiting.
    pub(crate) arms: Arms,
    /// Of an arm: so many entries at the bottom of what it holds are those of the task that polls it.
    pub(crate) lent: Cell<u32>,
    /// What it polls now is dropped after a time.
    pub(crate) is_limited: Cell<bool>,
    /// What this poll has seen of times.
    pub(crate) times: Cell<Times>,
    /// The state is given up at the end of the poll.
    pub(crate) gives_up: Cell<bool>,
    outer: *const Self,
}

thread_local! {
    /// The innermost poll that this thread is in.
    static CURRENT: Cell<*const Frame> = const { Cell::new(std::ptr::null()) };
    /// What this thread runs may block it: its runtime has another one do the rest.
    static MAY_BLOCK: Cell<bool> = const { Cell::new(false) };
    /// The state of this thread for all tasks that have none; null before it is made.
    static OF_MANY: Cell<*mut Local> = const { Cell::new(std::ptr::null_mut()) };
    /// The state that the last root of this thread had, for the next one; null while there is none.
    static RESTING: Cell<*mut Local> = const { Cell::new(std::ptr::null_mut()) };
    /// The name of the type that it is called by; empty when there were several.
    static ROOT_NAME: Cell<&'static str> = const { Cell::new("") };
}

impl Task {
    pub(crate) const fn new(key: Key, site: Option<Site>, role: Role) -> Self {
        let (state, is_unpolled) = (AtomicPtr::new(std::ptr::null_mut()), AtomicBool::new(false));
        Self { state, key, site, role, is_unpolled, inherited: None }
    }

    /// It counts as one that could run, until it is polled or dropped.
    #[inline]
    pub(crate) fn counts_as_unpolled(&mut self) {
        *self.is_unpolled.get_mut() = true;
        unpolled::add();
    }

    /// It is polled or dropped.
    #[inline]
    pub(crate) fn counts_no_more(&self) {
        // Relaxed: only who polls or drops the task uses it, as its state.
        if self.is_unpolled.load(Ordering::Relaxed) {
            self.is_unpolled.store(false, Ordering::Relaxed);
            unpolled::remove();
        }
    }

    pub(crate) fn is_root(&self) -> bool {
        self.role == Role::Root
    }

    pub(crate) fn is_arm(&self) -> bool {
        self.role == Role::Arm
    }

    /// Its state; null while it has none.
    #[inline]
    pub(crate) fn state(&self) -> *mut Local {
        // Relaxed: who polls the task has synchronized with who polled it before.
        self.state.load(Ordering::Relaxed)
    }

    pub(crate) fn set_state(&self, state: *mut Local) {
        // Relaxed: as in `state`.
        self.state.store(state, Ordering::Relaxed);
    }
}

impl Frame {
    #[inline]
    pub(crate) fn new(task: &Task, waker: *const (), type_name: fn() -> &'static str) -> Self {
        Self {
            task,
            type_name: Cell::new(type_name),
            extent: Cell::new((0, 0)),
            owned: Cell::new((0, 0)),
            waker,
            taken: Cell::new(std::ptr::null_mut()),
            own: Cell::new(std::ptr::null_mut()),
            held_before: Cell::new(0),
            pending: Cell::new(0),
            awaits: Awaits::default(),
            arms: Arms::default(),
            lent: Cell::new(0),
            is_limited: Cell::new(false),
            times: Cell::default(),
            gives_up: Cell::new(false),
            outer: CURRENT.get(),
        }
    }

    /// A poll of an arm, by the task that this thread polls.
    #[inline]
    pub(crate) fn of_arm(
        task: &Task,
        waker: *const (),
        owned: (usize, usize),
        type_name: fn() -> &'static str,
    ) -> Self {
        let frame = Self::new(task, waker, type_name);
        frame.owned.set(owned);
        if let Some(outer) = frame.outer() {
            frame.extent.set(outer.extent.get());
            frame.is_limited.set(outer.is_within_limit());
        }
        frame
    }

    /// The poll that this one is part of: of the task whose arm is polled, or one that the thread was in.
    #[inline]
    pub(crate) fn outer(&self) -> Option<&Self> {
        // SAFETY: null, or a frame further up on this thread's stack.
        unsafe { self.outer.as_ref() }
    }

    /// The state that the thread has outside of this poll; null while the poll has not taken over one.
    #[inline]
    pub(crate) fn own(&self) -> *mut Local {
        self.own.get()
    }

    /// The poll of whom that counts as the task: an arm without a state is part of who polls it.
    #[inline]
    pub(crate) fn who(&self) -> &Self {
        let mut who = self;
        while who.task().is_arm()
            && who.task().state().is_null()
            && let Some(outer) = who.outer()
        {
            who = outer;
        }
        who
    }

    /// The poll of the task that this one is part of, which may be this one.
    #[inline]
    pub(crate) fn whole(&self) -> &Self {
        let mut whole = self;
        while whole.task().is_arm()
            && let Some(outer) = whole.outer()
        {
            whole = outer;
        }
        whole
    }

    /// Whether what it polls now may be given up after a time.
    #[inline]
    pub(crate) fn is_within_limit(&self) -> bool {
        self.is_limited.get() || self.times.get().pends
    }

    /// The task that is polled.
    #[inline]
    pub(crate) fn task(&self) -> &Task {
        // SAFETY: the task outlives its poll, and the frame is used in the poll only.
        unsafe { &*self.task }
    }

    /// The task's future, without boxes and wrappers of its runtime's, lies here.
    #[inline]
    pub(crate) fn lies_at(&self, extent: (usize, usize), type_name: fn() -> &'static str) {
        self.extent.set(extent);
        self.type_name.set(type_name);
    }

    /// Where the task's future begins and ends.
    #[inline]
    pub(crate) fn extent(&self) -> (usize, usize) {
        self.extent.get()
    }

    /// Whether what lies here is part of the task's future, and so goes nowhere else.
    #[inline]
    pub(crate) fn has_inside(&self, address: usize) -> bool {
        let (begin, end) = self.extent.get();
        begin <= address && address < end
    }

    /// Whether this poll is an arm's, and what lies here does not end with the arm.
    #[inline]
    pub(crate) fn outlives_arm(&self, address: usize) -> bool {
        let (begin, end) = self.owned.get();
        self.task().is_arm() && address != 0 && !(begin <= address && address < end)
    }

    /// The name of the type of its future.
    pub(crate) fn type_name(&self) -> &'static str {
        (self.type_name.get())()
    }

    /// The poll begins.
    #[inline]
    pub(crate) fn begin(&self) {
        CURRENT.set(self);
    }

    /// The thread takes over a state, for the rest of the poll.
    #[inline]
    pub(crate) fn take_over(&self, state: *mut Local) {
        let before = local::swap(state);
        if self.taken.replace(state).is_null() {
            self.own.set(before);
        }
    }

    /// Whether the task has acquired what it has not released, in the state of all.
    #[inline]
    pub(crate) fn has_left_held(&self) -> bool {
        self.task().state().is_null()
            && local::attached().is_some_and(|local| local.depth() > self.held_before.get())
    }

    /// The poll has ended. Gives the state of the task, if the thread had taken it over.
    #[inline]
    pub(crate) fn end(&self) -> Option<*mut Local> {
        CURRENT.set(self.outer);
        let taken = self.taken.get();
        // In the child of a fork the thread has none of its states any more.
        if taken.is_null() || local::made() != Some(taken) {
            return None;
        }
        local::swap(self.own.get());
        (taken == self.task().state()).then_some(taken)
    }
}

/// The state of this thread for all tasks that have none; null before it is made.
#[inline]
pub(crate) fn of_many() -> *mut Local {
    OF_MANY.get()
}

/// Sets the state of this thread for all tasks that have none. Gives the one before.
pub(crate) fn set_of_many(state: *mut Local) -> *mut Local {
    OF_MANY.replace(state)
}

/// The state of the last root of this thread; null when there is none. From now on there is none.
pub(crate) fn take_resting() -> *mut Local {
    RESTING.replace(std::ptr::null_mut())
}

/// Keeps the state of a root that has ended for the next one, unless there is one already: what one thread blocks on is one task after the
/// other.
pub(crate) fn rest(state: *mut Local) -> bool {
    let is_first = RESTING.get().is_null();
    if is_first {
        RESTING.set(state);
    }
    is_first
}

/// The name of the type that the roots of this thread are called by; from now on it is this one.
pub(crate) fn replace_root_name(name: &'static str) -> &'static str {
    ROOT_NAME.replace(name)
}

/// Calls `body` with the innermost poll that this thread is in.
#[inline]
pub(crate) fn with_current<R>(body: impl FnOnce(&Frame) -> R) -> Option<R> {
    // SAFETY: null, or a frame on this thread's stack whose poll has not ended.
    unsafe { CURRENT.get().as_ref() }.map(body)
}

/// Where this thread keeps the address of its innermost poll, which is null while it polls nothing.
pub(crate) fn current_place() -> usize {
    CURRENT.with(|current| current.as_ptr().addr())
}

/// The task that this thread polls, if it was spawned and has no state.
pub(crate) fn polled_without_state() -> Option<Key> {
    with_current(|frame| {
        let task = frame.whole().task();
        (task.role == Role::Spawned && task.state().is_null()).then_some(task.key)
    })
    .flatten()
}

/// What `poll` polls, for the task that this thread polls, is dropped after a time.
#[inline]
pub(crate) fn limited<R>(poll: impl FnOnce() -> R) -> R {
    struct Inside(bool);
    impl Drop for Inside {
        fn drop(&mut self) {
            with_current(|frame| frame.is_limited.set(self.0));
        }
    }
    let outer = with_current(|frame| frame.is_limited.replace(true));
    let _inside = outer.map(Inside);
    poll()
}

/// A time was polled.
#[inline]
pub(crate) fn polls_time(is_pending: bool) {
    with_current(|frame| {
        let times = frame.times.get();
        let (pends, has_passed) = (times.pends | is_pending, times.has_passed | !is_pending);
        frame.times.set(Times { pends, has_passed, ..times });
    });
}

/// Whether a task that is polled is not to block this thread.
#[inline]
pub(crate) fn must_not_block() -> bool {
    !MAY_BLOCK.get()
}

/// What `body` does, for the task that is polled, may block the thread.
pub(crate) fn blocking<R>(body: impl FnOnce() -> R) -> R {
    struct Inside(bool);
    impl Drop for Inside {
        fn drop(&mut self) {
            MAY_BLOCK.set(self.0);
        }
    }
    let _inside = Inside(MAY_BLOCK.replace(true));
    body()
}

/// What `body` does is no task's: a thread that serves many blocking calls runs it. It keeps the state for tasks without one, since the
/// calls that one thread runs are not ordered by that either.
pub(crate) fn outside<R>(body: impl FnOnce() -> R) -> R {
    struct Inside(*const Frame);
    impl Drop for Inside {
        fn drop(&mut self) {
            CURRENT.set(self.0);
        }
    }
    let _inside = Inside(CURRENT.replace(std::ptr::null()));
    body()
}
