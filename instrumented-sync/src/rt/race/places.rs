//! Tracked places that carry no state: known by their addresses.

use super::super::hook::Site;
use super::super::local;
use super::super::meta::{Desc, Meta};
use super::super::os;
use super::super::runtime::Runtime;
use super::cell::{Which, access_place};
use super::{report, state};
use syncscope_detector::race::Place;
use syncscope_recording::writer::patient;

/// Places in a shard; beyond that the shard forgets all of its places.
const IN_SHARD: usize = 16_384;

/// This thread accesses the place at `address` now. `meta` stands for the place in reports: one for each call site.
pub(crate) fn access(address: usize, meta: &Meta, desc: &'static Desc, is_write: bool, site: Site) {
    if !state::enable() {
        return;
    }
    local::enter(|local| {
        let shards = &local.runtime.race.places;
        let shard = &shards[(address >> 4) % shards.len()];
        let Some(mut places) = patient(shard) else { return state::give_up() };
        if places.len() >= IN_SHARD && !places.contains_key(&address) {
            places.clear();
        }
        let place: &mut Place = places.entry(address).or_default();
        let which = Which { meta, desc, declared: None, address };
        if let Some(found) = access_place(local, place, which, is_write, site) {
            drop(places);
            report::report(local, which, &found);
        }
    });
}

/// The calling thread ends: the next thread may get the same memory for its stack, and nothing that we see orders the two.
#[cold]
pub(super) fn forget_stack(runtime: &Runtime) {
    let Some(stack) = os::own_stack() else { return };
    for shard in &runtime.race.places {
        match patient(shard) {
            Some(mut places) => places.retain(|address, _| !stack.contains(address)),
            None => state::give_up(),
        }
    }
}
