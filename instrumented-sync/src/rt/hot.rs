// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The common acquisitions and releases, which are nearly all: a lock that has its number and its class, a place that the thread
//! has been at, a nesting that it has been through, in a beat in which it has read the clock.
//!
//! Each function here is a leaf: it calls nothing but what it ends with, and has few values at a time, so that no register need be
//! saved. What is not common goes on in [`super::hook`]. The stores are ordered for signal handlers, which may lock in the middle of
//! them: first the thread is marked as busy, and the last store, of the state, takes the mark away.

use super::hook::{self, Site};
use super::local;
use super::meta::{Desc, Meta};
use super::race;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{access, event};

/// A lock was acquired while nothing else was held; with `ACCESS` 0 or [`access::SHARED`].
#[inline(always)]
fn acquired<const ACCESS: u8>(meta: &Meta, desc: &'static Desc, site: Site) {
    let Some(local) = local::attached() else {
        return hook::acquired_first(meta, desc, ACCESS, site);
    };
    let state = local.state();
    if !local::is_idle(state) {
        return if ACCESS == 0 {
            acquired_inside(meta, desc, site)
        } else {
            acquired_shared_inside(meta, desc, site)
        };
    }
    if let Some((instance, class)) = meta.plain(ACCESS)
        && let Some(number) = local.sites.cached(site)
        && let Some(place) = local.ring.place(2)
        && let Some(ticks) = local.beaten_ticks(state)
    {
        local.enter_hot(state);
        let seq = if ACCESS == 0 { meta.own(local.slot_index) } else { meta.seq() };
        let lock = u64::from(instance) | u64::from(number | u32::from(ACCESS) << 24) << 32;
        place.write2(event::ACQUIRE_BASE | ACCESS, number, instance, ticks, seq);
        local.leave_hot();
        return local.push_outermost(state, lock, class, ticks);
    }
    hook::acquired_warm(meta, desc, ACCESS, site);
}

/// As [`acquired`], inside other locks.
#[inline(always)]
fn acquired_in<const ACCESS: u8>(meta: &Meta, desc: &'static Desc, site: Site) {
    if let Some(local) = local::attached()
        && local.is_free()
        && let Some((instance, class)) = meta.plain(ACCESS)
        && let Some(known) = local.known_chain(instance, ACCESS, site)
        && let Some(place) = local.ring.place(2)
        && let state = local.state()
        && let Some(ticks) = local.beaten_ticks(state)
    {
        local.enter_hot(state);
        let seq = if ACCESS == 0 { meta.own(local.slot_index) } else { meta.seq() };
        local.count_known(&known);
        place.write2(event::ACQUIRE_BASE | ACCESS, (known.lock >> 32) as u32, instance, ticks, seq);
        local.leave_hot();
        return local.push_known(state, &known, class, ticks);
    }
    hook::acquired_warm(meta, desc, ACCESS, site);
}

/// An exclusive lock was acquired.
#[inline(never)]
pub(super) fn acquired_exclusive(meta: &Meta, desc: &'static Desc, site: Site) {
    acquired::<0>(meta, desc, site);
}

/// A lock was acquired by a reader.
#[inline(never)]
pub(super) fn acquired_shared(meta: &Meta, desc: &'static Desc, site: Site) {
    acquired::<{ access::SHARED }>(meta, desc, site);
}

#[inline(never)]
fn acquired_inside(meta: &Meta, desc: &'static Desc, site: Site) {
    acquired_in::<0>(meta, desc, site);
}

#[inline(never)]
fn acquired_shared_inside(meta: &Meta, desc: &'static Desc, site: Site) {
    acquired_in::<{ access::SHARED }>(meta, desc, site);
}

/// A lock is about to be released.
#[inline(never)]
pub(super) fn released(meta: &Meta, access: u8) {
    // Relaxed: a lock that this thread has recorded has its number.
    let instance = meta.id.load(Ordering::Relaxed);
    if let Some(local) = local::attached()
        && !race::is_on()
        && let Some(state) = local.holds_newest(instance)
        && let Some(place) = local.ring.place(1)
    {
        local.enter_hot(state);
        place.write1(event::RELEASE, meta.class(), instance);
        local.leave_hot();
        return local.pop_newest(state);
    }
    hook::released_any(meta, access);
}
