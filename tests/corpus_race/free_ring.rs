//! A ring of one producer and one consumer.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicUsize, Ordering};
use instrumented_sync::thread;

const ROOM: usize = 2;

struct Ring {
    slots: [UnsafeCell<u64>; ROOM],
    head: AtomicUsize,
    tail: AtomicUsize,
}

// SAFETY: one thread pushes and one pops.
unsafe impl Sync for Ring {}

impl Ring {
    fn push(&self, item: u64) {
        let tail = self.tail.load(Ordering::Relaxed);
        while tail - self.head.load(Ordering::Acquire) == ROOM {
            std::thread::yield_now();
        }
        self.slots[tail % ROOM].with_mut(|slot| unsafe { *slot = item }); // (1)
        self.tail.store(tail + 1, Ordering::Release);
    }

    fn pop(&self) -> u64 {
        let head = self.head.load(Ordering::Relaxed);
        while self.tail.load(Ordering::Acquire) == head {
            std::thread::yield_now();
        }
        let item = self.slots[head % ROOM].with(|slot| unsafe { *slot }); // (2)
        self.head.store(head + 1, Ordering::Release);
        item
    }
}

static RING: Ring = Ring {
    slots: [UnsafeCell::new(0), UnsafeCell::new(0)],
    head: AtomicUsize::new(0),
    tail: AtomicUsize::new(0),
};

pub fn main() {
    let producer = thread::spawn(|| (0..50).for_each(|n| RING.push(n)));
    let sum: u64 = (0..50).map(|_| RING.pop()).sum();
    producer.join().unwrap();
    assert_eq!(sum, 1225);
}
