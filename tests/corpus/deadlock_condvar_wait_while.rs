//! `wait_while` under a `RwLock` that the notifier wants to write.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::{Barrier, Condvar, Mutex, RwLock};
use std::thread;

static ROUTES: RwLock<Vec<u32>> = RwLock::new(Vec::new()); // (A)
static PENDING: Mutex<u32> = Mutex::new(1);
static DONE: Condvar = Condvar::new();

pub fn main() {
    let reading = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let routes = ROUTES.read().unwrap(); // (1)
            reading.wait();
            let pending = PENDING.lock().unwrap();
            let left = DONE.wait_while(pending, |left| *left > 0).unwrap(); // (2)
            println!("{} {left}", routes.len());
        });
        reading.wait();
        ROUTES.write().unwrap().push(1); // (3)
        *PENDING.lock().unwrap() -= 1;
        DONE.notify_all();
    });
}
