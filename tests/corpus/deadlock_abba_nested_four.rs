//! Each thread holds four locks of its own besides the two that cross.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Mutex};
use std::thread;

pub fn main() {
    let a = Mutex::new(()); // (A)
    let b = Mutex::new(()); // (B)
    let left: [Mutex<()>; 4] = std::array::from_fn(|_| Mutex::new(()));
    let right: [Mutex<()>; 4] = std::array::from_fn(|_| Mutex::new(()));
    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let _before: Vec<_> = left[..2].iter().map(|m| m.lock().unwrap()).collect();
            let _a = a.lock().unwrap(); // (1)
            let _between: Vec<_> = left[2..].iter().map(|m| m.lock().unwrap()).collect();
            both.wait();
            let _b = b.lock().unwrap(); // (2)
        });
        s.spawn(|| {
            let _before: Vec<_> = right[..2].iter().map(|m| m.lock().unwrap()).collect();
            let _b = b.lock().unwrap(); // (3)
            let _between: Vec<_> = right[2..].iter().map(|m| m.lock().unwrap()).collect();
            both.wait();
            let _a = a.lock().unwrap(); // (4)
        });
    });
}
