//! The rings: a reader finds every event below the position that it has read.

use super::world::{World, bounded, own_chunk, watch_words};
use loom::thread::spawn;
use std::sync::atomic::Ordering;
use syncscope_recording::layout::{chunk, chunk_kind, event};
use syncscope_recording::words::{self, Second};

#[test]
fn events_below_the_position_are_there() {
    bounded(|| {
        let world = World::new();
        let local = world.recording_thread(1);
        // With the first event the ring is there: the anchor and this event come first.
        local.emit_release(1, 1, 1);
        let ring = world.runtime().file.first(chunk_kind::RING).unwrap();
        let first = event::ANCHOR_WORDS + 1;
        watch_words(ring, &[chunk::USED]);
        let at = |word: usize| chunk::PAYLOAD + word * 8;
        watch_words(ring, &[at(first), at(first + 1), at(first + 2)]);
        let writer = spawn(move || {
            own_chunk(ring);
            local.emit2(event::SPAWN, 2, 22, 10_240, Second { seq: 3, class: 5, depth: 1 });
            local.emit_release(4, 44, 2);
        });
        let reader = spawn(move || {
            // Acquire: pairs with the Release in `Local::publish`.
            let used = ring.u64(chunk::USED).load(Ordering::Acquire) as usize;
            let word = |word: usize| ring.u64(at(word)).load(Ordering::Relaxed);
            if used >= first + 2 {
                let event = [word(first), word(first + 1)];
                let second = Second { seq: 3, class: 5, depth: 1 };
                assert_eq!(event, [words::first(event::SPAWN, 2, 22), second.word(10_240)]);
            }
            if used >= first + 3 {
                let aux = words::release_aux(4, 2);
                assert_eq!(word(first + 2), words::first(event::RELEASE, aux, 44));
            }
            assert_ne!(used, first + 1, "an event is published as a whole");
        });
        writer.join().unwrap();
        reader.join().unwrap();
    });
}
