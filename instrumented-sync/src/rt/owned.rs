//! Who holds a lock just now, for those who ask.

use super::local;
use super::meta::Meta;
use super::runtime::Runtime;
use std::sync::atomic::Ordering;

/// Whether a thread that is known holds `meta` exclusively just now.
#[cold]
pub(crate) fn is_owned(meta: &Meta) -> bool {
    // Relaxed: a lock without a number was never held.
    let instance = meta.id.load(Ordering::Relaxed);
    let owner = |runtime: &Runtime| {
        runtime
            .board
            .slot(meta.owner_hint()?)?
            .held()
            .into_iter()
            .find(|held| held.instance == instance)
    };
    local::enter(|local| owner(local.runtime).is_some()).unwrap_or(false)
}
