//! An arm of a task is polled, and ends: see [`arms`].

use super::awaits;
use super::hands::{give_back, lend_below, put_in, take_out};
use super::sleep;
use super::task::{leaves, notes_held, resume, suspend};
use super::task_state::{begin, give_up, waits_no_more};
use crate::rt::object::Site;
use crate::rt::shared::runtime;
use crate::rt::shared::tasks::Key;
use crate::rt::thread::arms::{self, Ends, Place, Waiting};
use crate::rt::thread::awaits::Awaited;
use crate::rt::thread::local::{self, Local};
use crate::rt::thread::task::{Frame, Role, Task, Times, with_current};
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

/// Numbers of arms, which are no numbers of tasks or roots.
static NEXT: AtomicU64 = AtomicU64::new(1 << 62);

/// An arm of the task that is polled, made at `site`. `None` where no task is known.
pub(crate) fn arm(site: Site) -> Option<Task> {
    if runtime::is_off() {
        return None;
    }
    with_current(|frame| {
        // Relaxed: hands out numbers.
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Task::new(Key { family: frame.task().key.family, id }, Some(site), Role::Arm)
    })
}

impl Task {
    /// As [`Self::poll`], of an arm, by the task that this thread polls. `waker` is what the waker is known by that wakes the arm. `times` is what
    /// the poll has seen of them.
    ///
    /// # Panics
    ///
    /// When `poll` does.
    #[inline]
    pub(crate) fn poll_arm<R>(
        &self,
        (waker, ends_how): (*const (), Ends),
        (place, type_name): (Place, fn() -> &'static str),
        times: &mut Times,
        poll: impl FnOnce() -> Poll<R>,
    ) -> Poll<R> {
        if runtime::is_off() {
            return poll();
        }
        let frame = Frame::of_arm(self, waker, place.owned, type_name);
        let pointee = place.pointee;
        let turn = Turn::begin(&frame);
        if pointee != 0 {
            refers(&frame, pointee);
        }
        let result = poll();
        if result.is_pending()
            && (!self.state().is_null() || frame.awaits.get().is_some() || frame.has_left_held())
        {
            pauses(&frame, ends_how);
        }
        drop(turn);
        *times = frame.times.get();
        passes_up(&frame, result.is_pending() && ends_how == Ends::Any);
        if result.is_ready() && !self.state().is_null() {
            ends(self, ends_how);
        }
        result
    }
}

/// What a poll of an arm has seen of times, for who polls the arm. `ends_others`: it is left pending, and its end ends the others.
#[inline]
fn passes_up(frame: &Frame, ends_others: bool) {
    let Times { pends, pends_below, has_passed } = frame.times.get();
    let ends_in_time = ends_others && (pends || pends_below);
    if (ends_in_time || has_passed)
        && let Some(outer) = frame.outer()
    {
        let mut times = outer.times.get();
        times.pends_below |= ends_in_time;
        times.has_passed |= has_passed;
        outer.times.set(times);
    }
}

/// The future of an arm has come to its end.
#[cold]
fn ends(arm: &Task, how: Ends) {
    // SAFETY: as in `refers`.
    if let Some(local) = unsafe { arm.state().as_ref() } {
        local.ends_first.set(how == Ends::Joined);
    }
    give_up(arm);
}

/// A poll of an arm, until the value is dropped.
struct Turn<'a>(&'a Frame);

impl<'a> Turn<'a> {
    #[inline]
    fn begin(frame: &'a Frame) -> Self {
        frame.begin();
        if !frame.task().state().is_null() {
            takes_turn(frame);
        }
        notes_held(frame);
        Self(frame)
    }
}

impl Drop for Turn<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.0.lent.get() > 0 {
            with_state(self.0, |local, own| gives_back(self.0, local, own));
        }
        if let Some(state) = self.0.end() {
            suspend(self.0, state);
        }
    }
}

