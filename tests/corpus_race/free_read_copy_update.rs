//! Readers follow a pointer; the writer puts a new version there and frees the old ones at the end.

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicPtr, AtomicUsize, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

static CURRENT: AtomicPtr<Cell<u64>> = AtomicPtr::new(std::ptr::null_mut());
static VERSIONS: AtomicUsize = AtomicUsize::new(0);

fn publish(version: u64) -> *mut Cell<u64> {
    let fresh = Box::into_raw(Box::new(Cell(UnsafeCell::new(0))));
    unsafe { (*fresh).0.with_mut(|value| *value = version) };
    VERSIONS.fetch_add(1, Ordering::Relaxed);
    CURRENT.swap(fresh, Ordering::AcqRel)
}

pub fn main() {
    publish(0);
    let readers = [0, 1].map(|_| {
        thread::spawn(|| {
            let mut last = 0;
            while last < 10 {
                let version =
                    unsafe { &*CURRENT.load(Ordering::Acquire) }.0.with(|value| unsafe { *value });
                assert!(version >= last);
                last = version;
                std::thread::yield_now();
            }
        })
    });
    let old: Vec<_> = (1..=10).map(publish).collect();
    readers.into_iter().for_each(|reader| reader.join().unwrap());
    old.into_iter().for_each(|old| drop(unsafe { Box::from_raw(old) }));
    drop(unsafe { Box::from_raw(CURRENT.load(Ordering::Acquire)) });
    assert_eq!(VERSIONS.load(Ordering::Relaxed), 11);
}
