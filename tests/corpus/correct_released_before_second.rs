//! Opposite orders, but the first lock is always given up before the second is taken.
//! expect: none
use std::sync::Mutex;
use std::thread;

pub fn main() {
    let a = Mutex::new(0);
    let b = Mutex::new(0);
    thread::scope(|s| {
        s.spawn(|| {
            for _ in 0..100 {
                let from_a = *a.lock().unwrap();
                *b.lock().unwrap() += from_a & 1;
            }
        });
        s.spawn(|| {
            for _ in 0..100 {
                let mut guard = b.lock().unwrap();
                *guard += 1;
                drop(guard);
                *a.lock().unwrap() += 1;
            }
        });
    });
    println!("{}", a.into_inner().unwrap());
}
