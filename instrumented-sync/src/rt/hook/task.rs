// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Locks that tasks await. What another executor polls is not recorded: who holds would not be known.

use super::Site;
use super::lock;
use crate::rt::life::{company, enter, hand_on, task_state as task};
use crate::rt::machine::{clock, os};
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::record::contended;
use crate::rt::record::extend::Request;
use crate::rt::record::kept_asleep;
use crate::rt::record::wait::Wait;
use crate::rt::shared::board::WaitEntry;
use crate::rt::shared::queues::{Seen, Want};
use crate::rt::shared::runtime;
use crate::rt::thread::local::{self, Local};
use crate::rt::thread::task::{Frame, with_current};
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{access, log, slot, wait};
use syncscope_recording::writer::LogRecord;

pub(crate) use crate::rt::life::arm::arm;
pub(crate) use crate::rt::life::task_state::acts;
pub(crate) use crate::rt::shared::endings;
pub(crate) use crate::rt::shared::queues::{Given, Queued};
pub(crate) use crate::rt::shared::sleepers::POLLED;
pub(crate) use crate::rt::shared::tasks::{Family, Key};
pub(crate) use crate::rt::thread::arms::{Ends, Place};
pub(crate) use crate::rt::thread::task::{Role, Task, Times, blocking, limited, polls_time};

/// The future of the task that is polled, without boxes and wrappers of its runtime's, lies here.
#[inline]
pub(crate) fn lies_at(extent: (usize, usize), type_name: fn() -> &'static str) {
    with_current(|frame| frame.lies_at(extent, type_name));
}

/// What `body` does, for a task of its own, is a call that blocks its thread.
pub(crate) fn outside<R>(body: impl FnOnce() -> R) -> R {
    let _call = with_current(|frame| Call::begin(frame.task().key));
    crate::rt::thread::task::outside(body)
}

/// A blocking call, until the value is dropped.
struct Call(Key);

impl Call {
    fn begin(key: Key) -> Self {
        if let Some(runtime) = runtime::started() {
            runtime.calls.begin(key, os::own_tid());
        }
        Self(key)
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if let Some(runtime) = runtime::started() {
            runtime.calls.end(self.0);
        }
    }
}

/// A blocking call is made for which there is no thread before another one ends.
#[cold]
pub(crate) fn queues(key: Key) {
    if let Some(runtime) = runtime::started() {
        runtime.calls.queues(key);
    }
}

/// The blocking call that this thread has begun is all the work of a worker.
#[cold]
pub(crate) fn serves() {
    if let Some(runtime) = runtime::started() {
        runtime.calls.serves(os::own_tid());
    }
}

/// A task that is spawned now, at `site`.
pub(crate) fn spawned(key: Key, site: Option<Site>) -> Task {
    let mut spawned = Task::new(key, site, Role::Spawned);
    spawned.inherited = hand_on::inheritance();
    spawned.counts_as_unpolled();
    spawned
}

/// The task that is polled has acquired `meta`, in the future at `future`; null where it is not known which. Call it right after the real
/// acquisition. `access` as for [`lock::acquired`].
#[inline]
pub(crate) fn acquired(
    meta: &Meta,
    desc: &'static Desc,
    access: u8,
    site: Site,
    future: *const (),
) {
    if let Some(local) = task::state() {
        note_several(local);
        note_place(local, future);
        lock::ready(meta, desc).acquired(meta, desc, within_limit(access), site);
        note_awaited(local, meta);
    }
}

/// An access, by the future that is polled now: that may give it up after a time.
#[inline]
fn within_limit(access: u8) -> u8 {
    let is_limited =
        access & access::TRY == 0 && with_current(Frame::is_within_limit).unwrap_or(false);
    if is_limited { access | access::LIMITED } else { access }
}

/// What goes on while the task waits for a lock is another future of it, which is not told apart: that one task does both is no order.
#[inline]
fn note_several(local: &'static Local) {
    // Relaxed: written by who polls the task. Of a join that was given up nothing is told before the poll ends.
    let kind = local.slot.u32(slot::WAIT).load(Ordering::Relaxed) & !wait::TIMED;
    if kind != wait::NONE && kind != wait::JOIN {
        polls_several(local);
    }
}

#[cold]
fn polls_several(local: &'static Local) {
    local.run(|local| {
        if let Ok(mut clock) = local.clock.try_borrow_mut() {
            clock.is_of_many = true;
        }
    });
}

