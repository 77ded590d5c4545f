//! A task gets its state, and gives it up.

use super::attach;
use super::called;
use super::enter;
use super::hands::{hand_over, learn_heard, leave_behind, lend};
use super::left;
use super::listed::unlist;
use super::polled;
use super::start;
use crate::rt::machine::clock;
use crate::rt::machine::room::with_room;
use crate::rt::record::written;
use crate::rt::shared::race_flag;
use crate::rt::shared::runtime::{self, Runtime};
use crate::rt::thread::branch;
use crate::rt::thread::local::{self, Local};
use crate::rt::thread::spawned;
use crate::rt::thread::task::{self, Frame, Role, Task, with_current};
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{event, header, slot, thread_flag};

/// The state of the task that this thread polls, which it gets now if it has none. `None` outside of tasks, and where there is no room.
pub(crate) fn state() -> Option<&'static Local> {
    with_current(|frame| {
        if frame.task().state().is_null() {
            begin(frame);
        }
        // SAFETY: as in `resume`.
        let state = unsafe { frame.task().state().as_ref() }?;
        let local = local::attached()?;
        if !std::ptr::eq(local, state) || !local.is_free() {
            return None;
        }
        comes_after_arms(local);
        Some(local)
    })
    .flatten()
}

/// The task that this thread polls acts itself, if it has a state.
#[inline]
pub(crate) fn acts() {
    with_current(|frame| {
        // SAFETY: as in `resume`.
        if let Some(local) = unsafe { frame.task().state().as_ref() } {
            comes_after_arms(local);
        }
    });
}

/// The task of this state acts: after the arms that have ended.
#[inline]
fn comes_after_arms(local: &'static Local) {
    if local.heard.is_any() && local.is_free() {
        local.run(|local| _ = with_room(|| learn_heard(local)));
    }
}

/// The state of the task that this thread polls, also while it polls an arm of that. `None` where it has none.
pub(crate) fn whole() -> Option<&'static Local> {
    // SAFETY: as in `resume`.
    with_current(|frame| unsafe { frame.whole().task().state().as_ref() }).flatten()
}

/// The task gets a state, and the thread takes it over.
#[cold]
pub(super) fn begin(frame: &Frame) {
    if frame.task().is_arm() {
        begin_outer(frame);
    }
    // What the thread itself does before and after.
    let Some(own) = enter::before_event().filter(|own| own.is_free()) else { return };
    // Races are looked for thread by thread.
    let is_possible = !race_flag::is_tracking();
    let begin = || match frame.task().role {
        Role::Root => begin_again(frame, own).or_else(|| make(frame, own)),
        Role::Spawned | Role::Arm => make(frame, own),
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

/// Who polls an arm has a state, too: others must find it above the arm.
fn begin_outer(frame: &Frame) {
    let Some(outer) = frame.outer().filter(|outer| outer.task().state().is_null()) else { return };
    begin(outer);
    // A spawned task takes over what it has acquired in this poll, and nothing that the thread has held before.
    if outer.task().role == Role::Spawned && !outer.task().state().is_null() {
        let before = frame.held_before.get().saturating_sub(outer.held_before.get());
        frame.held_before.set(before);
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
    let parent = if frame.task().is_arm() { own.number } else { 0 };
    let flags = thread_flag::TASK | thread_flag::FOREIGN;
    // Relaxed: published by THREAD.
    local.slot.u32(slot::PART_OF).store(parent, Ordering::Relaxed);
    attach::put_on_board(local, attach::os_tid(), flags, 0);
    if runtime.tasks.is_described() {
        describe(runtime, local, frame, (parent, flags));
    }
    local.emit_other(event::THREAD_START, 0, number, clock::ticks(), 0);
    polled::begins(local, Some(own));
    let task = frame.task();
    if let Some(inherited) = &task.inherited {
        local.learn(inherited);
    }
    match task.role {
        Role::Root => {
            task::replace_root_name(frame.type_name());
            local.learn(&own.stamp());
            // The thread is blocked on it, so what the thread holds it holds, until it has ended.
            hand_over(own, local, 0);
        }
        Role::Spawned => hand_over(own, local, frame.held_before.get()),
        Role::Arm => {
            local.learn(&own.stamp());
            let before = frame.held_before.get();
            frame.lent.set(lend(own, local, before));
            hand_over(own, local, before);
        }
    }
    Some(state)
}

fn describe(runtime: &Runtime, local: &Local, frame: &Frame, (parent, flags): (u32, u32)) {
    let site = frame.task().site.map_or(0, |site| runtime.sites.intern(&runtime.file, site));
    let mut name = called::name_of(frame.type_name());
    if name.is_empty() && frame.task().is_root() {
        name = spawned::with(attach::name_of_thread);
    }
    attach::write_record(local, [0, parent, site, flags, 0], &name);
}

/// The polls that this thread is in have not left this arm waiting.
pub(super) fn waits_no_more(arm: &Task) {
    // SAFETY: as in `resume`.
    let Some(number) = (unsafe { arm.state().as_ref() }).map(|local| local.number) else { return };
    with_current(|frame| {
        let all = std::iter::successors(Some(frame), |frame| frame.outer());
        all.for_each(|frame| frame.arms.remove(number));
    });
}

/// The task ends, or holds and awaits nothing while many do. An arm ends, or is dropped.
#[cold]
pub(crate) fn give_up(task: &Task) {
    let state = task.state();
    // SAFETY: as in `resume`.
    let Some(local) = (unsafe { state.as_ref() }) else { return };
    if task.is_arm() {
        waits_no_more(task);
    }
    task.set_state(std::ptr::null_mut());
    if !local.runtime.is_current() {
        return;
    }
    if local.is_listed.get() {
        unlist(local);
    }
    if task.role != Role::Spawned
        && let Some(own) = local::attached().filter(|own| own.is_free())
    {
        // What it has acquired goes to who waited for it, or polled it.
        own.run(|own| {
            learn_heard(local);
            if task.is_root() {
                own.learn(&local.stamp());
            } else if local.ends_first.get() || !local.acts_elsewhere.get() {
                own.heard.put(local.stamp());
            }
            leave_behind(local, own);
            hand_over(local, own, 0);
            if local.may_give_away.get() {
                own.may_give_away.set(true);
            }
        });
        if task.is_root() && local.depth() == 0 && is_of_thread(own) && task::rest(state) {
            return attach::take_off_board(local);
        }
    }
    if task.role == Role::Spawned {
        left::at_end(local);
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
        self.counts_no_more();
        if !self.state().is_null() {
            give_up(self);
        } else if !self.is_arm()
            && let Some(runtime) = runtime::started()
        {
            runtime.tasks.forget(self.key);
            runtime.calls.is_gone(self.key);
        }
    }
}
