//! Tracked places that carry no state: known by their addresses.

use super::Site;
use crate::rt::life::enter;
use crate::rt::object::meta::{Desc, Meta};
use crate::rt::race::{self, Where};
use syncscope_detector::race::Place;
use syncscope_recording::writer::bounded_lock;

/// Places in a shard; beyond that the shard forgets all of its places.
const IN_SHARD: usize = 16_384;

/// This thread accesses the place at `address` now. `meta` stands for the place in reports: one for each call site.
pub(crate) fn access(address: usize, meta: &Meta, desc: &'static Desc, is_write: bool, site: Site) {
    if !race::enable() {
        return;
    }
    enter::enter(|local| {
        let shards = &local.runtime.race.places;
        let shard = &shards[(address >> 4) % shards.len()];
        let Some(mut places) = bounded_lock(shard) else { return race::give_up() };
        if places.len() >= IN_SHARD && !places.contains_key(&address) {
            places.clear();
        }
        let place: &mut Place = places.entry(address).or_default();
        let at = Where { address, declared: None };
        if let Some(found) = race::access(local, place, at, is_write, site) {
            drop(places);
            race::report(local, (meta.instance(local, desc), meta.class()), at, &found);
        }
    });
}
