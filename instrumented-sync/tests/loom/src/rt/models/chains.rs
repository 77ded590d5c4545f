//! The chain table: a reader of the live recording that finds an entry's tag finds the entry.

use super::world::{World, bounded, own_chunk, push, watch_chain};
use crate::rt::machine::clock;
use crate::rt::object::meta::Meta;
use crate::rt::record::extend::Request;
use crate::rt::thread::local::Local;
use crate::rt::thread::site_cache;
use crate::rt::thread::{chain, filter};
use loom::thread::spawn;
use std::panic::Location;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{chain as entry, chunk, chunk_kind};

fn request(local: &Local, instance: u32) {
    let meta = Meta::new(instance);
    let (site, ticks) = (Location::caller(), clock::ticks());
    local.extend(&Request { meta: &meta, instance, access: 0, site, ticks });
}

#[test]
fn an_entry_is_whole_once_its_tag_is_there() {
    bounded(|| {
        let world = World::new();
        let runtime = world.runtime();
        let local = world.thread(1);
        push(&local, 1);
        // With the first nesting the table is there.
        request(&local, 2);
        let table = runtime.file.first(chunk_kind::CHAINS).unwrap();
        let word = u64::from(3_u32) | u64::from(site_cache::SITE) << 32;
        let tag = chain::mix(local.chain_at(1), word);
        // The first table has 128 entries, and behind them the numbers of their nodes.
        let place = ((tag >> filter::INDEX) % 128) as usize;
        let at = chunk::PAYLOAD + place * entry::SIZE;
        let number = chunk::PAYLOAD + 128 * entry::SIZE + place * entry::NODE_SIZE;
        assert_eq!(table.u64(at + entry::TAG).load(Ordering::Relaxed), 0, "the place is free");
        watch_chain(table, at, number);
        let writer = spawn(move || {
            own_chunk(table);
            request(&local, 3);
            request(&local, 3);
        });
        let reader = spawn(move || {
            // Acquire: pairs with the Release of the tag in `Table::put`.
            if table.u64(at + entry::TAG).load(Ordering::Acquire) == tag {
                let half = |part| table.u32(at + part).load(Ordering::Relaxed);
                // The node of the lock that is held is 1, that of the first nesting 2.
                assert_eq!(table.u32(number).load(Ordering::Relaxed), 3);
                assert!([1, 2].contains(&half(entry::COUNT)));
                assert_eq!(half(entry::LAST_SEGMENT), 1);
            }
        });
        writer.join().unwrap();
        reader.join().unwrap();
    });
}
