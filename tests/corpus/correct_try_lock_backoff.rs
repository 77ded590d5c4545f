//! The second lock is only tried; on failure the thread lets go of the first and starts again.
//! expect: none
use std::sync::{Mutex, TryLockError};
use std::thread;

fn both(first: &Mutex<u32>, second: &Mutex<u32>) {
    loop {
        let mut first = first.lock().unwrap();
        match second.try_lock() {
            Ok(mut second) => {
                *first += 1;
                *second += 1;
                return;
            }
            Err(TryLockError::WouldBlock) => {
                drop(first);
                thread::yield_now();
            }
            Err(TryLockError::Poisoned(poisoned)) => panic!("{poisoned}"),
        }
    }
}

pub fn main() {
    let a = Mutex::new(0);
    let b = Mutex::new(0);
    thread::scope(|s| {
        s.spawn(|| (0..100).for_each(|_| both(&a, &b)));
        s.spawn(|| (0..100).for_each(|_| both(&b, &a)));
    });
    println!("{} {}", a.into_inner().unwrap(), b.into_inner().unwrap());
}
