//! A task is polled: the thread that polls it has its state meanwhile. And a task gets its state, and gives it up.

use super::attach;
use super::awaits;
use super::called;
use super::enter;
use super::hand_on::may_have_given_away;
use super::polled;
use super::start;
use crate::rt::deadlock;
use crate::rt::machine::clock;
use crate::rt::machine::room::with_room;
use crate::rt::object::lock::Lock;
use crate::rt::record::{kept_asleep, moved, written};
use crate::rt::shared::race_flag;
use crate::rt::shared::runtime::{self, Runtime};
use crate::rt::shared::sleepers::{POLLED, Wakers};
use crate::rt::thread::branch;
use crate::rt::thread::local::{self, Local};
use crate::rt::thread::spawned;
use crate::rt::thread::task::{self, Frame, Task, with_current};
use std::sync::atomic::Ordering;
use std::task::{Poll, Waker};
use syncscope_recording::layout::{event, header, slot, thread_flag, wait};

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
        } else if !task.is_root {
            resume_of_many(frame);
        }
        if let Some(local) = local::attached() {
            if local.runtime.across_awaits.is_any() && !local.is_in_job() {
                tells_all(local);
            }
            frame.held_before.set(local.depth());
        }
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

/// What is acquired in this state is looked at one by one: some task has slept with a lock that others may wait for.
#[cold]
fn tells_all(local: &'static Local) {
    if local.is_free() {
        local.run(|local| local.set_in_job(true));
    }
}

/// The thread takes over the state of the task that it begins to poll.
fn resume(frame: &Frame) {
    let task = frame.task();
    // SAFETY: made by `begin` below, and freed only by `give_up`, which takes it from the task first.
    let Some(local) = (unsafe { task.state().as_ref() }) else { return };
    if !local.runtime.is_current() {
        // The child of a fork leaves alone what its parent recorded with.
        return task.set_state(std::ptr::null_mut());
    }
    // Races are looked for thread by thread.
    if race_flag::is_on() {
        return;
    }
    if local.is_listed.get() {
        unlist(local);
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
        Some(local) if local.runtime.is_current() && !race_flag::is_on() => {
            frame.take_over(task::of_many());
        }
        _ => begin_of_many(frame),
    }
}

