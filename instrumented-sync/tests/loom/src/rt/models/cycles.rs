//! The wait-for check: a deadlock is seen by at least one of its threads, and only a deadlock is.

use super::world::{World, bounded, own_slot, push, watch_held, watch_wait};
use crate::rt::deadlock::wait_for::closes_cycle;
use crate::rt::object::meta::Meta;
use crate::rt::record::wait::Wait;
use crate::rt::thread::local::Local;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, Ordering};
use std::panic::Location;
use syncscope_recording::layout::wait;

const A: u32 = 1;
const B: u32 = 2;

/// A mutex, as far as it matters who gets it.
struct Lock {
    meta: Meta,
    taken: AtomicBool,
}

impl Lock {
    /// Taken already, by this thread. Its identity may tell so, or tell nothing: it is only a hint.
    fn held_by(local: &Local, instance: u32, hint: bool) -> Arc<Self> {
        push(local, instance);
        let lock = Self { meta: Meta::new(instance), taken: AtomicBool::new(true) };
        lock.meta.owner.set(hint.then_some(local.slot_index));
        Arc::new(lock)
    }

    fn try_lock(&self) -> bool {
        // Acquire: pairs with the Release in `unlock`.
        self.taken.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// As the hooks do it: first the held stack, then the lock.
    fn unlock(&self, local: &Local) {
        assert!(local.pop(self.meta.instance, 0));
        self.taken.store(false, Ordering::Release);
    }

    /// What a thread does that finds the lock taken: says so, and looks. Whether it found a deadlock.
    fn wait(&self, local: &Local) -> bool {
        let wait = Wait { kind: wait::MUTEX, object: self.meta.instance, ..Wait::default() };
        local.begin_wait(wait, Location::caller());
        let cycle = closes_cycle(local.runtime, local.slot, Some(&self.meta));
        if let Some(cycle) = &cycle {
            assert_eq!(cycle.participants.len(), 2, "{cycle:?}");
        }
        cycle.is_some()
    }
}

fn two_threads(world: &World) -> (Local, Local) {
    let (one, two) = (world.thread(1), world.thread(2));
    for local in [&one, &two] {
        watch_wait(local.slot);
        watch_held(local.slot, 1);
    }
    (one, two)
}

#[test]
fn the_last_to_say_so_sees_the_deadlock() {
    for hint in [true, false] {
        both_wait(hint);
    }
}

fn both_wait(hint: bool) {
    bounded(move || {
        let world = World::new();
        let (one, two) = two_threads(&world);
        let (a, b) = (Lock::held_by(&one, A, hint), Lock::held_by(&two, B, hint));
        let first = loom::thread::spawn(move || {
            own_slot(one.slot);
            b.wait(&one)
        });
        let second = loom::thread::spawn(move || {
            own_slot(two.slot);
            a.wait(&two)
        });
        let (first, second) = (first.join().unwrap(), second.join().unwrap());
        assert!(first || second, "nobody saw it");
    });
}

/// The second thread gives its lock back before it asks for the other.
#[test]
fn what_was_given_back_is_no_deadlock() {
    for hint in [true, false] {
        one_gives_back(hint);
    }
}

fn one_gives_back(hint: bool) {
    bounded(move || {
        let world = World::new();
        let (one, two) = two_threads(&world);
        let (a, b) = (Lock::held_by(&one, A, hint), Lock::held_by(&two, B, hint));
        let first = loom::thread::spawn({
            let b = Arc::clone(&b);
            move || {
                own_slot(one.slot);
                assert!(b.try_lock() || !b.wait(&one), "the first is wrong");
            }
        });
        let second = loom::thread::spawn(move || {
            own_slot(two.slot);
            b.unlock(&two);
            assert!(a.try_lock() || !a.wait(&two), "the second is wrong");
        });
        first.join().unwrap();
        second.join().unwrap();
    });
}
