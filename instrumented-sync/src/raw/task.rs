// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! What an overlay of an async runtime tells of its tasks.

use super::{Identity, Kind, Mode, Site};
use crate::rt::hook::awaits::{self, Giver};
use crate::rt::hook::{leak, task, wait, worker};
use std::pin::Pin;
use std::sync::atomic::AtomicIsize;
use std::task::{Poll, Waker};

/// What is kept beside the future of a task: 48 bytes.
#[derive(Debug)]
pub struct Task(task::Task);

/// The code of a runtime, of which there may be several in a process.
#[derive(Debug)]
pub struct Family(task::Family);

impl Family {
    /// `runtime` says which runtime of this code polls in the calling thread; 0 when that is not known.
    #[must_use]
    pub const fn new(runtime: fn() -> usize) -> Self {
        Self(task::Family { runtime })
    }

    const fn key(&'static self, id: u64) -> task::Key {
        task::Key { family: &self.0, id }
    }
}

impl Task {
    /// A task that its runtime knows by `id`: it is spawned now, at `site`.
    #[inline]
    #[must_use]
    pub fn spawned(family: &'static Family, id: u64, site: Option<Site>) -> Self {
        Self(task::spawned(family.key(id), site))
    }

    /// The future that one thread polls until it has ended, as `block_on` does.
    #[inline]
    #[must_use]
    pub const fn root(family: &'static Family, id: u64, site: Option<Site>) -> Self {
        Self(task::Task::new(family.key(id), site, task::Role::Root))
    }

    /// A poll of it, by `poll`, of a future that lies at `extent` (see [`lies_at`]). `waker` is the task's own; `wakers` gives how many clones of such a waker there are, and [`POLLED`]
    /// if the task is polled just now; a huge number when it has been woken. It is asked when the task has gone to sleep in a wait that is on record, then and later, also by another
    /// thread.
    ///
    /// # Panics
    ///
    /// When `poll` does.
    #[inline]
    pub fn poll<R>(
        &self,
        waker: &Waker,
        extent: ((usize, usize), fn() -> &'static str),
        wakers: fn(&Waker) -> usize,
        poll: impl FnOnce() -> Poll<R>,
    ) -> Poll<R> {
        self.0.poll(waker, extent, wakers, poll)
    }

    /// Runs code of the task's outside of a poll: its future is dropped.
    #[inline]
    pub fn within<R>(&self, body: impl FnOnce() -> R) -> R {
        self.0.within(body)
    }
}

/// A bit of the number of wakers: the task is polled just now.
pub const POLLED: usize = task::POLLED;

/// Runs what may block the thread that polls a task: its runtime has another thread poll the others meanwhile.
#[inline]
pub fn blocking<R>(body: impl FnOnce() -> R) -> R {
    task::blocking(body)
}

/// Where a future begins and ends, and the name of its type.
#[inline]
pub fn extent<F>(future: &F) -> ((usize, usize), fn() -> &'static str) {
    let begin = std::ptr::from_ref(future).addr();
    ((begin, begin + size_of::<F>()), std::any::type_name::<F>)
}

/// The future of the task that is polled is this one, which the runtime has boxed or wrapped. It is pinned.
#[inline]
pub fn lies_at<F>(future: &F) {
    let (extent, type_name) = extent(future);
    task::lies_at(extent, type_name);
}

/// A future's place in the queue of a lock, kept in the future that has queued.
#[derive(Debug, Default)]
pub struct Queued(task::Queued);

/// Asks a future whether what it has queued for was handed to it. It may be asked by any thread.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// The future.
    pub future: *const (),
    /// To be called with it.
    pub ask: unsafe fn(*const ()) -> bool,
}

/// Runs `poll`, of what the task that is polled drops after a time.
#[inline]
pub fn limited<R>(poll: impl FnOnce() -> R) -> R {
    task::limited(poll)
}

