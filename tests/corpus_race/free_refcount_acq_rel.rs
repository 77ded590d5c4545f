//! Counted with `AcqRel`, without a fence.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicUsize, Ordering};
use instrumented_sync::thread;

struct Inner {
    count: AtomicUsize,
    value: UnsafeCell<u64>,
}

struct Counted(*const Inner);

// SAFETY: the count says who is last.
unsafe impl Send for Counted {}

impl Counted {
    fn new(value: u64) -> Self {
        let count = AtomicUsize::new(1);
        Self(Box::into_raw(Box::new(Inner { count, value: UnsafeCell::new(value) })))
    }

    fn inner(&self) -> &Inner {
        unsafe { &*self.0 }
    }

    fn get(&self) -> u64 {
        self.inner().value.with(|value| unsafe { *value }) // (1)
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.inner().count.fetch_add(1, Ordering::Relaxed);
        Self(self.0)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if self.inner().count.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.inner().value.with_mut(|value| unsafe { *value = 0 }); // (2)
            drop(unsafe { Box::from_raw(self.0.cast_mut()) });
        }
    }
}

pub fn main() {
    let first = Counted::new(7);
    let second = first.clone();
    let threads = [thread::spawn(move || first.get()), thread::spawn(move || second.get())];
    for thread in threads {
        assert_eq!(thread.join().unwrap(), 7);
    }
}