/// The arm, which has a state, is polled.
#[cold]
fn takes_turn(frame: &Frame) {
    waits_no_more(frame.task());
    resume(frame);
    let task = frame.outer().map_or(std::ptr::null_mut(), |outer| outer.task().state());
    with_state(frame, |local, own| {
        // What the thread holds otherwise is not the task's.
        if let Some(own) = own.filter(|own| std::ptr::eq(*own, task) && own.depth() > 0) {
            frame.lent.set(lend_below(own, local));
        }
    });
}

/// The arm refers to a future there: what that has held in an earlier arm of the task is this one's.
#[inline]
fn refers(frame: &Frame, pointee: usize) {
    let arm = frame.task();
    if arm.state().is_null() {
        let outer = frame.outer().map_or(std::ptr::null_mut(), |outer| outer.task().state());
        // SAFETY: null, or the state of who polls the arm.
        if unsafe { outer.as_ref() }.is_none_or(|outer| outer.remains.is_empty()) {
            return;
        }
        finds_remains(frame, pointee);
    }
    // SAFETY: null, or the state of the arm, which is there as long as the arm.
    if let Some(local) = unsafe { arm.state().as_ref() } {
        local.pointee.set(pointee);
    }
}

#[cold]
fn finds_remains(frame: &Frame, pointee: usize) {
    // SAFETY: as in `refers`; it is the state that the thread has.
    let outer = frame.outer().and_then(|outer| unsafe { outer.task().state().as_ref() });
    let Some(own) = outer.filter(|own| own.is_free()) else { return };
    let is_own = local::attached().is_some_and(|local| std::ptr::eq(local, own));
    let Some(held) = own.remains.take(pointee).filter(|_| is_own) else { return };
    let taken = own.run(|own| take_out(own, &held));
    frame.held_before.set(own.depth());
    begin(frame);
    let to = local::attached().filter(|local| local.is_free()).unwrap_or(own);
    to.run(|to| put_in(to, taken));
}

/// Calls `body` with the state of the arm, if the thread has it, and with that of who polls the arm.
fn with_state(frame: &Frame, body: impl FnOnce(&Local, Option<&Local>)) {
    let Some(local) = local::attached().filter(|local| local.is_free()) else { return };
    if std::ptr::eq(local, frame.task().state()) {
        // SAFETY: null, or a state that lives as long as who polls the arm, or as the thread.
        let own = unsafe { frame.own().as_ref() };
        local.run(|local| body(local, own));
    }
}

fn gives_back(frame: &Frame, local: &Local, own: Option<&Local>) {
    let lent = frame.lent.replace(0);
    if let Some(own) = own.filter(|_| lent > 0) {
        give_back(own, local, lent);
    }
}

/// The arm has not ended with this poll.
#[cold]
fn pauses(frame: &Frame, ends: Ends) {
    let Some(outer) = frame.outer() else { return };
    if frame.has_left_held() {
        // A guard is alive over an await.
        begin(frame);
    }
    if frame.task().state().is_null() {
        let is_woken_so = frame.waker == outer.waker;
        frame.awaits.get().into_iter().for_each(|awaited| {
            let channel = awaited.channel.filter(|_| is_woken_so);
            outer.awaits.add(Awaited { channel, ..awaited });
        });
        return;
    }
    with_state(frame, |local, own| {
        gives_back(frame, local, own);
        leaves(local, frame);
        let is_waiting = sleep::waits(local, frame);
        let mut all = frame.arms.take();
        if !is_waiting {
            sleep::for_arms(local, &mut all);
            awaits::publish(local, frame, || false);
        }
        if frame.pending.get() > 0 {
            let own = sleep::waiting(local, frame.task().site, frame.pending.get());
            let may_last = own.may_last && is_waiting && all.is_empty();
            all.push(Waiting { may_last, ..own });
        }
        if all.is_empty() && !is_waiting && local.depth() == 0 && local.runtime.tasks.is_crowded() {
            frame.gives_up.set(true);
        }
        for one in &mut all {
            one.is_joined &= ends == Ends::Joined;
            // What is woken otherwise wakes the task when it likes.
            if frame.waker != outer.waker {
                one.pending = arms::UNKNOWN;
            }
        }
        outer.arms.add(all);
    });
}
