//! What has no owner: permits, signals, items.

use super::Site;
use crate::rt::life::enter;
use crate::rt::machine::clock;
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::race;
use crate::rt::shared::race_flag;
use syncscope_recording::layout::event;

/// Something that another thread may have brought was taken from `meta`: a permit, a signal, an item. Call it right after the real
/// call. (What is brought is told by [`crate::rt::hook::sent`].)
pub(crate) fn taken(meta: &Meta, desc: &'static Desc, site: Site) {
    enter::enter(|local| {
        let instance = meta.instance(local, desc);
        if race_flag::is_on() {
            race::taken(local, instance);
        }
        let site = local.sites.get(local.runtime, site);
        local.emit_other(event::RECV, site, instance, clock::ticks(), 0);
        local.jobs.hears();
    });
}

/// Ways of giving through one object that have nothing to do with each other. Numbers that no instance and no thread gets.
pub(crate) mod way {
    /// What the object is for.
    pub(crate) const ITEM: u32 = 0;
    /// Room for it, the other way.
    pub(crate) const ROOM: u32 = 1 << 30;
    /// The news that it has been dealt with.
    pub(crate) const DONE: u32 = 3 << 30;
}

/// Something is about to be given. Call it before the real call: who takes does so later here as well.
#[inline]
pub(crate) fn giving(meta: &Meta, desc: &'static Desc, way: u32) {
    if race_flag::is_on() {
        enter::enter(|local| race::given(local, way | meta.instance(local, desc)));
    }
}

/// It was taken. Call it after the real call.
#[inline]
pub(crate) fn took(meta: &Meta, desc: &'static Desc, way: u32) {
    if race_flag::is_on() {
        enter::enter(|local| race::taken(local, way | meta.instance(local, desc)));
    }
}
