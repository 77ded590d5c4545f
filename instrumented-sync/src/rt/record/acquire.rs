// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! Acquisitions and releases, in all cases: what [`hot`](super::hot) leaves over.

use super::across_pool;
#[cfg(feature = "accesses")]
use super::atomics;
use super::extend::Request;
use super::kept_asleep;
use super::measure;
use super::moved;
use crate::rt::machine::{clock, handler, own_stack};
use crate::rt::object::Site;
use crate::rt::object::meta::Meta;
use crate::rt::race;
use crate::rt::shared::{race_flag, runtime};
use crate::rt::thread::local::{self, Local};
use syncscope_recording::layout::{access, event};
use syncscope_recording::words::Second;

/// A lock that has its number was acquired without blocking.
#[inline(never)]
pub(crate) extern "C" fn acquired(local: &'static Local, meta: &Meta, access: u8, site: Site) {
    if own_stack::is_cramped() {
        return local::let_pass();
    }
    acquired_with_room(local, meta, access, site);
}

#[inline(never)]
extern "C" fn acquired_with_room(local: &'static Local, meta: &Meta, access: u8, site: Site) {
    if !local.is_free() || meta.is_unrecorded() {
        return skip(local, meta);
    }
    // Nothing below can panic, so no guard is needed.
    local.enter_hook();
    if local.is_in_job() && access & access::TRY == 0 {
        across_pool::took(local, (meta.number(), meta.class()), access, site);
        kept_asleep::wants(local, meta.number(), access, site);
    }
    take(local, meta, access, site);
    if race_flag::is_tracking() {
        race::acquired(local, meta, access);
    }
    local.leave_hook();
}

/// An acquisition inside a hook, or of a lock that is known to happen there: nothing is recorded until its release.
#[cold]
pub(crate) fn skip(local: &Local, meta: &Meta) {
    // What a handler takes in the middle of a hook is not recorded, this time.
    if !meta.is_unrecorded() && handler::runs() {
        return local::let_pass();
    }
    meta.mark_unrecorded();
    local.skip();
}

#[inline(always)]
fn take(local: &Local, meta: &Meta, access: u8, site: Site) {
    let instance = meta.number();
    let ticks = local.any_ticks();
    let (lock, chain) = local.extend(&Request { meta, instance, access, site, ticks });
    let seq = if access & (access::SHARED | access::INIT) == 0 {
        meta.own(local.owner)
    } else {
        count_other(local, meta, access)
    };
    let class = meta.class();
    let second = Second { seq, class, depth: local.depth() };
    let op = event::ACQUIRE_BASE | access & event::ACQUIRE_MASK;
    local.emit2(op, (lock >> 32) as u32, instance, ticks, second);
    local.push(lock, class, ticks, chain);
    if !local.ring.has_room(2) || local.sampler.is_stale(ticks) {
        measure::look(local, class, lock, ticks);
    }
}

/// The count of an acquisition that is not a writer's.
#[inline]
fn count_other(local: &Local, meta: &Meta, access: u8) -> u32 {
    if access & access::INIT == 0 {
        return meta.seq();
    }
    let acquisitions = local.acquisitions() as u32;
    meta.set_seq(local.slot_index, acquisitions);
    acquisitions
}

/// A lock is about to be released. Of the C ABI so that the compiler knows that it never unwinds: the code that drops a guard then
/// needs no other way out, and is small enough to stand where the guard is dropped.
#[cold]
#[inline(never)]
pub(crate) extern "C" fn released(meta: &Meta, access: u8) {
    let Some(local) = local::attached() else {
        if access & access::INIT == 0 {
            moved::released_unattached(meta, access);
        } else if runtime::is_off() {
            meta.note_initialised(false, false);
        }
        return;
    };
    if !local.is_free() {
        return unskip(local, meta);
    }
    let measured = local.sampler.is_open().then(clock::ticks);
    // Nothing below can panic, so no guard is needed.
    local.enter_hook();
    #[cfg(feature = "accesses")]
    atomics::releases_lock(local, std::ptr::from_ref(meta).addr());
    let instance = meta.number();
    if access & access::INIT != 0 {
        note_initialiser(local, meta);
    }
    if race_flag::is_on() {
        race::released(local, meta, access);
    }
    moved::settle(local);
    let depth = local.depth();
    let is_told = local.is_told_by_depth(instance);
    if !local.pop(instance, access) {
        moved::released(local, meta, access);
    } else if !is_told {
        local.emit_release(meta.class(), instance, depth);
    }
    if let Some(ticks) = measured {
        measure::end(local, instance, ticks);
    }
    local.leave_hook();
}

/// Ends [`skip`]. A lock that was recorded before it was found to be the allocator's is on the held stack instead.
#[cold]
fn unskip(local: &Local, meta: &Meta) {
    if meta.is_unrecorded() && local.holds(meta.number()).is_none() {
        local.unskip();
    }
}

#[cold]
fn note_initialiser(local: &Local, meta: &Meta) {
    let acquisitions = local.acquisitions() as u32;
    // The initialiser itself counts as one.
    let took_locks = acquisitions.wrapping_sub(meta.seq()) > 1
        || local.runtime.across_pools.is_held(meta.number());
    meta.note_initialised(took_locks, race_flag::is_on());
    if took_locks && !std::thread::panicking() {
        local.has_initialised(meta.number());
    }
}
