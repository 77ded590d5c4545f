//! Locks that tasks keep while they sleep, or never give back, as they are recorded.

use crate::rt::machine::clock;
use crate::rt::machine::room::with_room;
use crate::rt::object::Site;
use crate::rt::shared::across_awaits::Keeper;
use crate::rt::shared::board::{HeldEntry, WaitEntry};
use crate::rt::shared::leaks::{How, Leak, Leaker};
use crate::rt::shared::queues::Left;
use crate::rt::shared::runtime::Runtime;
use crate::rt::thread::local::Local;
use crate::rt::thread::task::{Frame, must_not_block, with_current};
use std::sync::atomic::Ordering;
use syncscope_detector::must_order::Told;
use syncscope_recording::layout::{access, kept_asleep, log, slot};
use syncscope_recording::writer::LogRecord;

/// A task waits for a lock behind a future of its own that was handed the lock.
#[cold]
pub(crate) fn left(runtime: &Runtime, left: &Left) {
    let Left { task, want, behind: (access, site) } = *left;
    let sides = [(task, want.access, want.site), (task, access, site)];
    let lock = (want.instance, want.class);
    _ = with_room(|| record(runtime, kept_asleep::FUTURE, lock, (site, 0), sides));
}

/// A task goes to sleep: of what it holds, this blocks threads that wait for it.
#[cold]
pub(crate) fn sleeps(local: &Local, frame: &Frame) {
    let blocks = |class: u32, access: u8| {
        !matches!(class, 0 | 0xFFFF)
            && access & (access::INIT | access::GONE) == 0
            && !local.runtime.tasks.awaited.contains(class)
    };
    let does_any = |index| blocks(local.lock_at(index).class, local.access_at(index));
    if !(0..local.depth() as usize).any(does_any) {
        return;
    }
    let blocks = |held: &HeldEntry| blocks(held.class, held.access);
    // Relaxed: written by this task, and by whoever polls it.
    let of_slot = |at| local.slot.u32(at).load(Ordering::Relaxed);
    _ = with_room(|| {
        for held in local.slot.held().into_iter().filter(blocks) {
            // Others learn of what it does from now on.
            local.note_node();
            let keeper = Keeper {
                key: frame.task().key,
                thread: local.number,
                segment: local.segment.get(),
                runtime: (frame.task().key.family.runtime)(),
                os_tid: of_slot(slot::OS_TID),
                class: held.class,
                access: held.access,
                site: held.site,
                awaits: local.slot.wait().map_or(0, |wait| wait.site),
            };
            local.runtime.across_awaits.note(held.instance, keeper);
        }
    });
}

/// A lock that may be one with which a task has slept is taken, or waited for, by a call that blocks.
#[inline]
pub(crate) fn wants(local: &Local, instance: u32, access: u8, site: Site) {
    if local.runtime.across_awaits.is_any() && must_not_block() {
        with_current(|frame| wants_in_task(local, frame.who(), (instance, access), site));
    }
}

#[cold]
fn wants_in_task(local: &Local, frame: &Frame, (instance, access): (u32, u8), site: Site) {
    _ = with_room(|| {
        let Some(keeper) = local.runtime.across_awaits.keeper(instance) else { return };
        let task = frame.task();
        let are_readers = access & keeper.access & access::SHARED != 0;
        if keeper.key == task.key || are_readers || !is_in_way(local, frame, &keeper) {
            return;
        }
        let inherited = task.inherited.as_ref();
        let is_before = |known: &Told| known.knows(keeper.thread, keeper.segment);
        if is_before(&local.others()) || inherited.is_some_and(|stamp| is_before(&stamp.known)) {
            return;
        }
        let site = local.sites.get(local.runtime, site);
        if local.runtime.across_awaits.is_new(keeper.site, site) {
            let sides = [(keeper.thread, keeper.access, keeper.site), (local.number, access, site)];
            let lock = (instance, keeper.class);
            record(local.runtime, kept_asleep::GUARD, lock, (keeper.awaits, 0), sides);
        }
    });
}

/// Whether a task that blocks its thread may keep another one from being polled, by the same thread or by another one of its runtime's. What
/// a thread blocks on it polls alone, unless its runtime has no other thread.
fn is_in_way(local: &Local, frame: &Frame, keeper: &Keeper) -> bool {
    // Relaxed: written by this thread.
    let os_tid = local.slot.u32(slot::OS_TID).load(Ordering::Relaxed);
    if os_tid == keeper.os_tid {
        return true;
    }
    let runtime = (frame.task().key.family.runtime)();
    !frame.whole().task().is_root() && runtime != 0 && runtime == keeper.runtime
}

/// A task, or a thread, waits long for what was let go of for good.
pub(crate) fn leaked(
    runtime: &Runtime,
    (thread, wait): (u32, &WaitEntry),
    leak: &Leak,
    by: &Leaker,
) {
    let kind = match by.how {
        How::Forgotten | How::Fewer => kept_asleep::FORGOTTEN,
        How::Left => kept_asleep::LEFT,
    };
    let permits = u32::try_from(leak.missing).unwrap_or(0);
    let sides = [(by.thread, by.access, by.site), (thread, by.access, wait.site)];
    record(runtime, kind, (wait.object, leak.class), (0, permits), sides);
}

/// What was recorded by [`leaked`] of a lock is void.
#[cold]
pub(crate) fn given_back(runtime: &Runtime, instance: u32) {
    record(runtime, kept_asleep::GIVEN_BACK, (instance, 0), (0, 0), [(0, 0, 0); 2]);
}

/// Who keeps the lock, which is an instance of a class, sleeps at `awaits`, or lacks so many permits. Two sides, each a thread with access
/// and site.
fn record(
    runtime: &Runtime,
    kind: u32,
    (instance, class): (u32, u32),
    (awaits, permits): (u32, u32),
    sides: [(u32, u8, u32); 2],
) {
    let head = LogRecord::new(log::KEPT_ASLEEP)
        .u32(kind)
        .u32(instance)
        .u32(class)
        .u64(clock::ticks())
        .u32(awaits);
    let record = sides.into_iter().fold(head, |record, (thread, access, site)| {
        record.u32(thread).u32(site & 0x00FF_FFFF | u32::from(access) << 24)
    });
    runtime.file.append(record.u32(permits));
}
