//! Three thousand threads, one after the other, each with new locks: each comes after all that were before.
use std::sync::Mutex;
use std::thread;

const THREADS: usize = 3000;

fn main() {
    let mut done = 0;
    for _ in 0..THREADS {
        let body = || {
            let (outer, inner) = (Mutex::new(0), Mutex::new(1));
            let outer = outer.lock().unwrap();
            *inner.lock().unwrap() + *outer
        };
        done += thread::spawn(body).join().unwrap();
    }
    println!("{done}");
}
