//! The gate is a `RwLock`, and both sides only read it: readers do not exclude each other.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Mutex, RwLock};
use std::thread;
use std::time::Duration;

static GATE: RwLock<()> = RwLock::new(());
static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| {
            let _gate = GATE.read().unwrap();
            let _a = A.lock().unwrap(); // (1)
            *B.lock().unwrap() += 1; // (2)
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            let _gate = GATE.read().unwrap();
            let _b = B.lock().unwrap(); // (3)
            *A.lock().unwrap() += 1; // (4)
        });
    });
    println!("done");
}
