//! The primitives that the bugs are made of: std's, or those of the tool that chooses the schedules.

#[cfg(feature = "loom")]
pub use loom::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    sync::mpsc::channel,
    sync::{Arc, Condvar, Mutex, RwLock},
    thread,
};
#[cfg(feature = "shuttle")]
pub use shuttle::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    sync::mpsc::channel,
    sync::{Arc, Condvar, Mutex, RwLock},
    thread,
};
#[cfg(not(any(feature = "shuttle", feature = "loom")))]
pub use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    sync::mpsc::channel,
    sync::{Arc, Condvar, Mutex, RwLock},
    thread,
};

/// Runs all of these at once, and waits for them.
pub fn together(bodies: Vec<Box<dyn FnOnce() + Send>>) {
    let threads: Vec<_> = bodies.into_iter().map(thread::spawn).collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

/// The bodies of [`together`].
macro_rules! threads {
    ($($body:expr),+ $(,)?) => {
        $crate::sync::together(vec![$(Box::new($body)),+])
    };
}
pub(crate) use threads;
