//! One half runs with a poisoned lock and recovers its value.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let failing = thread::spawn(|| {
        let _a = A.lock().unwrap(); // (1)
        *B.lock().unwrap() += 1; // (2)
        std::panic::resume_unwind(Box::new("expected"));
    });
    let recovering = thread::spawn(|| {
        thread::sleep(Duration::from_millis(200));
        let mut b = B.lock().unwrap(); // (3)
        *b += *A.lock().unwrap_or_else(PoisonError::into_inner); // (4)
        *b
    });
    println!("{} {}", failing.join().is_err(), recovering.join().unwrap());
}
