//! A Treiber stack.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicPtr, AtomicUsize, Ordering};
use instrumented_sync::thread;
use std::ptr;

struct Node {
    value: UnsafeCell<u64>,
    next: *mut Node,
}

struct Stack {
    head: AtomicPtr<Node>,
    /// Nodes are freed at the end, so that a pointer is never reused.
    pushed: AtomicUsize,
}

impl Stack {
    fn push(&self, value: u64) {
        let node =
            Box::into_raw(Box::new(Node { value: UnsafeCell::new(value), next: ptr::null_mut() }));
        let mut head = self.head.load(Ordering::Relaxed);
        loop {
            unsafe { (*node).next = head };
            match self.head.compare_exchange_weak(head, node, Ordering::Release, Ordering::Relaxed)
            {
                Ok(_) => break,
                Err(found) => head = found,
            }
        }
        self.pushed.fetch_add(1, Ordering::Relaxed);
    }

    fn pop(&self) -> Option<u64> {
        let mut head = self.head.load(Ordering::Acquire);
        while !head.is_null() {
            let next = unsafe { (*head).next };
            match self.head.compare_exchange_weak(head, next, Ordering::Acquire, Ordering::Acquire)
            {
                Ok(_) => return Some(unsafe { &*head }.value.with(|value| unsafe { *value })), // (1)
                Err(found) => head = found,
            }
        }
        None
    }
}

static STACK: Stack = Stack { head: AtomicPtr::new(ptr::null_mut()), pushed: AtomicUsize::new(0) };

pub fn main() {
    let pushers = [1, 2]
        .map(|start| thread::spawn(move || (0..50).for_each(|n| STACK.push(start * 100 + n))));
    let popper = thread::spawn(|| {
        let mut sum = 0;
        let mut count = 0;
        while count < 100 {
            match STACK.pop() {
                Some(value) => (sum, count) = (sum + value, count + 1),
                None => std::thread::yield_now(),
            }
        }
        sum
    });
    pushers.into_iter().for_each(|pusher| pusher.join().unwrap());
    assert_eq!(popper.join().unwrap(), 17_450);
}
