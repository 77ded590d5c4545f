//! An access to a tracked place.

use super::thread;
use crate::rt::object::Site;
use crate::rt::thread::local::Local;
use syncscope_detector::race::{Access, Conflict, HeldLock, LockSet, Place};
use syncscope_recording::writer::bounded_lock;

/// A place that is accessed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Where {
    pub(crate) address: usize,
    /// The name of the lock that is declared to guard it.
    pub(crate) declared: Option<&'static str>,
}

/// A conflict, and what else is to be told of it.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) conflict: Option<Conflict>,
    /// The earlier access is the place's creation.
    pub(crate) by_creation: bool,
    /// The access that was just made, if it lacks the declared lock.
    pub(crate) undeclared: Option<Access>,
}

/// Passes an access to the engine.
pub(crate) fn access(
    local: &Local,
    place: &mut Place,
    at: Where,
    is_write: bool,
    site: Site,
) -> Option<Found> {
    thread::with(local, |state| {
        let site = local.sites.get(local.runtime, site);
        let locks = state.held(local);
        let mut by_creation = false;
        if place.is_fresh()
            && let Some(by) = state.loose.publisher(at.address)
        {
            by_creation = true;
            let locks = LockSet::from(Vec::new());
            *place = Place::written(Access {
                epoch: by.epoch,
                thread: by.thread,
                is_write: true,
                site: by.site,
                locks,
            });
        }
        let undeclared =
            at.declared.filter(|_| place.is_contended(&state.engine)).and_then(|name| {
                let has = holds_named(local, &locks, name);
                (!has).then(|| Access {
                    epoch: state.engine.access(),
                    thread: local.number,
                    is_write,
                    site,
                    locks: LockSet::clone(&locks),
                })
            });
        let conflict = place.access(&mut state.engine, is_write, site, &locks);
        (conflict.is_some() || undeclared.is_some()).then_some(Found {
            conflict,
            by_creation,
            undeclared,
        })
    })
    .flatten()
}

/// Whether one of the locks has the name, in the writing mode.
fn holds_named(local: &Local, locks: &[HeldLock], name: &str) -> bool {
    let Some(names) = bounded_lock(&local.runtime.race.names) else { return true };
    locks.iter().any(|held| names.get(&held.class).is_some_and(|known| known == name))
}
