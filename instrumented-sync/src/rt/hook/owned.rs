//! Who holds a lock just now, for those who ask.

use crate::rt::life::enter;
use crate::rt::object::meta::Meta;
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
