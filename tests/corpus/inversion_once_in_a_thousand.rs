//! Ten thousand times in one order, and once in the other.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

pub fn main() {
    let queue = Arc::new(Mutex::new(0_u32)); // (A)
    let audit = Arc::new(Mutex::new(0_u32)); // (B)
    let paused = Arc::new(AtomicBool::new(false));
    let (queue2, audit2, paused2) = (Arc::clone(&queue), Arc::clone(&audit), Arc::clone(&paused));
    let worker = thread::spawn(move || {
        for _ in 0..10_000 {
            let mut queue = queue2.lock().unwrap(); // (1)
            *queue += 1;
            *audit2.lock().unwrap() += 1; // (2)
        }
        paused2.store(true, Ordering::Release);
        thread::sleep(Duration::from_millis(50));
    });
    for _ in 0..5000 {
        if paused.load(Ordering::Acquire) {
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
    {
        let audit = audit.lock().unwrap(); // (3)
        println!("{} {audit}", queue.lock().unwrap()); // (4)
    }
    worker.join().unwrap();
}
