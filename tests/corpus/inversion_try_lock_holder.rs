//! `try_lock` waits for nobody, but what it got is held while the next lock is waited for.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let first = thread::spawn(|| {
        if let Ok(a) = A.try_lock() {
            // (1)
            *B.lock().unwrap() += *a; // (2)
        }
    });
    let second = thread::spawn(|| {
        thread::sleep(Duration::from_millis(200));
        let b = B.lock().unwrap(); // (3)
        *A.lock().unwrap() += *b; // (4)
    });
    first.join().unwrap();
    second.join().unwrap();
    println!("done");
}
