//! A tracked place that carries its own state.

use super::super::hook::Site;
use super::super::local::{self, Local};
use super::super::meta::{Desc, Meta};
use super::{report, state, thread};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use syncscope_detector::race::{Access, Conflict, LockSet, Place};
use syncscope_recording::writer::patient;

/// What a tracked cell carries beside its identity and its value.
#[derive(Debug)]
pub(crate) struct CellTrack {
    /// Key of the last access that was looked at, see [`thread::key`].
    last: AtomicU64,
    place: Mutex<Option<Box<Place>>>,
}

/// A place, for reports.
#[derive(Clone, Copy, Debug)]
pub(super) struct Which<'a> {
    pub(super) meta: &'a Meta,
    pub(super) desc: &'static Desc,
    /// The name of the lock that is declared to guard it.
    pub(super) declared: Option<&'static str>,
    pub(super) address: usize,
}

impl CellTrack {
    /// Of a place that nobody has accessed.
    pub(crate) const fn new() -> Self {
        Self { last: AtomicU64::new(0), place: Mutex::new(None) }
    }

    /// This thread accesses the place, which belongs to `meta`, now. Call it right before the access.
    #[inline]
    pub(crate) fn access(
        &self,
        meta: &Meta,
        desc: &'static Desc,
        declared: Option<&'static str>,
        is_write: bool,
        site: Site,
    ) {
        if let Some(local) = local::attached() {
            let key = local.race.key.get();
            // Relaxed: only this thread stores a key of its own epoch.
            let last = self.last.load(Ordering::Relaxed);
            if key != 0 && (last == key + 1 || (last == key && !is_write)) && state::is_on() {
                return;
            }
        }
        let address = std::ptr::from_ref(self) as usize;
        self.access_closely(Which { meta, desc, declared, address }, is_write, site);
    }

    #[cold]
    fn access_closely(&self, which: Which<'_>, is_write: bool, site: Site) {
        if !state::enable() {
            return;
        }
        local::enter(|local| {
            let Some(mut place) = patient(&self.place) else { return state::give_up() };
            let place = place.get_or_insert_default();
            let found = access_place(local, place, which, is_write, site);
            // Relaxed: as above.
            let key = local.race.key.get();
            self.last.store(key + u64::from(is_write), Ordering::Relaxed);
            if let Some(found) = found {
                report::report(local, which, &found);
            }
        });
    }
}

/// A conflict, and what else is to be told of it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) conflict: Option<Conflict>,
    /// The earlier access is the place's creation.
    pub(super) by_creation: bool,
    /// The access that was just made, if it lacks the declared lock.
    pub(super) undeclared: Option<Access>,
}

/// Passes an access to the engine.
pub(super) fn access_place(
    local: &Local,
    place: &mut Place,
    which: Which<'_>,
    is_write: bool,
    site: Site,
) -> Option<Found> {
    thread::with(local, |state| {
        let site = local.sites.get(local.runtime, site);
        let locks = state.held(local);
        let mut by_creation = false;
        if place.is_fresh()
            && let Some(by) = state.loose.publisher(which.address)
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
            which.declared.filter(|_| place.is_contended(&state.engine)).and_then(|name| {
                let has = report::holds_named(local, &locks, name);
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
