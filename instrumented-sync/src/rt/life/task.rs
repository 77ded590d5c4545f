//! A task is polled: the thread that polls it has its state meanwhile.

use super::attach;
use super::awaits;
use super::enter;
use super::hands::learn_heard;
use super::listed::{list, unlist};
use super::polled;
use super::sleep;
use super::start;
use super::task_state::{begin, give_up};
use crate::rt::machine::clock;
use crate::rt::machine::room::with_room;
use crate::rt::record::{kept_asleep, moved};
use crate::rt::shared::race_flag;
use crate::rt::shared::runtime;
use crate::rt::shared::sleepers::Wakers;
use crate::rt::thread::local::{self, Local};
use crate::rt::thread::spawned;
use crate::rt::thread::task::{self, Frame, Task};
use std::sync::atomic::Ordering;
use std::task::{Poll, Waker};
use syncscope_recording::layout::slot;

impl Task {
    /// A poll of it, with this waker: `poll` is run with the state of the task, if it has one. `extent` is where its future begins and ends.
    /// `wakers` is asked when the task has gone to sleep in a wait that is on record, then and later.
    ///
    /// # Panics
    ///
    /// When `poll` does.
    #[inline]
    pub(crate) fn poll<R>(
        &self,
        waker: &Waker,
        (extent, type_name): ((usize, usize), fn() -> &'static str),
        wakers: Wakers,
        poll: impl FnOnce() -> Poll<R>,
    ) -> Poll<R> {
        if runtime::is_off() {
            return poll();
        }
        self.counts_no_more();
        let frame = Frame::new(self, waker.data(), type_name);
        frame.lies_at(extent, type_name);
        let _polled = Polled::begin(&frame);
        let result = poll();
        match &result {
            Poll::Pending
                if !self.state().is_null()
                    || frame.awaits.get().is_some()
                    || frame.has_left_held() =>
            {
                sleeps(&frame, waker, wakers)
            }
            Poll::Ready(_) if !self.state().is_null() => ends(&frame),
            _ => {}
        }
        result
    }

    /// The task's own code runs outside of a poll: its future is dropped.
    #[inline]
    pub(crate) fn within<R>(&self, body: impl FnOnce() -> R) -> R {
        if runtime::is_off() {
            return body();
        }
        let frame = Frame::new(self, std::ptr::null(), || "");
        let _polled = Polled::begin(&frame);
        body()
    }
}

/// A poll, until the value is dropped.
struct Polled<'a>(&'a Frame);

impl<'a> Polled<'a> {
    #[inline]
    fn begin(frame: &'a Frame) -> Self {
        frame.begin();
        let task = frame.task();
        if !task.state().is_null() {
            resume(frame);
        } else if !task.is_root() {
            resume_of_many(frame);
        }
        notes_held(frame);
        Self(frame)
    }
}

impl Drop for Polled<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(state) = self.0.end() {
            suspend(self.0, state);
        }
    }
}

/// A poll begins: what the thread's state holds by then.
#[inline]
pub(super) fn notes_held(frame: &Frame) {
    if let Some(local) = local::attached() {
        if local.runtime.across_awaits.is_any() && !local.is_in_job() {
            tells_all(local);
        }
        frame.held_before.set(local.depth());
    }
}

/// What is acquired in this state is looked at one by one: some task has slept with a lock that others may wait for.
#[cold]
fn tells_all(local: &'static Local) {
    if local.is_free() {
        local.run(|local| local.set_in_job(true));
    }
}

/// The thread takes over the state of the task that it begins to poll.
pub(super) fn resume(frame: &Frame) {
    let task = frame.task();
    // SAFETY: made by `begin` below, and freed only by `give_up`, which takes it from the task first.
    let Some(local) = (unsafe { task.state().as_ref() }) else { return };
    if !local.runtime.is_current() {
        // The child of a fork leaves alone what its parent recorded with.
        return task.set_state(std::ptr::null_mut());
    }
    // Races are looked for thread by thread.
    if race_flag::is_tracking() {
        return;
    }
    if local.is_listed.get() {
        unlist(local);
    }
    if local.joins_arms.take() {
        local.end_wait();
    }
    local.may_end_wait();
    local.polls.set(local.polls.get().wrapping_add(1));
    local.end_await();
    // Relaxed: for who looks at the threads of the system.
    local.slot.u32(slot::OS_TID).store(attach::os_tid(), Ordering::Relaxed);
    polled::begins(local, local::attached());
    frame.take_over(task.state());
    if local.depth() > 0 {
        local.run(moved::settle_now);
    }
}

