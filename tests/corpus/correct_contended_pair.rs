//! Two locks in one order under heavy contention: waits are long, chains are many, nothing is wrong.
//! expect: none
use std::sync::{Barrier, Mutex};
use std::thread;

pub fn main() {
    let a = Mutex::new(0_u64);
    let b = Mutex::new(0_u64);
    let start = Barrier::new(4);
    thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| {
                start.wait();
                for n in 0..5_000_u64 {
                    if n % 3 == 0 {
                        *b.lock().unwrap() += 1;
                    } else {
                        let mut a = a.lock().unwrap();
                        *b.lock().unwrap() += 1;
                        *a += 1;
                    }
                }
            });
        }
    });
    println!("{} {}", a.into_inner().unwrap(), b.into_inner().unwrap());
}
