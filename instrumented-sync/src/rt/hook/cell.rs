//! A tracked place that carries its own state.

use super::Site;
use crate::rt::life::enter;
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::race::{self, Where};
use crate::rt::shared::race_flag;
use crate::rt::thread::local;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use syncscope_detector::race::Place;
use syncscope_recording::writer::bounded_lock;

/// What a tracked cell carries beside its identity and its value.
#[derive(Debug)]
pub(crate) struct CellTrack {
    /// Key of the last access that was looked at, see `race::thread::key`.
    last: AtomicU64,
    place: Mutex<Option<Box<Place>>>,
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
            if key != 0
                && (last == key + 1 || (last == key && !is_write))
                && race_flag::is_tracking()
            {
                return;
            }
        }
        let address = std::ptr::from_ref(self) as usize;
        self.access_closely((meta, desc), Where { address, declared }, is_write, site);
    }

    #[cold]
    fn access_closely(
        &self,
        (meta, desc): (&Meta, &'static Desc),
        at: Where,
        is_write: bool,
        site: Site,
    ) {
        if !race::enable() {
            return;
        }
        enter::enter(|local| {
            let Some(mut place) = bounded_lock(&self.place) else { return race::give_up() };
            let place = place.get_or_insert_default();
            let found = race::access(local, place, at, is_write, site);
            // Relaxed: as above.
            let key = local.race.key.get();
            self.last.store(key + u64::from(is_write), Ordering::Relaxed);
            if let Some(found) = found {
                race::report(local, (meta.instance(local, desc), meta.class()), at, &found);
            }
        });
    }
}
