//! The main thread is one of the two.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Mutex};
use std::thread;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let _b = B.lock().unwrap(); // (1)
            both.wait();
            let _a = A.lock().unwrap(); // (2)
        });
        let _a = A.lock().unwrap(); // (3)
        both.wait();
        let _b = B.lock().unwrap(); // (4)
    });
}