/// Runs what a thread does for itself while it polls a task: a blocking call.
#[inline]
pub fn outside<R>(body: impl FnOnce() -> R) -> R {
    task::outside(body)
}

/// A blocking call, which is the task of this number, is made: all threads that may run it are busy, and there will be no further one.
#[cold]
pub fn queues(family: &'static Family, id: u64) {
    task::queues(family.key(id));
}

/// The blocking call that this thread runs is all the work of a worker: it takes up no other call before its runtime ends.
#[cold]
pub fn serves() {
    task::serves();
}

/// Whether a task is polled that is known, with this waker of its own: what it acquires now, it holds.
#[inline]
#[must_use]
pub fn is_polled_by(waker: *const ()) -> bool {
    task::is_polled_by(waker)
}

/// What a task awaits that anyone may give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Await {
    /// A message, from who has a sender.
    Message,
    /// The one message of a channel, from who has its sender.
    Reply,
    /// Room for a message, from who has the receiver.
    Room,
    /// A notification.
    Notification,
    /// A change of a value.
    Change,
    /// That others arrive, too.
    Arrivals,
    /// A value that is set once.
    Value,
    /// That all other ends of a channel are gone.
    End,
}

impl Await {
    const fn wait(self) -> u32 {
        match self {
            Self::Message | Self::Reply => wait::RECV,
            Self::Room => wait::SEND,
            Self::Notification => wait::NOTIFIED,
            Self::Change => wait::CHANGED,
            Self::Arrivals => wait::BARRIER,
            Self::Value => wait::ONCE_WAIT,
            Self::End => wait::CLOSED,
        }
    }

    const fn giver(self) -> Giver {
        match self {
            Self::Message | Self::Room => Giver::OtherEnd,
            Self::Reply => Giver::Replier,
            _ => Giver::Anyone,
        }
    }
}

/// A time was polled, which is pending or has passed.
#[inline]
pub fn polls_time(is_pending: bool) {
    task::polls_time(is_pending);
}

/// The task that is polled awaits a time, with this poll.
#[cold]
pub fn awaits_time(site: Site) {
    awaits::awaits_time(site);
}

/// The thread works for an async runtime: it polls its tasks, until the value is dropped.
#[derive(Debug)]
pub struct Working {
    _working: worker::Working,
}

/// The thread begins to work for the runtime that is known by `runtime` and has so many workers.
#[must_use]
#[cold]
pub fn works(runtime: usize, workers: usize) -> Working {
    Working { _working: worker::works(runtime, workers) }
}

/// Runs `body`, which may block: the thread has handed its work to another one.
pub fn away<R>(body: impl FnOnce() -> R) -> R {
    let _away = worker::is_away();
    body()
}

/// The thread, which polls tasks, is about to sleep until another one wakes it: no timer runs, and there is no input or output to wait for.
#[inline]
pub fn parks() {
    worker::parks();
}

/// Runs `wait`, in which the thread waits for blocking work, and wakes nobody when none comes for a time.
pub fn spare<R>(wait: impl FnOnce() -> R) -> R {
    let _spare = worker::is_spare();
    wait()
}

impl Identity {
    /// The task that is polled awaits what others give it by this object, with this poll and by this waker; null where that is not known.
    #[cold]
    pub fn task_awaits_given(
        &self,
        kind: &'static Kind,
        what: Await,
        (site, waker): (Site, *const ()),
    ) {
        awaits::awaits(&self.0, &kind.0, (what.wait(), what.giver()), (site, waker));
    }

    /// A channel with one receiver: the calling task or thread has received a message, or has found none without waiting for one.
    #[inline]
    pub fn task_receives(&self) {
        awaits::receives(&self.0);
    }

    /// The task that is polled holds it now, by the future at `future`; null where it is not known which. `is_bounded` as for
    /// [`hold`](Self::hold).
    #[inline]
    pub fn task_holds(
        &self,
        kind: &'static Kind,
        mode: Mode,
        is_bounded: bool,
        (site, future): (Site, *const ()),
    ) {
        task::acquired(&self.0, &kind.0, mode.access(is_bounded), site, future);
    }

