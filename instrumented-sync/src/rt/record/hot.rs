// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The common acquisitions and releases, which are nearly all: a lock that has its number and its class, a place that the thread
//! has been at, a nesting that it has been through, in a beat in which it has read the clock.
//!
//! The functions call nothing but what they end with (and, cold, what a nesting in a new segment takes), and have few values at a
//! time: each is stored as soon as it is known, into places that nobody looks at before the position of the ring and the state
//! tell of them. So no register need be saved; what is saved is stored, and all stores are waited for when the lock is released.
//! They have the C ABI, so the compiler knows that they never unwind, and their callers keep the guard in registers.
//! What is not common goes on in [`acquire`], as if nothing had been. The stores are ordered for signal handlers, which may
//! lock in the middle of them: first the thread is marked as busy, and the last store, of the state, takes the mark away.

use super::{acquire, extend};
use crate::rt::object::Site;
use crate::rt::object::lock;
use crate::rt::object::meta::Meta;
use crate::rt::shared::runtime;
use crate::rt::thread::chain::{self, ChainPlace};
use crate::rt::thread::local::{self, Local};
use syncscope_recording::layout::access;
use syncscope_recording::words::{self, Second};

/// Whether the thread can record an acquisition at once: the clock was read in this beat, and the event has room.
#[inline(always)]
fn is_common(local: &Local) -> bool {
    local.is_beaten() && local.ring.has_room(2)
}

/// The lock as the held stack has it, if the thread has been at this place.
#[inline(always)]
fn lock_at(local: &Local, instance: u32, access: u8, site: Site) -> Option<u64> {
    Some(lock::word(instance, local.sites.cached(site)?, access))
}

/// Writes the event of the lock whose entry has been begun, completes the entry, and ends the hook.
#[inline(always)]
fn record<const ACCESS: u8>(local: &Local, meta: &Meta, state: u64, depth: u32, lock: u64) {
    let place = local.ring.next_place();
    place.write_first(words::first_of_acquisition(lock));
    let (ticks, class) = (local.beaten_ticks(state), meta.plain_class());
    local.put_since(depth, class, ticks);
    let seq = if ACCESS == 0 { meta.own(local.owner) } else { meta.seq() };
    place.write_second(Second { seq, class, depth }.word(ticks));
    local.ring.advance(2);
    local.leave_pushed(state);
}

/// A lock was acquired while nothing else was held; with `ACCESS` 0 or [`access::SHARED`].
#[inline(always)]
fn acquired<const ACCESS: u8>(local: &'static Local, meta: &Meta, site: Site) {
    let state = local.state();
    if !local::is_idle(state) {
        return if ACCESS == 0 {
            acquired_inside(local, meta, site)
        } else {
            acquired_shared_inside(local, meta, site)
        };
    }
    local.enter_hot(state);
    if is_common(local)
        && let Some(instance) = meta.plain(ACCESS)
        && let Some(lock) = lock_at(local, instance, ACCESS, site)
    {
        local.put_lock(0, lock);
        return record::<ACCESS>(local, meta, state, 0, lock);
    }
    local.leave_hot(state);
    if ACCESS == 0 {
        return acquired_watched(local, meta, site);
    }
    acquire::acquired(local, meta, ACCESS, site);
}

/// As [`acquired`], of a lock that is perhaps one of those whose writers are noted even when they hold nothing else.
#[inline(never)]
extern "C" fn acquired_watched(local: &'static Local, meta: &Meta, site: Site) {
    let state = local.state();
    if local::is_idle(state) {
        local.enter_hot(state);
        if is_common(local)
            && let Some(instance) = meta.watched()
            && let Some(lock) = lock_at(local, instance, 0, site)
        {
            local.put_lock(0, lock);
            if let Some(entry) = local.table.find(chain::outermost(lock))
                && entry.count(local.segment.get())
            {
                return record::<0>(local, meta, state, 0, lock);
            }
        }
        local.leave_hot(state);
    }
    acquire::acquired(local, meta, 0, site);
}

