//! `get_mut` and `into_inner` take no lock, so they order nothing.
//! expect: none
use std::sync::{Mutex, RwLock};
use std::thread;

pub fn main() {
    let mut a = Mutex::new(1);
    let mut b = RwLock::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let a = a.lock().unwrap();
            *b.write().unwrap() += *a;
        });
        s.spawn(|| {
            let _a = a.lock().unwrap();
            assert!(*b.read().unwrap() >= 2);
        });
    });
    let direct = b.get_mut().unwrap();
    *direct += *a.get_mut().unwrap();
    println!("{} {}", b.into_inner().unwrap(), a.into_inner().unwrap());
}
