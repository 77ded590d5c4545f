//! The scope's closure returns its guard, which is kept until the threads have ended; one wants it.
//! expect: rule=deadlock grade=observed locks=A sites=1,2 threads=2
use std::sync::Mutex;
use std::thread;

pub fn main() {
    let m = Mutex::new(1); // (A)
    let g = thread::scope(|s| {
        let g = m.lock().unwrap(); // (1)
        s.spawn(|| *m.lock().unwrap() += 1); // (2)
        g
    });
    println!("{g}");
}
