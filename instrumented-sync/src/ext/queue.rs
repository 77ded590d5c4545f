//! `Queue`.

use super::hook::{self, Desc, Meta, Site, Waited, primitive, wait, way};
use super::monitor::{Monitor, Published};
use super::queue_error::{Empty, Full};
use crate::limits::Limit;
use std::collections::VecDeque;
use std::fmt;
use std::panic::Location;
use std::sync::Condvar;
use std::time::{Duration, Instant};

/// A first-in-first-out queue for many producers and many consumers, with or without a bound.
///
/// It is the bounded buffer of E. W. Dijkstra ("Cooperating sequential processes", 1965), which C. A. R. Hoare ("Monitors",
/// 1974) made of a monitor with two conditions, and what Python calls `queue.Queue`. Unlike a channel of
/// [`mpsc`](crate::mpsc) it has no ends: whoever can borrow it can put and get, and it is never disconnected.
///
/// [`task_done`](Self::task_done) and [`join`](Self::join) let a producer wait until all that was put is also dealt with.
///
/// What happened before an item is put happens before the end of the call that gets it; what happened before `task_done`,
/// before the end of a `join` that it ends.
///
/// # What is recorded
///
/// Each item put and got, like messages of a channel; and the waits. A wait is reported as a deadlock when no thread of
/// the process can ever end it.
///
/// # Examples
///
/// ```
/// use instrumented_sync::ext::Queue;
/// use instrumented_sync::thread;
///
/// let jobs = Queue::<Option<u32>>::bounded(4);
/// thread::scope(|scope| {
///     for _ in 0..2 {
///         scope.spawn(|| {
///             while let Some(job) = jobs.get() {
///                 let _square = job * job;
///                 jobs.task_done();
///             }
///         });
///     }
///     (0..100).for_each(|job| jobs.put(Some(job)));
///     jobs.join();
///     (0..2).for_each(|_| jobs.put(None));
/// });
/// ```
pub struct Queue<T> {
    pub(super) meta: Meta,
    /// `usize::MAX` without a bound.
    capacity: usize,
    state: Monitor<State<T>>,
    put: Condvar,
    got: Condvar,
    done: Condvar,
}

struct State<T> {
    items: VecDeque<T>,
    /// Items put and not yet reported as done.
    unfinished: usize,
}

impl<T> Queue<T> {
    const DESC: &'static Desc = &Desc::of::<T>(primitive::QUEUE);

    /// A new, empty queue without a bound: putting never blocks. The caller's place becomes its creation site.
    #[must_use]
    #[track_caller]
    pub const fn new() -> Self {
        Self::with_capacity(usize::MAX)
    }

    /// A new, empty queue with room for `capacity` items. The caller's place becomes its creation site.
    ///
    /// # Panics
    ///
    /// `capacity` is 0: an item could never be put.
    #[must_use]
    #[track_caller]
    pub const fn bounded(capacity: usize) -> Self {
        assert!(capacity > 0, "a queue needs room for an item");
        Self::with_capacity(capacity)
    }

    #[track_caller]
    const fn with_capacity(capacity: usize) -> Self {
        Self {
            meta: Meta::new(),
            capacity,
            state: Monitor::new(State { items: VecDeque::new(), unfinished: 0 }),
            put: Condvar::new(),
            got: Condvar::new(),
            done: Condvar::new(),
        }
    }

    /// Puts an item at the end, blocking while there is no room.
    ///
    /// Recorded: the item; before blocking also the wait.
    #[track_caller]
    pub fn put(&self, item: T) {
        let result = self.insert(item, Limit::Never, Location::caller());
        debug_assert!(result.is_ok(), "a wait without a limit ends with success");
    }

    /// Puts an item at the end if there is room. Recorded when it did.
    ///
    /// # Errors
    ///
    /// There is no room. The error contains the item.
    #[track_caller]
    pub fn try_put(&self, item: T) -> Result<(), Full<T>> {
        let mut item = Some(item);
        hook::giving(&self.meta, Self::DESC, way::ITEM);
        self.push(&mut self.state.enter(), &mut item);
        self.inserted(item, Location::caller())
    }

    /// Puts an item at the end, blocking for at most about `timeout`.
    ///
    /// Recorded: the item; before blocking also the wait, as one that ends by itself.
    ///
    /// # Errors
    ///
    /// There was no room in time. The error contains the item.
    #[track_caller]
    pub fn put_for(&self, item: T, timeout: Duration) -> Result<(), Full<T>> {
        self.insert(item, Limit::after(timeout), Location::caller())
    }

    /// As [`put_for`](Self::put_for), until a moment.
    ///
    /// # Errors
    ///
    /// As [`put_for`](Self::put_for).
    #[track_caller]
    pub fn put_until(&self, item: T, deadline: Instant) -> Result<(), Full<T>> {
        self.insert(item, Limit::At(deadline), Location::caller())
    }

    /// Takes the first item, blocking while there is none.
    ///
    /// Recorded: the item; before blocking also the wait.
    #[track_caller]
    pub fn get(&self) -> T {
        let site = Location::caller();
        loop {
            // A wait without a limit ends with an item.
            if let Ok(item) = self.remove(Limit::Never, site) {
                return item;
            }
        }
    }

