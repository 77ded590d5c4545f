//! A lock whose waiters stand in a queue, each spinning on a flag of its own (Mellor-Crummey and Scott 1991).

use instrumented_sync::cell::UnsafeCell;
use instrumented_sync::ext::atomic::{AtomicBool, AtomicPtr, Ordering};
use instrumented_sync::thread;
struct Cell<T>(UnsafeCell<T>);

// SAFETY: accesses are ordered, see above.
unsafe impl<T> Sync for Cell<T> {}

use std::ptr;

struct Waiter {
    waits: AtomicBool,
    next: AtomicPtr<Waiter>,
}

static VALUE: Cell<u64> = Cell(UnsafeCell::new(0));
static LAST: AtomicPtr<Waiter> = AtomicPtr::new(ptr::null_mut());

fn add() {
    let own = Waiter { waits: AtomicBool::new(true), next: AtomicPtr::new(ptr::null_mut()) };
    let place = ptr::from_ref(&own).cast_mut();
    let before = LAST.swap(place, Ordering::AcqRel);
    if !before.is_null() {
        unsafe { (*before).next.store(place, Ordering::Release) };
        while own.waits.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
    }
    VALUE.0.with_mut(|value| unsafe { *value += 1 });
    if own.next.load(Ordering::Acquire).is_null() {
        if LAST
            .compare_exchange(place, ptr::null_mut(), Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
        {
            return;
        }
        while own.next.load(Ordering::Acquire).is_null() {
            std::thread::yield_now();
        }
    }
    unsafe { (*own.next.load(Ordering::Acquire)).waits.store(false, Ordering::Release) };
}

pub fn main() {
    let threads = [0, 1, 2].map(|_| thread::spawn(|| (0..30).for_each(|_| add())));
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(VALUE.0.with(|value| unsafe { *value }), 90);
}
