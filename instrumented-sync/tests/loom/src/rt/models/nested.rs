//! Chain nodes: whoever finds one complete finds all of it.

use super::world::{World, bounded, watch_node};
use crate::rt::object::lock::Lock;
use crate::rt::record::node::{New, add};
use crate::rt::shared::nodes::{NodeView, Room};
use loom::thread::spawn;

const ACCESS: u8 = 1;

fn new(parent: u32, instance: u32) -> New {
    let lock = Lock { instance, class: 7, site_access: 5 | u32::from(ACCESS) << 24 };
    New { parent, lock, tag: u64::from(instance), ticks: 0, depth: u32::from(parent != 0) }
}

#[test]
fn nodes_of_two_threads_are_whole() {
    bounded(|| {
        let world = World::new();
        let runtime = world.runtime();
        let (one, two) = (world.thread(1), world.thread(2));
        // The parent of both; with it the chunk is there.
        assert_eq!(add(&one, new(0, 1), Room::Ordinary), Some((0, true)));
        watch_node(runtime, 1);
        watch_node(runtime, 2);
        let adders = [(one, 2), (two, 3)].map(|(local, instance)| {
            spawn(move || add(&local, new(1, instance), Room::Ordinary).unwrap().0)
        });
        let reader = spawn(move || {
            for index in 1..3 {
                if let Some(NodeView { parent, instance, access, .. }) = runtime.nodes.view(index) {
                    assert_eq!((parent, access), (1, ACCESS));
                    assert!([2, 3].contains(&instance), "{instance}");
                }
            }
        });
        let mut indices = adders.map(|adder| adder.join().unwrap());
        indices.sort_unstable();
        assert_eq!(indices, [1, 2]);
        reader.join().unwrap();
        let instances = [1, 2].map(|index| runtime.nodes.view(index).unwrap().instance);
        assert!([[2, 3], [3, 2]].contains(&instances), "{instances:?}");
    });
}