/// The thread takes over the state that it has for all tasks without one.
#[inline]
fn resume_of_many(frame: &Frame) {
    // SAFETY: null, or made by `make_of_many` and freed at the thread's end.
    match unsafe { task::of_many().as_ref() } {
        Some(local) if local.runtime.is_current() && !race_flag::is_tracking() => {
            frame.take_over(task::of_many());
        }
        _ => begin_of_many(frame),
    }
}

#[cold]
fn begin_of_many(frame: &Frame) {
    if race_flag::is_tracking() {
        return;
    }
    let Some(own) = enter::before_event().filter(|own| own.is_free()) else { return };
    if let Some(state) = own.run(|_| with_room(make_of_many).flatten()) {
        task::set_of_many(state);
        frame.take_over(state);
    }
}

/// A state for all tasks that this thread polls and that have none of their own. Their order is not the thread's, so no node names it.
fn make_of_many() -> Option<*mut Local> {
    let runtime = start::runtime()?;
    let slot = runtime.board.take(&runtime.file)?;
    let state = attach::new_state(runtime, slot, runtime.next_thread(), None);
    // SAFETY: just made.
    let local = unsafe { &*state };
    if let Ok(mut clock) = local.clock.try_borrow_mut() {
        clock.is_of_many = true;
    }
    attach::put_on_board(local, attach::os_tid(), 0, 0);
    let os_tid = attach::os_tid();
    if os_tid == std::process::id() {
        attach::write_record(local, [os_tid, 0, 0, 0, 0], "main");
    } else {
        spawned::with(|spawned| attach::describe(local, spawned, os_tid, 0));
    }
    Some(state)
}

/// Nobody polls the task any more.
pub(super) fn suspend(frame: &Frame, state: *mut Local) {
    // SAFETY: as in `resume`.
    let Some(local) = (unsafe { state.as_ref() }) else { return };
    polled::ended(local);
    if !frame.task().is_root() {
        // Relaxed: for who looks at the threads of the system.
        local.slot.u32(slot::OS_TID).store(0, Ordering::Relaxed);
    }
    if frame.gives_up.get() {
        give_up(frame.task());
    }
}

/// The task, which has a state, has not ended with this poll.
#[cold]
fn sleeps(frame: &Frame, waker: &Waker, wakers: Wakers) {
    if frame.task().state().is_null() {
        // It holds what is not for tasks: a guard is alive over an await. Or it is told what the task awaits.
        let is_for_await = !frame.has_left_held();
        begin(frame);
        if is_for_await && let Some(runtime) = runtime::started() {
            runtime.tasks.began_for_await();
        }
    }
    let Some(local) = local::attached().filter(|local| local.is_free()) else { return };
    if !std::ptr::eq(local, frame.task().state()) {
        return;
    }
    local.run(|local| {
        leaves(local, frame);
        local.slot.rest().lies_at(frame.extent());
        let is_waiting = sleep::waits(local, frame);
        let mut arms = frame.arms.take();
        let has_arms = !arms.is_empty();
        if has_arms {
            if !is_waiting {
                sleep::for_arms(local, &mut arms);
            }
            sleep::with_arms(local, frame, &arms, (waker, wakers));
        } else if is_waiting && frame.pending.get() == 1 {
            if sleep::are_all(local, local.depth() > 0, 1, || wakers(waker)) {
                local.rests_on_wait();
                sleep::look(local.runtime, local.slot);
            } else {
                local.is_listed.set(list(local, vec![local.slot], 1, (waker, wakers)));
            }
            return;
        } else if !is_waiting && local.depth() == 0 && local.runtime.tasks.is_crowded() {
            frame.gives_up.set(true);
            return;
        }
        let is_alone = !is_waiting && !has_arms && frame.pending.get() == 0;
        let are_all = || sleep::are_all(local, false, 1, || wakers(waker));
        awaits::publish(local, frame, || is_alone && are_all());
    });
}

/// What the task, or the arm, which goes to sleep, leaves behind.
pub(super) fn leaves(local: &Local, frame: &Frame) {
    if local.has_queued.get() {
        let (is_any, left) = local.runtime.queues.sleeps(local.number, clock::ticks());
        local.has_queued.set(is_any);
        left.iter().for_each(|left| kept_asleep::left(local.runtime, left));
    }
    if local.depth() > 0 {
        kept_asleep::sleeps(local, frame);
    }
}

/// The task, which has a state, has ended with this poll: who joins it knows what it knew.
#[cold]
fn ends(frame: &Frame) {
    let Some(local) = local::attached().filter(|local| local.is_free()) else { return };
    if std::ptr::eq(local, frame.task().state()) && !frame.task().is_root() {
        local.run(|local| {
            learn_heard(local);
            let last = local.stamp();
            if !last.is_empty() {
                local.runtime.tasks.set_last(frame.task().key, last);
            }
        });
    }
}
