//! A new configuration is published by a relaxed store of its pointer.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicPtr, Ordering};
use instrumented_sync::thread;
use std::ptr;

struct Config {
    limit: UnsafeCell<u64>,
}

static CURRENT: AtomicPtr<Config> = AtomicPtr::new(ptr::null_mut());

pub fn main() {
    let writer = thread::spawn(|| {
        let config = Box::into_raw(Box::new(Config { limit: UnsafeCell::new(7) }));
        CURRENT.store(config, Ordering::Relaxed); // (1)
    });
    let reader = thread::spawn(|| {
        loop {
            let config = CURRENT.load(Ordering::Acquire);
            // SAFETY: what was published is never freed.
            if let Some(config) = unsafe { config.as_ref() } {
                return config.limit.with(|limit| unsafe { *limit }); // (2)
            }
            std::thread::yield_now();
        }
    });
    writer.join().unwrap();
    assert_eq!(reader.join().unwrap(), 7);
}