/// As [`acquired`], inside other locks.
#[inline(always)]
fn acquired_in<const ACCESS: u8>(local: &'static Local, meta: &Meta, site: Site) {
    let state = local.state();
    if let Some(depth) = local::free_depth(state) {
        local.enter_hot(state);
        if is_common(local)
            && let Some(instance) = meta.plain(ACCESS)
            && let Some(lock) = lock_at(local, instance, ACCESS, site)
        {
            local.put_lock(depth, lock);
            let chain = chain::mix(local.chain_at(depth), lock);
            local.set_chain(depth, chain);
            if let Some(entry) = local.table.find_first(chain) {
                if entry.count(local.segment.get()) {
                    return record::<ACCESS>(local, meta, state, depth, lock);
                }
                return acquired_in_new_segment::<ACCESS>(local, meta, site, entry);
            }
            return acquired_elsewhere::<ACCESS>(local, meta, site, state);
        }
        local.leave_hot(state);
    }
    acquire::acquired(local, meta, ACCESS, site);
}

/// The thread, which is busy, has been through the nesting in an earlier segment only.
#[cold]
#[inline(never)]
extern "C" fn acquired_in_new_segment<const ACCESS: u8>(
    local: &'static Local,
    meta: &Meta,
    site: Site,
    entry: ChainPlace,
) {
    extend::renew(local, entry);
    local.leave_hook();
    acquired_in::<ACCESS>(local, meta, site);
}

/// The thread, which is busy, was free in this state, and may not have been through the nesting whose entry has been begun. When there are many
/// such nestings, most are left out. Of two locks that is found out here, with few registers to save: each store is waited for when
/// the next lock is taken.
#[inline(never)]
extern "C" fn acquired_elsewhere<const ACCESS: u8>(
    local: &'static Local,
    meta: &Meta,
    site: Site,
    state: u64,
) {
    if local::free_depth(state) == Some(1) && local.leaves_out_second(meta.plain_class()) {
        return acquired_left_out::<ACCESS>(local, meta, state);
    }
    acquired_rarely::<ACCESS>(local, meta, site, state);
}

/// The thread, which is busy, was free in this state and held one lock; the nesting in it is left out.
#[inline(never)]
extern "C" fn acquired_left_out<const ACCESS: u8>(local: &'static Local, meta: &Meta, state: u64) {
    record::<ACCESS>(local, meta, state, 1, local.word_at(1));
}

/// As [`acquired_elsewhere`], in all cases.
#[inline(never)]
extern "C" fn acquired_rarely<const ACCESS: u8>(
    local: &'static Local,
    meta: &Meta,
    site: Site,
    state: u64,
) {
    if let Some(depth) = local::free_depth(state) {
        let (lock, chain) = (local.word_at(depth as usize), local.chain_at(depth + 1));
        if local.table.filter.may_have(chain)
            && let Some(entry) = local.table.find(chain)
        {
            local.table.note_found();
            if entry.count(local.segment.get()) {
                return record::<ACCESS>(local, meta, state, depth, lock);
            }
        } else if extend::is_left_out(local, depth, meta.plain_class(), lock, chain) {
            return record::<ACCESS>(local, meta, state, depth, lock);
        }
    }
    local.leave_hot(state);
    acquire::acquired(local, meta, ACCESS, site);
}

/// An exclusive lock was acquired.
#[inline(never)]
pub(crate) extern "C" fn acquired_exclusive(local: &'static Local, meta: &Meta, site: Site) {
    acquired::<0>(local, meta, site);
}

/// A lock was acquired by a reader.
#[inline(never)]
pub(crate) extern "C" fn acquired_shared(local: &'static Local, meta: &Meta, site: Site) {
    acquired::<{ access::SHARED }>(local, meta, site);
}

#[inline(never)]
extern "C" fn acquired_inside(local: &'static Local, meta: &Meta, site: Site) {
    acquired_in::<0>(local, meta, site);
}

#[inline(never)]
extern "C" fn acquired_shared_inside(local: &'static Local, meta: &Meta, site: Site) {
    acquired_in::<{ access::SHARED }>(local, meta, site);
}

/// A lock is about to be released. Small enough to stand where the guard is dropped.
#[inline(always)]
pub(crate) fn released(meta: &Meta, access: u8) {
    // Where that is all there is to do, no event is needed: the depth of the next one tells. It is not for a thread that tells
    // the race engine, see `STATE_TRACKING`. A thread without a state holds nothing that it knows of, but it may have been sent a
    // guard. One call for both, or this is too large to stand where the guard is dropped.
    let is_done = match local::slot() {
        Some(slot) => slot.pop_newest(meta.number()),
        None => !runtime::is_recording(),
    };
    if !is_done {
        acquire::released(meta, access);
    }
}
