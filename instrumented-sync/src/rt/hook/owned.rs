//! Who holds a lock just now, for those who ask; and how many may.

use crate::rt::life::enter;
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::shared::runtime::Runtime;

/// Whether a thread that is known holds `meta` exclusively just now.
#[cold]
pub(crate) fn is_owned(meta: &Meta) -> bool {
    let instance = meta.number();
    let owner = |runtime: &Runtime| {
        runtime
            .board
            .slot(meta.owner_hint()?)?
            .held()
            .into_iter()
            .find(|held| held.instance == instance)
    };
    enter::enter(|local| owner(local.runtime).is_some()).unwrap_or(false)
}

/// There are so many permits of `meta`, which is about to be waited for.
#[cold]
pub(crate) fn has_permits(meta: &Meta, desc: &'static Desc, permits: u32) {
    enter::enter(|local| {
        let instance = meta.instance(local, desc);
        if instance != 0 {
            local.runtime.tasks.note_permits(instance, permits);
        }
    });
}
