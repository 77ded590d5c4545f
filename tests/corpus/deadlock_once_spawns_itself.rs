//! A one-time start spawns a thread that starts too, and waits for it.
//! expect: rule=deadlock grade=observed locks=A sites=1,2 threads=2
use std::sync::Once;
use std::thread;

static START: Once = Once::new(); // (A)

fn ensure() {
    START.call_once(|| {
        // (1)
        thread::spawn(ensure).join().unwrap(); // (2)
    });
}

pub fn main() {
    ensure();
}