/// What is acquired in a future that is no part of the task goes with that, should it be spawned.
#[inline]
fn note_place(local: &Local, future: *const ()) {
    let is_inside = with_current(|frame| frame.has_inside(future.addr())).unwrap_or(false);
    if !is_inside || local.depth() == 0 {
        local.may_give_away.set(!is_inside);
    }
    note_owner(local, future);
}

/// What an arm does in a future that goes on without it may come after what its task does next.
#[inline]
fn note_owner(local: &Local, future: *const ()) {
    if with_current(|frame| frame.outlives_arm(future.addr())) == Some(true) {
        local.acts_elsewhere.set(true);
    }
}

/// Who waits for a lock of this class blocks no thread.
#[inline]
fn note_awaited(local: &Local, meta: &Meta) {
    let awaited = &local.runtime.tasks.awaited;
    if !awaited.contains(meta.class()) {
        first_awaited(local, meta.class());
    }
}

#[cold]
fn first_awaited(local: &Local, class: u32) {
    if local.runtime.tasks.awaited.insert(class) {
        local.runtime.file.append(LogRecord::new(log::AWAITED).u32(class));
    }
}

/// The task has to wait for `meta`: `poll` has queued it, with this waker. It may be told again in later polls. Ends by [`arrived`] or
/// [`withdrawn`].
///
/// # Safety
///
/// `queued` is pinned, and only the caller uses it. The future can be asked until one of the two is called, which is before it is dropped.
#[cold]
pub(crate) unsafe fn awaits(
    meta: &Meta,
    desc: &'static Desc,
    (access, kind): (u8, u32),
    (site, waker): (Site, *const ()),
    queued: (&Queued, Given),
) {
    let Some(local) = task::state() else { return };
    let pending = is_pending(waker);
    let access = within_limit(access);
    local.run(|local| {
        let instance = meta.instance(local, desc);
        if instance == 0 || meta.is_unrecorded() {
            return;
        }
        note_awaited(local, meta);
        note_owner(local, queued.1.future);
        let wait = Wait { kind, object: instance, object2: 0, class: meta.class() };
        let place = local.sites.get(local.runtime, site);
        let request = Request { meta, instance, access, site, ticks: clock::ticks() };
        let is_new = !is_published(local, &wait, place);
        if local.depth() > 0 && is_new {
            _ = local.extend(&request);
        }
        publish(local, wait, site);
        if is_new {
            contended::begins(local, meta);
        }
        if local.runtime.leaks.concerns(instance) {
            // Nobody else would tell.
            company::begin();
            local.runtime.service.blocked();
        }
        let is_inside = with_current(|frame| frame.has_inside(queued.1.future.addr()));
        let want = Want {
            instance,
            class: wait.class,
            access,
            site: place,
            is_inside: is_inside.unwrap_or(false),
        };
        // The whole task, since nobody else polls what one of its arms has queued.
        let whole = task::whole().unwrap_or(local);
        let poll = (whole.polls.get(), pending);
        // SAFETY: by contract; `arrived` and `withdrawn` remove it.
        unsafe { local.runtime.queues.put(queued.0, whole.number, (want, queued.1), poll) };
        whole.has_queued.set(true);
    });
}

/// The task waits for the end of another one.
#[cold]
pub(crate) fn awaits_end(key: Key, site: Site, waker: *const ()) {
    let Some(local) = task::state() else { return };
    local.run(|local| {
        let number = local.runtime.tasks.number(key, || local.runtime.next_thread());
        let Some(object) = number else { return };
        publish(local, Wait { kind: wait::JOIN, object, ..Wait::default() }, site);
    });
    is_pending(waker);
}

/// The task waits for the end of one of these: of several, which are polled by wakers of their own, as those of a `JoinSet`.
#[cold]
pub(crate) fn awaits_end_of_one(keys: &mut dyn Iterator<Item = Key>, site: Site, waker: *const ()) {
    let Some(local) = task::state() else { return };
    local.run(|local| {
        let runtime = local.runtime;
        let number = |key| runtime.tasks.number(key, || runtime.next_thread());
        let Some(tasks) = keys.map(number).collect::<Option<Vec<u32>>>() else { return };
        let Some(&object) = tasks.first() else { return };
        let several = if tasks.len() > 1 { tasks.len() as u32 } else { 0 };
        let known = local.slot.wait().and_then(|now| runtime.joins.of(local.number, now.seq));
        if known.is_some_and(|known| known != tasks) {
            local.end_wait();
        }
        publish(local, Wait { kind: wait::JOIN, object, object2: several, class: 0 }, site);
        if several > 0
            && let Some(now) = local.slot.wait()
        {
            let lasts = |waiter, seq| {
                let wait = runtime.board.find(waiter).and_then(|slot| slot.wait());
                wait.is_some_and(|wait| wait.seq == seq)
            };
            runtime.joins.put(local.number, (now.seq, tasks), lasts);
        }
    });
    is_pending(waker);
}

