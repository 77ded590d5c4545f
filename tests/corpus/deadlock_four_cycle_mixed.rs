//! Four threads in a ring over mutexes and `RwLock`s.
//! expect: rule=deadlock grade=observed locks=A,B,C,D sites=1,2,3,4,5,6,7,8 threads=4
use std::sync::{Barrier, Mutex, RwLock};
use std::thread;

pub fn main() {
    let a = Mutex::new(0); // (A)
    let b = RwLock::new(0); // (B)
    let c = Mutex::new(0); // (C)
    let d = RwLock::new(0); // (D)
    let all = Barrier::new(4);
    thread::scope(|s| {
        s.spawn(|| {
            let _a = a.lock().unwrap(); // (1)
            all.wait();
            let _b = b.write().unwrap(); // (2)
        });
        s.spawn(|| {
            let _b = b.read().unwrap(); // (3)
            all.wait();
            let _c = c.lock().unwrap(); // (4)
        });
        s.spawn(|| {
            let _c = c.lock().unwrap(); // (5)
            all.wait();
            let _d = d.read().unwrap(); // (6)
        });
        s.spawn(|| {
            let _d = d.write().unwrap(); // (7)
            all.wait();
            let _a = a.lock().unwrap(); // (8)
        });
    });
}
