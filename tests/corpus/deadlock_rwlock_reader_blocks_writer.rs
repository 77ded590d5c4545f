//! A writer waits for two readers; only the second of them waits for the writer's lock.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Mutex, RwLock};
use std::thread;

pub fn main() {
    let data = RwLock::new(0); // (A)
    let log = Mutex::new(0); // (B)
    let all = Barrier::new(3);
    thread::scope(|s| {
        s.spawn(|| {
            let value = data.read().unwrap();
            all.wait();
            drop(value);
        });
        s.spawn(|| {
            let value = data.read().unwrap(); // (1)
            all.wait();
            *log.lock().unwrap() += *value; // (2)
        });
        let mut log = log.lock().unwrap(); // (3)
        all.wait();
        *data.write().unwrap() += 1; // (4)
        *log += 1;
    });
}