#[cold]
fn begin_of_many(frame: &Frame) {
    if race_flag::is_on() {
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
fn suspend(frame: &Frame, state: *mut Local) {
    // SAFETY: as in `resume`.
    let Some(local) = (unsafe { state.as_ref() }) else { return };
    polled::ended(local);
    if !frame.task().is_root {
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
        if local.has_queued.get() {
            let (is_any, left) = local.runtime.queues.sleeps(local.number, clock::ticks());
            local.has_queued.set(is_any);
            left.iter().for_each(|left| kept_asleep::left(local.runtime, left));
        }
        if local.depth() > 0 {
            kept_asleep::sleeps(local, frame);
        }
        // Relaxed: written by this task only.
        let is_waiting = local.slot.u32(slot::WAIT).load(Ordering::Relaxed) != wait::NONE;
        if is_waiting && frame.pending.get() == 0 {
            // What it waited for it has let be: it was not polled.
            local.end_wait();
        } else if is_waiting && frame.pending.get() == 1 {
            if is_alone(local, || wakers(waker)) {
                local.rests_on_wait();
                look(local);
            } else {
                local.is_listed.set(list(local, waker, wakers));
            }
            return;
        } else if !is_waiting && local.depth() == 0 && local.runtime.tasks.is_crowded() {
            frame.gives_up.set(true);
            return;
        }
        awaits::publish(local, frame);
    });
}

/// Leaves it to the service to see when nothing else wakes the task any more. `false` where there is no room.
fn list(local: &Local, waker: &Waker, wakers: Wakers) -> bool {
    let runtime = local.runtime;
    with_room(|| runtime.sleepers.put(local.slot, waker.clone(), wakers)).is_some_and(|is_listed| {
        runtime.service.blocked();
        is_listed
    })
}

/// The task no longer sleeps.
#[cold]
fn unlist(local: &'static Local) {
    local.is_listed.set(false);
    let kept = local.run(|local| local.runtime.sleepers.take(local.number));
    // By what the task's runtime does for it, so outside of the hook.
    drop(kept);
}

/// Turns of waiting for a waker that has just woken the task and is about to go.
const TURNS: u32 = 500;

/// Whether there is one waker of the task only. The one that woke it for this poll may still be about to be dropped by another thread:
/// that is waited for, some microseconds, where others may depend on the task.
fn is_alone(local: &Local, wakers: impl Fn() -> usize) -> bool {
    let turns = if local.depth() > 0 { TURNS } else { 1 };
    (0..turns).any(|_| {
        std::hint::spin_loop();
        wakers() & !POLLED == 1
    })
}

/// The task, which has a state, has ended with this poll: who joins it knows what it knew.
#[cold]
fn ends(frame: &Frame) {
    let Some(local) = local::attached().filter(|local| local.is_free()) else { return };
    if std::ptr::eq(local, frame.task().state()) && !frame.task().is_root {
        local.run(|local| {
            let last = local.stamp();
            if !last.is_empty() {
                local.runtime.tasks.set_last(frame.task().key, last);
            }
        });
    }
}

/// Looks for a deadlock that this task closes by the wait in which it has just gone to sleep: the service tells it when it lasts.
fn look(local: &'static Local) {
    _ = with_room(|| {
        if deadlock::of_task(local.runtime, local.slot).is_some() {
            local.runtime.suspects.put(local.slot);
        }
        local.runtime.service.blocked();
    });
}

/// The state of the task that this thread polls, which it gets now if it has none. `None` outside of tasks, and where there is no room.
pub(crate) fn state() -> Option<&'static Local> {
    with_current(|frame| {
        if frame.task().state().is_null() {
            begin(frame);
        }
        // SAFETY: as in `resume`.
        let state = unsafe { frame.task().state().as_ref() }?;
        local::attached().filter(|local| std::ptr::eq(*local, state) && local.is_free())
    })
    .flatten()
}

/// The task gets a state, and the thread takes it over.
#[cold]
fn begin(frame: &Frame) {
    // What the thread itself does before and after.
    let Some(own) = enter::before_event().filter(|own| own.is_free()) else { return };
    // Races are looked for thread by thread.
    let is_possible = !race_flag::is_on();
    let begin = || match frame.task().is_root {
        true => begin_again(frame, own).or_else(|| make(frame, own)),
        false => make(frame, own),
    };
    let made = own.run(|_| with_room(|| if is_possible { begin() } else { None }).flatten());
    match made {
        Some(state) => {
            frame.task().set_state(state);
            frame.take_over(state);
        }
        // What the task nests goes unseen.
        None => own.runtime.file.count(header::LOST_NODES, 1),
    }
}

/// Whether this state is a thread's own, outside of tasks and jobs: what it blocks on is one task after the other in every schedule.
fn is_of_thread(own: &Local) -> bool {
    // Relaxed: written by this thread.
    let is_task = own.slot.u32(slot::FLAGS).load(Ordering::Relaxed) & thread_flag::TASK != 0;
    !is_task && branch::current().is_none() && !written::is_of_many(own)
}

/// The state of the last root of this thread, for this one.
fn begin_again(frame: &Frame, own: &Local) -> Option<*mut Local> {
    if !is_of_thread(own) {
        return None;
    }
    let state = task::take_resting();
    // SAFETY: null, or the state of a root that has ended, which `give_up` has left to this thread.
    let local = unsafe { state.as_ref() }.filter(|local| local.runtime.is_current())?;
    let flags = thread_flag::TASK | thread_flag::FOREIGN;
    attach::put_back_on_board(local, attach::os_tid(), flags);
    let known = task::replace_root_name("");
    if known == frame.type_name() {
        task::replace_root_name(known);
    } else if !known.is_empty() {
        // From now on it is called as the thread is.
        let name = spawned::with(attach::name_of_thread);
        attach::write_record(local, [0, 0, 0, flags, 0], &name);
    }
    local.learn(&own.stamp());
    hand_over(own, local, 0);
    Some(state)
}

