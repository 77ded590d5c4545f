//! The rings: a reader finds every event below the position that it has read.

use super::world::{World, bounded, own_chunk, watch_words};
use loom::thread::spawn;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{chunk, chunk_kind, event};

#[test]
fn events_below_the_position_are_there() {
    bounded(|| {
        let world = World::new();
        let local = world.recording_thread(1);
        // With the first event the ring is there: the anchor and this event come first.
        local.emit1(event::RELEASE, 1, 1);
        let ring = world.runtime().file.first(chunk_kind::RING).unwrap();
        let first = event::ANCHOR_WORDS + 1;
        watch_words(ring, &[chunk::USED]);
        let at = |word: usize| chunk::PAYLOAD + word * 8;
        watch_words(ring, &[at(first), at(first + 1), at(first + 2)]);
        let writer = spawn(move || {
            own_chunk(ring);
            local.emit2(event::SPAWN, 2, 22, 160, 3);
            local.emit1(event::RELEASE, 4, 44);
        });
        let reader = spawn(move || {
            // Acquire: pairs with the Release in `Local::publish`.
            let used = ring.u64(chunk::USED).load(Ordering::Acquire) as usize;
            let word = |word: usize| ring.u64(at(word)).load(Ordering::Relaxed);
            let head = |op: u8, aux: u64, object: u64| u64::from(op) | aux << 8 | object << 32;
            if used >= first + 2 {
                let event = [word(first), word(first + 1)];
                assert_eq!(event, [head(event::SPAWN, 2, 22), 160 >> 4 << 24 | 3]);
            }
            if used >= first + 3 {
                assert_eq!(word(first + 2), head(event::RELEASE, 4, 44));
            }
            assert_ne!(used, first + 1, "an event is published as a whole");
        });
        writer.join().unwrap();
        reader.join().unwrap();
    });
}
