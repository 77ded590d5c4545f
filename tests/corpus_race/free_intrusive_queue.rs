//! An unbounded queue of many producers: they swap the tail and link behind.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicPtr, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

use std::ptr;

struct Node {
    item: Cell<u64>,
    next: AtomicPtr<Node>,
}

fn node(item: u64) -> *mut Node {
    Box::into_raw(Box::new(Node {
        item: Cell(UnsafeCell::new(item)),
        next: AtomicPtr::new(ptr::null_mut()),
    }))
}

static TAIL: AtomicPtr<Node> = AtomicPtr::new(ptr::null_mut());

fn push(item: u64) {
    let fresh = node(item);
    let before = TAIL.swap(fresh, Ordering::AcqRel);
    unsafe { (*before).next.store(fresh, Ordering::Release) };
}

pub fn main() {
    let mut head = node(0);
    TAIL.store(head, Ordering::Release);
    let pushers = [0, 1, 2].map(|_| thread::spawn(|| (1..=20).for_each(push)));
    let mut sum = 0;
    for _ in 0..60 {
        let next = loop {
            let next = unsafe { (*head).next.load(Ordering::Acquire) };
            if !next.is_null() {
                break next;
            }
            std::thread::yield_now();
        };
        sum += unsafe { (*next).item.0.with(|item| *item) };
        drop(unsafe { Box::from_raw(head) });
        head = next;
    }
    pushers.into_iter().for_each(|pusher| pusher.join().unwrap());
    drop(unsafe { Box::from_raw(head) });
    assert_eq!(sum, 630);
}
