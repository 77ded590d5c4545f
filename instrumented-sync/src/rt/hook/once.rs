//! Objects that are initialised once.

use super::Site;
use crate::rt::life::enter;
use crate::rt::machine::clock;
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::race;
use crate::rt::record::across_pool;
use crate::rt::record::extend::Request;
use crate::rt::shared::race_flag;
use syncscope_recording::layout::access;

/// A completed Once-like object is used: cheap when its initialiser took no lock, or nothing is held.
/// Records the order "held locks before this one". Call it on the fast path, after `is_completed()`.
#[inline]
pub(crate) fn used(meta: &Meta, desc: &'static Desc, site: Site) {
    if !meta.orders_nothing() {
        used_in_order(meta, desc, site);
    }
}

#[inline(never)]
fn used_in_order(meta: &Meta, desc: &'static Desc, site: Site) {
    completed_seen(meta, desc);
    if meta.took_locks() {
        used_slow(meta, desc, site);
    }
}

#[cold]
fn used_slow(meta: &Meta, desc: &'static Desc, site: Site) {
    enter::enter(|local| {
        let instance = meta.instance(local, desc);
        if local.is_in_job() {
            across_pool::took(local, (instance, meta.class()), access::INIT, site);
        }
        let knows = local.knows_initialiser(instance);
        // Also where nothing is held: before the initialiser's end, this thread could have run it here.
        if local.depth() > 0 || !knows {
            let ticks = clock::ticks();
            local.request_use(&Request { meta, instance, access: access::INIT, site, ticks });
        }
        if !knows {
            local.pass_initialiser(instance);
        }
    });
}

/// An initialiser is about to run.
#[cold]
pub(crate) fn initialising(meta: &Meta, desc: &'static Desc) {
    enter::enter(|local| local.begins_initialiser(meta.instance(local, desc)));
}

/// A completed initialisation was seen by a call that records nothing else.
#[inline]
pub(crate) fn completed_seen(meta: &Meta, desc: &'static Desc) {
    if !meta.orders_nothing() {
        completed_seen_in_order(meta, desc);
    }
}

#[inline(never)]
fn completed_seen_in_order(meta: &Meta, desc: &'static Desc) {
    if race_flag::is_on() {
        enter::enter(|local| race::taken(local, meta.instance(local, desc)));
    }
}
