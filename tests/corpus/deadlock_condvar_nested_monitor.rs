//! The waiter gives up the inner lock but keeps the outer one, which the notifier needs first.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::thread;

struct Pool {
    outer: Mutex<u32>,
    free: Mutex<u32>,
    freed: Condvar,
}

pub fn main() {
    let pool = Arc::new(Pool {
        outer: Mutex::new(0), // (A)
        free: Mutex::new(0),
        freed: Condvar::new(),
    });
    let locked = Arc::new(Barrier::new(2));
    let (pool2, locked2) = (Arc::clone(&pool), Arc::clone(&locked));
    let taker = thread::spawn(move || {
        let mut used = pool2.outer.lock().unwrap(); // (1)
        locked2.wait();
        let mut free = pool2.free.lock().unwrap();
        while *free == 0 {
            free = pool2.freed.wait(free).unwrap(); // (2)
        }
        *used += 1;
    });
    let giver = thread::spawn(move || {
        locked.wait();
        let _used = pool.outer.lock().unwrap(); // (3)
        *pool.free.lock().unwrap() += 1;
        pool.freed.notify_one();
    });
    taker.join().unwrap();
    giver.join().unwrap();
}
