//! Locks move between threads and in memory; their order stays.
//! expect: none
use std::sync::Mutex;
use std::thread;

pub fn main() {
    let mut pair = (Mutex::new(0), Mutex::new(0));
    for _ in 0..10 {
        pair = thread::spawn(move || {
            {
                let mut outer = pair.0.lock().unwrap();
                *pair.1.lock().unwrap() += 1;
                *outer += 1;
            }
            let boxed = Box::new(pair);
            *boxed
        })
        .join()
        .unwrap();
    }
    println!("{pair:?}");
}
