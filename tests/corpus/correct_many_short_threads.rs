//! Two thousand threads, one after the other and in small groups.
//! expect: none
use std::sync::{Arc, Mutex};
use std::thread;

pub fn main() {
    let counter = Arc::new((Mutex::new(0), Mutex::new(0)));
    for _ in 0..500 {
        let group: Vec<_> = (0..4)
            .map(|_| {
                let counter = Arc::clone(&counter);
                thread::spawn(move || {
                    let mut outer = counter.0.lock().unwrap();
                    *counter.1.lock().unwrap() += 1;
                    *outer += 1;
                })
            })
            .collect();
        group.into_iter().for_each(|thread| thread.join().unwrap());
    }
    println!("{}", counter.1.lock().unwrap());
}
