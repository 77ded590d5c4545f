//! The program ends by `process::exit(0)` from a nested call; the finding must not be lost.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let first = thread::spawn(|| {
        let _a = A.lock().unwrap(); // (1)
        *B.lock().unwrap() += 1; // (2)
    });
    let second = thread::spawn(|| {
        thread::sleep(Duration::from_millis(200));
        let _b = B.lock().unwrap(); // (3)
        *A.lock().unwrap() += 1; // (4)
    });
    first.join().unwrap();
    second.join().unwrap();
    println!("leaving");
    std::process::exit(0);
}