    /// Takes the first item if there is one. Recorded when there is.
    ///
    /// # Errors
    ///
    /// There is none.
    #[track_caller]
    pub fn try_get(&self) -> Result<T, Empty> {
        self.removing();
        let item = self.state.enter().items.pop_front();
        self.removed(item, Location::caller())
    }

    /// Takes the first item, blocking for at most about `timeout`.
    ///
    /// Recorded: the item; before blocking also the wait, as one that ends by itself.
    ///
    /// # Errors
    ///
    /// There was none in time.
    #[track_caller]
    pub fn get_for(&self, timeout: Duration) -> Result<T, Empty> {
        self.remove(Limit::after(timeout), Location::caller())
    }

    /// As [`get_for`](Self::get_for), until a moment.
    ///
    /// # Errors
    ///
    /// As [`get_for`](Self::get_for).
    #[track_caller]
    pub fn get_until(&self, deadline: Instant) -> Result<T, Empty> {
        self.remove(Limit::At(deadline), Location::caller())
    }

    /// Says that an item that was got has been dealt with. When that is so for all that were put, threads in
    /// [`join`](Self::join) go on. Never blocks. Nothing is recorded.
    ///
    /// # Panics
    ///
    /// It was called more often than items were put.
    #[track_caller]
    pub fn task_done(&self) {
        hook::giving(&self.meta, Self::DESC, way::DONE);
        let mut state = self.state.enter();
        let left = state.unfinished.checked_sub(1);
        state.unfinished = left.unwrap_or(0);
        drop(state);
        assert!(left.is_some(), "more tasks were done than put into the queue");
        if left == Some(0) {
            self.done.notify_all();
        }
    }

    /// Blocks until all items that were put have been got and reported by [`task_done`](Self::task_done). Returns at once when
    /// none was ever put.
    ///
    /// Recorded: before blocking the wait.
    #[track_caller]
    pub fn join(&self) {
        self.finish(Limit::Never, Location::caller());
    }

    /// As [`join`](Self::join), for at most about `timeout`; `false` when there was work left then.
    #[track_caller]
    pub fn join_for(&self, timeout: Duration) -> bool {
        self.finish(Limit::after(timeout), Location::caller())
    }

    /// The items that wait to be got. Another thread may change it at once. Nothing is recorded.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state.enter().items.len()
    }

    /// Whether no item waits to be got. Another thread may change it at once. Nothing is recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether there is no room. Another thread may change it at once. Nothing is recorded.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.len() >= self.capacity
    }

    /// The bound, if there is one.
    #[must_use]
    pub fn capacity(&self) -> Option<usize> {
        (self.capacity != usize::MAX).then_some(self.capacity)
    }

    fn insert(&self, item: T, limit: Limit, site: Site) -> Result<(), Full<T>> {
        let mut item = Some(item);
        let published = self.published(wait::PUT, site);
        hook::giving(&self.meta, Self::DESC, way::ITEM);
        self.state.wait(&self.got, limit, published, |state| self.push(state, &mut item));
        self.inserted(item, site)
    }

    /// Moves the item to the end of the queue if there is room.
    fn push(&self, state: &mut State<T>, item: &mut Option<T>) -> Option<()> {
        if state.items.len() >= self.capacity {
            return None;
        }
        state.items.push_back(item.take()?);
        state.unfinished += 1;
        Some(())
    }

    /// After an attempt to put, with the item if it was not put.
    fn inserted(&self, item: Option<T>, site: Site) -> Result<(), Full<T>> {
        match item {
            Some(item) => Err(Full(item)),
            None => {
                self.put.notify_one();
                if self.capacity != usize::MAX {
                    hook::took(&self.meta, Self::DESC, way::ROOM);
                }
                hook::sent(&self.meta, Self::DESC, site);
                Ok(())
            }
        }
    }

    fn remove(&self, limit: Limit, site: Site) -> Result<T, Empty> {
        let published = self.published(wait::GET, site);
        self.removing();
        let item = self.state.wait(&self.put, limit, published, |state| state.items.pop_front());
        self.removed(item, site)
    }

    /// Before an attempt to get: it makes room.
    fn removing(&self) {
        if self.capacity != usize::MAX {
            hook::giving(&self.meta, Self::DESC, way::ROOM);
        }
    }

    /// After an attempt to get.
    fn removed(&self, item: Option<T>, site: Site) -> Result<T, Empty> {
        let item = item.ok_or(Empty)?;
        // Without a bound nobody waits for room.
        if self.capacity != usize::MAX {
            self.got.notify_one();
        }
        hook::taken(&self.meta, Self::DESC, site);
        Ok(item)
    }

    fn finish(&self, limit: Limit, site: Site) -> bool {
        let published = self.published(wait::QUEUE_JOIN, site);
        let finished = self
            .state
            .wait(&self.done, limit, published, |state| (state.unfinished == 0).then_some(()));
        if finished.is_some() {
            hook::took(&self.meta, Self::DESC, way::DONE);
        }
        finished.is_some()
    }

    fn published(&self, kind: u32, site: Site) -> Published<'_> {
        Published { kind, object: Waited::Object(&self.meta, Self::DESC), site }
    }
}

impl<T> Default for Queue<T> {
    /// As [`Queue::new`].
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue")
            .field("len", &self.len())
            .field("capacity", &self.capacity())
            .finish_non_exhaustive()
    }
}
