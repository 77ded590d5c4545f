//! What a thread holds, read inside one of its waits.

use super::world::{World, bounded, own_slot, push, watch_held, watch_wait};
use crate::rt::record::wait::Wait;
use std::panic::Location;
use syncscope_recording::layout::wait;

/// Between its two waits the thread gives one lock back and takes another into the same entry.
#[test]
fn a_held_stack_is_that_of_the_wait_around_it() {
    bounded(|| {
        let world = World::new();
        let local = world.thread(1);
        let slot = local.slot;
        watch_wait(slot);
        watch_held(slot, 1);
        let waiter = loom::thread::spawn(move || {
            own_slot(slot);
            for instance in [1, 2] {
                push(&local, instance);
                let wait = Wait { kind: wait::MUTEX, object: instance + 10, ..Wait::default() };
                local.begin_wait(wait, Location::caller());
                local.end_wait();
                assert!(local.pop(instance, 0));
            }
        });
        let reader = loom::thread::spawn(move || {
            let Some(before) = slot.wait() else { return };
            let held: Vec<_> = slot.held().iter().map(|held| held.instance).collect();
            if slot.wait().is_some_and(|after| after.seq == before.seq) {
                assert_eq!(held, [before.object - 10], "{before:?}");
            }
        });
        waiter.join().unwrap();
        reader.join().unwrap();
    });
}
