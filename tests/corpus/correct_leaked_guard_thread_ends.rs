//! A thread ends with a forgotten guard; later threads only try the lock.
//! expect: none
use std::sync::{Arc, Mutex};
use std::thread;

pub fn main() {
    let locks: Vec<_> = (0..4).map(|n| Arc::new(Mutex::new(n))).collect();
    for lock in &locks {
        let lock = Arc::clone(lock);
        thread::spawn(move || std::mem::forget(lock.lock().unwrap())).join().unwrap();
    }
    let busy = locks.iter().filter(|lock| lock.try_lock().is_err()).count();
    println!("{busy}");
}