fn is_published(local: &Local, wait: &Wait, site: u32) -> bool {
    local.slot.wait().is_some_and(|now| {
        (now.kind & !wait::TIMED, now.object, now.site) == (wait.kind, wait.object, site)
    })
}

fn publish(local: &Local, wait: Wait, site: Site) {
    if is_published(local, &wait, local.sites.get(local.runtime, site)) {
        return;
    }
    if local.slot.wait().is_some() {
        local.end_wait();
    }
    local.begin_unsure_wait(wait, site);
}

/// Whether a task is polled by this waker of its own.
#[inline]
pub(crate) fn is_polled_by(waker: *const ()) -> bool {
    with_current(|frame| frame.waker == waker).unwrap_or(false)
}

/// One more thing that wakes the task. By another waker than its own it is not known what does. Gives what it counts for.
fn is_pending(waker: *const ()) -> u32 {
    let pends = |frame: &Frame| {
        let more = if frame.waker == waker { 1 } else { 2 };
        frame.pending.set(frame.pending.get().saturating_add(more));
        more
    };
    with_current(pends).unwrap_or_default()
}

/// The task has acquired what it waited for.
#[cold]
pub(crate) fn arrived(
    meta: &Meta,
    desc: &'static Desc,
    (access, kind): (u8, u32),
    site: Site,
    (queued, future): (&Queued, *const ()),
) {
    leaves_queue(meta, kind, queued);
    let Some(local) = task::state() else { return };
    note_place(local, future);
    lock::ready(meta, desc).acquired(meta, desc, within_limit(access), site);
    if local.is_free() {
        local.run(|local| local.count_once(meta.number()));
    }
}

/// What is acquired of locks of this class may be given back by another task.
#[cold]
pub(crate) fn may_pass_on(meta: &Meta, desc: &'static Desc) {
    enter::enter(|local| {
        if meta.instance(local, desc) != 0 {
            local.runtime.movable.allow(meta.class());
        }
    });
}

/// A semaphore, which is waited for, had so many permits at first.
#[cold]
pub(crate) fn has_permits(meta: &Meta, permits: u32) {
    if let Some(local) = task::state() {
        local.run(|local| local.runtime.tasks.note_permits(meta.number(), permits));
    }
}

/// The task waits no more for this one, and has given up nothing.
#[cold]
pub(crate) fn has_waited(meta: &Meta, kind: u32, queued: &Queued) {
    leaves_queue(meta, kind, queued);
}

/// The task waits no more.
#[cold]
pub(crate) fn withdrawn(meta: &Meta, kind: u32, queued: &Queued) {
    if let Some(seen) = leaves_queue(meta, kind, queued)
        && let Some(local) = local::attached().filter(|local| local.is_free())
    {
        local.run(|local| {
            let left = local.runtime.queues.gives_up(&seen, clock::ticks());
            left.iter().for_each(|left| kept_asleep::left(local.runtime, left));
        });
    }
}

/// A future is in a queue no more. The wait of the task that has polled it is over, if that is polled or dropped now.
fn leaves_queue(meta: &Meta, kind: u32, queued: &Queued) -> Option<Seen> {
    let seen = runtime::started()?.queues.remove(queued)?;
    let local = local::attached().filter(|local| local.is_free())?;
    let whole = task::whole().unwrap_or(local);
    if whole.number != seen.task {
        return None;
    }
    let pending = seen.pending_in(whole.polls.get());
    with_current(|frame| frame.pending.set(frame.pending.get().saturating_sub(pending)));
    local.run(|local| {
        if local.slot.wait().is_some_and(|wait| wait.site == seen.want.site) {
            local.end_wait_of_task(kind, meta.number());
        }
    });
    Some(seen)
}

/// As [`withdrawn`], for the end of another task.
#[cold]
pub(crate) fn has_seen_end(key: Key) {
    let known = runtime::started().and_then(|runtime| runtime.tasks.ended(key));
    let Some((number, last)) = known else { return };
    let Some(local) = task::state() else { return };
    local.run(|local| {
        local.end_wait_of_task(wait::JOIN, number);
        let of_one = |wait: &WaitEntry| wait.kind & !wait::TIMED == wait::JOIN && wait.object2 > 0;
        if local.slot.wait().as_ref().is_some_and(of_one) {
            local.end_wait();
        }
        if let Some(last) = &last {
            local.learn(last);
        }
    });
}
