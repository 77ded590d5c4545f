//! A reader of the board sees a whole wait or none.

use super::world::{World, own_slot, watch_wait};
use crate::rt::record::wait::Wait;
use crate::rt::shared::board::WaitEntry;
use std::panic::Location;
use syncscope_recording::layout::wait;

const FIRST: Wait = Wait { kind: wait::RECV, object: 11, object2: 12, class: 13 };
const SECOND: Wait = Wait { kind: wait::CONDVAR, object: 21, object2: 22, class: 23 };

/// The second wait follows on the first, so that all of its words change while a reader is among them.
#[test]
fn a_wait_is_read_whole() {
    loom::model(|| {
        let world = World::new();
        let local = world.thread(1);
        let slot = local.slot;
        watch_wait(slot);
        let waiter = loom::thread::spawn(move || {
            own_slot(local.slot);
            for wait in [FIRST, SECOND] {
                local.begin_wait(wait, Location::caller());
                local.end_wait();
            }
        });
        let seen = slot.wait();
        waiter.join().unwrap();
        let whole = |WaitEntry { kind, seq, object, .. }| {
            [(FIRST, 1), (SECOND, 3)]
                .iter()
                .any(|(wait, number)| (kind, seq, object) == (wait.kind, *number, wait.object))
        };
        assert!(seen.is_none_or(whole), "{seen:?} is none of the two");
        drop(world);
    });
}
