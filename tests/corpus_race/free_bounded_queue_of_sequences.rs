//! A bounded queue for many producers and consumers: each slot has a sequence number.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicUsize, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

const ROOM: usize = 4;

struct Slot {
    turn: AtomicUsize,
    item: Cell<u64>,
}

struct Queue {
    slots: [Slot; ROOM],
    head: AtomicUsize,
    tail: AtomicUsize,
}

impl Queue {
    fn push(&self, item: u64) {
        let mut tail = self.tail.load(Ordering::Relaxed);
        loop {
            let slot = &self.slots[tail % ROOM];
            let turn = slot.turn.load(Ordering::Acquire);
            if turn == tail {
                let next = tail + 1;
                match self.tail.compare_exchange_weak(
                    tail,
                    next,
                    Ordering::Relaxed,
                    Ordering::Relaxed,
                ) {
                    Ok(_) => {
                        slot.item.0.with_mut(|place| unsafe { *place = item });
                        slot.turn.store(next, Ordering::Release);
                        return;
                    }
                    Err(found) => tail = found,
                }
            } else {
                std::thread::yield_now();
                tail = self.tail.load(Ordering::Relaxed);
            }
        }
    }

    fn pop(&self) -> u64 {
        let mut head = self.head.load(Ordering::Relaxed);
        loop {
            let slot = &self.slots[head % ROOM];
            let turn = slot.turn.load(Ordering::Acquire);
            if turn == head + 1 {
                let next = head + 1;
                match self.head.compare_exchange_weak(
                    head,
                    next,
                    Ordering::Relaxed,
                    Ordering::Relaxed,
                ) {
                    Ok(_) => {
                        let item = slot.item.0.with(|place| unsafe { *place });
                        slot.turn.store(head + ROOM, Ordering::Release);
                        return item;
                    }
                    Err(found) => head = found,
                }
            } else {
                std::thread::yield_now();
                head = self.head.load(Ordering::Relaxed);
            }
        }
    }
}

const fn slot(turn: usize) -> Slot {
    Slot { turn: AtomicUsize::new(turn), item: Cell(UnsafeCell::new(0)) }
}

static QUEUE: Queue = Queue {
    slots: [slot(0), slot(1), slot(2), slot(3)],
    head: AtomicUsize::new(0),
    tail: AtomicUsize::new(0),
};

pub fn main() {
    let pushers = [0, 1].map(|_| thread::spawn(|| (0..50).for_each(|item| QUEUE.push(item))));
    let poppers = [0, 1].map(|_| thread::spawn(|| (0..50).map(|_| QUEUE.pop()).sum::<u64>()));
    pushers.into_iter().for_each(|pusher| pusher.join().unwrap());
    let sum: u64 = poppers.into_iter().map(|popper| popper.join().unwrap()).sum();
    assert_eq!(sum, 2450);
}
