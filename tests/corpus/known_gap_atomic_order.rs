//! An atomic flag orders the halves for ever: the second thread cannot start before the first is done. Plain atomics
//! are not recorded, so the order is not seen and the finding is wrong.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

static FIRST_DONE: AtomicBool = AtomicBool::new(false);
static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let second = thread::spawn(|| {
        while !FIRST_DONE.load(Ordering::Acquire) {
            thread::yield_now();
        }
        let _b = B.lock().unwrap(); // (3)
        *A.lock().unwrap() += 1; // (4)
    });
    let first = thread::spawn(|| {
        {
            let _a = A.lock().unwrap(); // (1)
            *B.lock().unwrap() += 1; // (2)
        }
        FIRST_DONE.store(true, Ordering::Release);
    });
    first.join().unwrap();
    second.join().unwrap();
    println!("done");
}
