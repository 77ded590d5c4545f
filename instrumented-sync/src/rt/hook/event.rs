//! Events beside those of locks.

use super::Site;
use crate::rt::life::enter;
use crate::rt::machine::clock;
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::thread::local::Local;

/// An event of an object beside the lock events.
pub(super) fn passed(meta: &Meta, desc: &'static Desc, op: u8, site: Site) {
    enter::enter_briefly(|local| emit_passed(local, meta, desc, op, site));
}

#[inline]
pub(super) fn emit_passed(
    local: &'static Local,
    meta: &Meta,
    desc: &'static Desc,
    op: u8,
    site: Site,
) {
    let instance = meta.instance(local, desc);
    if instance == 0 {
        return;
    }
    local.emit_other(op, local.sites.get(local.runtime, site), instance, clock::ticks(), 0);
}