    /// The task that is polled has queued for it, and cannot go on: in this poll, by this waker.
    ///
    /// # Safety
    ///
    /// Until [`task_arrived`](Self::task_arrived) or [`task_withdraws`](Self::task_withdraws) is called with the same `queued`, which is before it
    /// is dropped, `given` can be asked.
    #[cold]
    pub unsafe fn task_awaits(
        &self,
        kind: &'static Kind,
        mode: Mode,
        (site, waker): (Site, *const ()),
        (queued, given): (Pin<&mut Queued>, Given),
    ) {
        let how = (mode.access(false), mode.wait(kind));
        let given = task::Given { future: given.future, ask: given.ask };
        // SAFETY: it is pinned, and borrowed from its owner; the rest is by contract.
        unsafe { task::awaits(&self.0, &kind.0, how, (site, waker), (&queued.0, given)) };
    }

    /// A semaphore, which the task that is polled awaits, had so many permits at first.
    #[cold]
    pub fn task_knows_permits(&self, permits: u32) {
        task::has_permits(&self.0, permits);
    }

    /// What is acquired of it may be given back by another task than the one that acquired it.
    #[cold]
    pub fn task_may_pass_on(&self, kind: &'static Kind) {
        task::may_pass_on(&self.0, &kind.0);
    }

    /// Permits of it are forgotten; `were_had`: by who had acquired them. `missing` counts those that are forgotten and not added again, with
    /// these; `all` were there at first.
    #[cold]
    pub fn permits_are_forgotten(
        &self,
        kind: &'static Kind,
        (were_had, site): (bool, Site),
        (missing, all): (&AtomicIsize, usize),
    ) {
        leak::forgotten(&self.0, &kind.0, (were_had, site), (missing, all));
    }

    /// Permits are added to it, by anybody. `missing` as above.
    #[cold]
    pub fn permits_are_added(&self, kind: &'static Kind, missing: &AtomicIsize) {
        leak::added(&self.0, &kind.0, missing);
    }

    /// It has arrived at the front, and holds it.
    #[cold]
    pub fn task_arrived(
        &self,
        kind: &'static Kind,
        mode: Mode,
        (site, future): (Site, *const ()),
        queued: &mut Queued,
    ) {
        let how = (mode.access(false), mode.wait(kind));
        task::arrived(&self.0, &kind.0, how, site, (&queued.0, future));
    }

    /// It waits no more for this. What it has acquired meanwhile is told by [`task_holds`](Self::task_holds).
    #[cold]
    pub fn task_has_waited(&self, kind: &'static Kind, mode: Mode, queued: &mut Queued) {
        task::has_waited(&self.0, mode.wait(kind), &queued.0);
    }

    /// It waits no more, and gives up.
    #[cold]
    pub fn task_withdraws(&self, kind: &'static Kind, mode: Mode, queued: &mut Queued) {
        task::withdrawn(&self.0, mode.wait(kind), &queued.0);
    }
}

/// The task that is polled waits for the end of another one, in this poll and by this waker.
#[cold]
pub fn awaits_end(family: &'static Family, id: u64, site: Site, waker: *const ()) {
    task::awaits_end(family.key(id), site, waker);
}

/// The task that is polled waits for the end of one of these, in this poll and by this waker. It polls none of them before that has ended.
#[cold]
pub fn awaits_end_of_one(family: &'static Family, ids: &[u64], site: Site, waker: *const ()) {
    task::awaits_end_of_one(&mut ids.iter().map(|id| family.key(*id)), site, waker);
}

/// The wait for the end of another task is over.
#[cold]
pub fn has_seen_end(family: &'static Family, id: u64) {
    task::has_seen_end(family.key(id));
}
