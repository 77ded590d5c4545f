//! A thousand good rounds first: the threads' caches are warm when the orders clash.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Mutex};
use std::thread;

pub fn main() {
    let a = Mutex::new(0); // (A)
    let b = Mutex::new(0); // (B)
    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            for _ in 0..1000 {
                let _a = a.lock().unwrap();
                let _b = b.lock().unwrap();
            }
            both.wait();
            let _a = a.lock().unwrap(); // (1)
            both.wait();
            let _b = b.lock().unwrap(); // (2)
        });
        s.spawn(|| {
            for _ in 0..1000 {
                let _a = a.lock().unwrap();
                let _b = b.lock().unwrap();
            }
            both.wait();
            let _b = b.lock().unwrap(); // (3)
            both.wait();
            let _a = a.lock().unwrap(); // (4)
        });
    });
}