fn make(frame: &Frame, own: &Local) -> Option<*mut Local> {
    let runtime = start::runtime()?;
    if !runtime.tasks.may_begin() {
        return None;
    }
    let taken = || {
        let number = runtime.tasks.number(frame.task().key, || runtime.next_thread())?;
        Some((number, runtime.board.take(&runtime.file)?))
    };
    let Some((number, slot)) = taken() else {
        runtime.tasks.gave_up();
        return None;
    };
    let state = attach::new_state(runtime, slot, number, None);
    // SAFETY: just made.
    let local = unsafe { &*state };
    let flags = thread_flag::TASK | thread_flag::FOREIGN;
    attach::put_on_board(local, attach::os_tid(), flags, 0);
    if runtime.tasks.is_described() {
        describe(runtime, local, frame, flags);
    }
    local.emit_other(event::THREAD_START, 0, number, clock::ticks(), 0);
    polled::begins(local, Some(own));
    let task = frame.task();
    if let Some(inherited) = &task.inherited {
        local.learn(inherited);
    }
    if task.is_root {
        task::replace_root_name(frame.type_name());
        local.learn(&own.stamp());
        // The thread is blocked on it, so what the thread holds it holds, until it has ended.
        hand_over(own, local, 0);
    } else {
        hand_over(own, local, frame.held_before.get());
    }
    Some(state)
}

fn describe(runtime: &Runtime, local: &Local, frame: &Frame, flags: u32) {
    let site = frame.task().site.map_or(0, |site| runtime.sites.intern(&runtime.file, site));
    let mut name = called::name_of(frame.type_name());
    if name.is_empty() && frame.task().is_root {
        name = spawned::with(attach::name_of_thread);
    }
    attach::write_record(local, [0, 0, site, flags, 0], &name);
}

/// What the thread has acquired in this poll is the task's.
fn hand_over(own: &Local, local: &Local, held_before: u32) {
    let depth = own.depth();
    for index in held_before as usize..depth as usize {
        let Lock { class, .. } = own.lock_at(index);
        let word = own.word_at(index);
        local.push_handed(word, class, own.held_since(index));
    }
    own.lower(depth.saturating_sub(held_before) as usize);
}

/// The task ends, or holds and awaits nothing while many do.
#[cold]
pub(crate) fn give_up(task: &Task) {
    let state = task.state();
    // SAFETY: as in `resume`.
    let Some(local) = (unsafe { state.as_ref() }) else { return };
    task.set_state(std::ptr::null_mut());
    if !local.runtime.is_current() {
        return;
    }
    if local.is_listed.get() {
        unlist(local);
    }
    if task.is_root
        && let Some(own) = local::attached().filter(|own| own.is_free())
    {
        // What it has acquired goes to who waited for it.
        own.run(|own| {
            own.learn(&local.stamp());
            hand_over(local, own, 0);
        });
        if local.depth() == 0 && is_of_thread(own) && task::rest(state) {
            return attach::take_off_board(local);
        }
    }
    if !task.is_root {
        // Its future is gone with all that was in it: a guard that is left is with somebody else.
        may_have_given_away(local);
    }
    local.runtime.tasks.forget(task.key);
    local.runtime.tasks.gave_up();
    // In a signal handler it stays, as the state of a thread that was killed.
    _ = with_room(|| {
        attach::leave(local);
        // SAFETY: made by `new_state` from a box; the task has let go of it, and no thread has it.
        drop(unsafe { Box::from_raw(state) });
    });
}

/// The task is dropped.
impl Drop for Task {
    fn drop(&mut self) {
        if !self.state().is_null() {
            give_up(self);
        } else if let Some(runtime) = runtime::started() {
            runtime.tasks.forget(self.key);
        }
    }
}
