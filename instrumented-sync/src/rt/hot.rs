// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The common acquisitions and releases, which are nearly all: a lock that has its number and its class, a place that the thread
//! has been at, a nesting that it has been through, in a beat in which it has read the clock.
//!
//! The functions call nothing but what they end with (and, cold, what a nesting in a new segment takes), and have few values at a
//! time, so that few registers need be saved. What is not common goes on in [`super::hook`]. The stores are ordered for signal handlers, which may lock in the middle of
//! them: first the thread is marked as busy, and the last store, of the state, takes the mark away.

use super::hook::{self, Site};
use super::local::{self, Local};
use super::meta::Meta;
use super::race;
use syncscope_recording::layout::{access, event};
use syncscope_recording::words::{self, Second};

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
    if let Some((instance, class)) = meta.plain(ACCESS)
        && let Some(number) = local.sites.cached(site)
        && let Some(place) = local.ring.place(2)
        && let Some(ticks) = local.beaten_ticks(state)
    {
        local.enter_hot(state);
        let seq = if ACCESS == 0 { meta.own(local.slot_index) } else { meta.seq() };
        let lock = u64::from(instance) | u64::from(number | u32::from(ACCESS) << 24) << 32;
        let first = words::first(event::ACQUIRE_BASE | ACCESS, number, instance);
        place.write2(first, Second { seq, class, depth: 0 }.word(ticks));
        local.leave_hot();
        return local.push_outermost(state, lock, class, ticks);
    }
    if ACCESS == 0 {
        return acquired_watched(local, meta, site);
    }
    hook::acquired_known(local, meta, ACCESS, site);
}

/// As [`acquired`], of a lock that is perhaps one of those whose writers are noted even when they hold nothing else.
#[inline(never)]
fn acquired_watched(local: &'static Local, meta: &Meta, site: Site) {
    let state = local.state();
    if local::is_idle(state)
        && let Some((instance, class)) = meta.watched()
        && let Some(known) = local.known_outermost(instance, site)
        && let Some(place) = local.ring.place(2)
        && let Some(ticks) = local.beaten_ticks(state)
    {
        local.enter_hot(state);
        let seq = meta.own(local.slot_index);
        local.count_known(&known);
        let site = (known.lock >> 32) as u32;
        let first = words::first(event::ACQUIRE_BASE, site, instance);
        place.write2(first, Second { seq, class, depth: 0 }.word(ticks));
        local.leave_hot();
        return local.push_known(state, 0, &known, class, ticks);
    }
    hook::acquired_known(local, meta, 0, site);
}

/// As [`acquired`], inside other locks.
#[inline(always)]
fn acquired_in<const ACCESS: u8>(local: &'static Local, meta: &Meta, site: Site) {
    let state = local.state();
    if let Some(depth) = local::free_depth(state)
        && let Some((instance, class)) = meta.plain(ACCESS)
        && let Some(known) = local.known_chain(depth, instance, ACCESS, site)
        && let Some(place) = local.ring.place(2)
        && let Some(ticks) = local.beaten_ticks(state)
    {
        local.enter_hot(state);
        let seq = if ACCESS == 0 { meta.own(local.slot_index) } else { meta.seq() };
        local.count_known(&known);
        let site = (known.lock >> 32) as u32;
        let first = words::first(event::ACQUIRE_BASE | ACCESS, site, instance);
        place.write2(first, Second { seq, class, depth }.word(ticks));
        local.leave_hot();
        return local.push_known(state, depth, &known, class, ticks);
    }
    hook::acquired_known(local, meta, ACCESS, site);
}

/// An exclusive lock was acquired.
#[inline(never)]
pub(super) fn acquired_exclusive(local: &'static Local, meta: &Meta, site: Site) {
    acquired::<0>(local, meta, site);
}

/// A lock was acquired by a reader.
#[inline(never)]
pub(super) fn acquired_shared(local: &'static Local, meta: &Meta, site: Site) {
    acquired::<{ access::SHARED }>(local, meta, site);
}

#[inline(never)]
fn acquired_inside(local: &'static Local, meta: &Meta, site: Site) {
    acquired_in::<0>(local, meta, site);
}

#[inline(never)]
fn acquired_shared_inside(local: &'static Local, meta: &Meta, site: Site) {
    acquired_in::<{ access::SHARED }>(local, meta, site);
}

/// A lock is about to be released. Small enough to stand where the guard is dropped.
#[inline(always)]
pub(super) fn released(meta: &Meta, access: u8) {
    // A thread without a state holds nothing that it knows of.
    let Some(local) = local::attached() else { return };
    if !race::is_on()
        && let Some(state) = local.holds_newest(meta.number())
    {
        // No event: the depth of the next one tells.
        return local.pop_newest(state);
    }
    hook::released_any(meta, access);
}
