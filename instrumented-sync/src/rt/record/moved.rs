//! Releases by another thread than the one that acquired: of guards that were sent.
//!
//! The thread that acquired has the lock on its held stack still, and only it may take it off. So the one that releases marks the
//! entry as gone, before it lets the lock go: from then on nobody counts it any more. The owner takes the entry off when it next
//! does something out of the common: a nesting that it has not been through, a wait.
//!
//! When the guard moved is not known, only that it did. What was taken meanwhile, by the one or by the other, is
//! recorded for the one that acquired. So the class is recorded as one whose guards move, and no verdict rests on who holds its locks.

use crate::rt::object::meta::Meta;
use crate::rt::record::kept_asleep;
use crate::rt::shared::board::Slot;
use crate::rt::shared::runtime::{self, Runtime};
use crate::rt::thread::local::{self, Local};
use crate::rt::thread::out_of_order;
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use syncscope_recording::layout::{self, access, log};
use syncscope_recording::writer::LogRecord;

thread_local! {
    /// The releases by others that this thread has looked at.
    static SEEN: Cell<u32> = const { Cell::new(0) };
}

/// Takes what others have released off the held stack of this thread.
#[inline]
pub(crate) fn settle(local: &Local) {
    let releases = local.runtime.movable.releases();
    if SEEN.get() != releases {
        take_off(local, releases);
    }
}

#[cold]
fn take_off(local: &Local, releases: u32) {
    SEEN.set(releases);
    settle_now(local);
}

/// As [`settle`], whatever this thread has looked at: for the state of a task, which other threads had before.
#[cold]
pub(crate) fn settle_now(local: &Local) {
    let mut index = 0;
    while index < local.depth() as usize {
        if local.access_at(index) & access::GONE == 0 {
            index += 1;
            continue;
        }
        let lock = local.lock_at(index);
        local.emit_release(lock.class, lock.instance, local.depth());
        out_of_order::take_out(local, index);
    }
}

/// A thread releases a lock that it does not hold as far as it knows.
#[cold]
pub(crate) fn released(local: &Local, meta: &Meta, access: u8) {
    released_by(local.runtime, (local.number, local.slot_index), meta, access);
}

/// As [`released`], by a thread that has had no event yet.
#[cold]
pub(crate) fn released_unattached(meta: &Meta, access: u8) {
    if !local::is_fresh() || meta.is_unrecorded() {
        return;
    }
    let Some(runtime) = runtime::started() else { return };
    // Allocations of the runtime meanwhile are not events of the program.
    let phase = local::suspend();
    released_by(runtime, (0, u32::MAX), meta, access);
    local::resume(phase);
}

/// The releaser, with this number and this slot on the board, does not have the lock on its own held stack.
fn released_by(runtime: &Runtime, (releaser, slot): (u32, u32), meta: &Meta, access: u8) {
    let instance = meta.number();
    // An acquisition that was let pass while the runtime was started is released like a lock of another thread. Of readers there
    // may well be another one.
    let is_shared = access & access::SHARED != 0;
    if instance == 0 || meta.is_unrecorded() || is_shared && local::has_missed() {
        return;
    }
    let Some(acquirer) = let_go(runtime, meta, instance, (is_shared, slot)) else { return };
    if runtime.leaks.returns(instance) {
        kept_asleep::given_back(runtime, instance);
    }
    note(runtime, meta.class(), [instance, acquirer, releaser]);
    runtime.movable.marked();
}

fn note(runtime: &Runtime, class: u32, [instance, acquirer, releaser]: [u32; 3]) {
    if runtime.movable.note(class) {
        let record = LogRecord::new(log::GUARD_MOVED);
        runtime.file.append(record.u32(class).u32(instance).u32(acquirer).u32(releaser));
    }
}

/// What was acquired by a future that this task has left behind may be another one's by now.
#[cold]
pub(crate) fn may_have_gone(local: &Local, class: u32, instance: u32) {
    note(local.runtime, class, [instance, local.number, 0]);
}

/// Marks the entry of the lock as gone, which is not in this slot. Gives the thread that had acquired it, unless there is none.
fn let_go(
    runtime: &Runtime,
    meta: &Meta,
    instance: u32,
    (is_shared, not_in): (bool, u32),
) -> Option<u32> {
    let mark = |slot: Slot| mark_gone(slot, instance, is_shared).then(|| slot.thread());
    let others = |index: &u32| *index != not_in;
    let by_hint = || runtime.board.slot(meta.owner_hint().filter(others)?).and_then(mark);
    let of_ended = || runtime.orphans.remove(instance, is_shared);
    if !is_shared {
        return by_hint().or_else(of_ended);
    }
    // Which of several readers sent its guard is not known, and does not matter: no verdict rests on it.
    let mut occupied = runtime.board.occupied().filter(|(index, _)| others(index));
    of_ended().or_else(|| occupied.find_map(|(_, slot)| mark(slot)))
}

/// Marks the oldest entry of a lock in the held stack of a thread. `false` when there is none.
fn mark_gone(slot: Slot, instance: u32, is_shared: bool) -> bool {
    let gone = u64::from(access::GONE) << 56;
    let is_it = |word: u64| {
        let access = (word >> 56) as u8;
        word as u32 == instance
            && access & (access::GONE | access::INIT) == 0
            && (access & access::SHARED != 0) == is_shared
    };
    slot.entries().any(|place| {
        // SAFETY: an entry of a held stack: aligned, mapped for ever, accessed by atomics only.
        let lock = unsafe { AtomicU64::from_ptr(place.add(layout::held::INSTANCE).cast()) };
        // Release: who finds the mark finds what came before it. Relaxed where it fails: nothing is read by it. Should the owner move its
        // entries just now, the mark is lost: then the lock counts as held, of a class by which nothing is proved.
        let next = |word| is_it(word).then_some(word | gone);
        lock.fetch_update(Ordering::Release, Ordering::Relaxed, next).is_ok()
    })
}
