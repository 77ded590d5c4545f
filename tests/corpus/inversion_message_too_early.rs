//! A message is sent, but before the half that it should order, so it orders nothing.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let (start, started) = mpsc::channel();
    let first = thread::spawn(move || {
        start.send(()).unwrap();
        let _a = A.lock().unwrap(); // (1)
        *B.lock().unwrap() += 1; // (2)
    });
    let second = thread::spawn(move || {
        started.recv().unwrap();
        thread::sleep(Duration::from_millis(200));
        let _b = B.lock().unwrap(); // (3)
        *A.lock().unwrap() += 1; // (4)
    });
    first.join().unwrap();
    second.join().unwrap();
    println!("done");
}
