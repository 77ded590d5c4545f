//! Permits of semaphores that are forgotten, and added.

use super::Site;
use crate::rt::life::{enter, task_state};
use crate::rt::machine::clock;
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::record::kept_asleep;
use crate::rt::shared::leaks::{How, Leaker};
use crate::rt::thread::local::Local;
use std::path::Path;
use std::sync::atomic::AtomicIsize;

/// Permits are forgotten at `site`: such that somebody had, or else such that nobody had. `missing` counts those of this semaphore that are
/// forgotten and not added again, with these; `all` were there at first. Their class is one that others may give back from now on.
#[cold]
pub(crate) fn forgotten(
    meta: &Meta,
    desc: &'static Desc,
    (were_had, site): (bool, Site),
    (missing, all): (&AtomicIsize, usize),
) {
    let forgets = |local: &'static Local| {
        let instance = meta.instance(local, desc);
        if instance == 0 || meta.is_unrecorded() {
            return;
        }
        local.runtime.movable.allow(meta.class());
        let by = Leaker {
            how: if were_had { How::Forgotten } else { How::Fewer },
            // Of futures that a task polls in turn, the whole task: it may have by now what one of them had.
            thread: task_state::whole().unwrap_or(local).number,
            access: 0,
            site: local.sites.get(local.runtime, site),
            // Cargo hands the compiler the files of a workspace by relative paths.
            is_foreign: Path::new(site.file()).is_absolute(),
        };
        local.runtime.leaks.goes((instance, meta.class()), by, (missing, all));
    };
    // A task gets a state by it.
    task_state::state();
    enter::enter(forgets);
}

/// Permits are added, as above.
#[cold]
pub(crate) fn added(meta: &Meta, desc: &'static Desc, missing: &AtomicIsize) {
    enter::enter(|local| {
        let instance = meta.instance(local, desc);
        if instance == 0 {
            return;
        }
        local.runtime.movable.allow(meta.class());
        if local.runtime.leaks.gives((instance, meta.class()), missing, clock::ticks()) {
            kept_asleep::given_back(local.runtime, instance);
        }
    });
}
