//! Many rounds over one barrier, with the leader doing the serial part.
//! expect: none
use std::sync::{Barrier, Mutex, RwLock};
use std::thread;

pub fn main() {
    let barrier = Barrier::new(4);
    let sum = Mutex::new(0);
    let published = RwLock::new(0);
    thread::scope(|s| {
        for worker in 0..4 {
            let (barrier, sum, published) = (&barrier, &sum, &published);
            s.spawn(move || {
                for _ in 0..25 {
                    *sum.lock().unwrap() += worker;
                    if barrier.wait().is_leader() {
                        let mut published = published.write().unwrap();
                        *published = *sum.lock().unwrap();
                    }
                    barrier.wait();
                    assert!(*published.read().unwrap() % 6 == 0);
                }
            });
        }
    });
    println!("{}", published.into_inner().unwrap());
}
