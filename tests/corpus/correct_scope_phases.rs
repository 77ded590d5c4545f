//! Two scopes, one after the other, with opposite orders.
//! expect: none
use std::sync::Mutex;
use std::thread;

pub fn main() {
    let left = Mutex::new(0);
    let right = Mutex::new(0);
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| {
                let _left = left.lock().unwrap();
                *right.lock().unwrap() += 1;
            });
        }
    });
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| {
                let _right = right.lock().unwrap();
                *left.lock().unwrap() += 1;
            });
        }
    });
    println!("{} {}", left.into_inner().unwrap(), right.into_inner().unwrap());
}
