//! Two readers both ask for the write lock: each waits for the other's read lock, and for its own.
//! expect: rule=deadlock|self-deadlock grade=observed locks=A sites=1,2
use std::sync::{Barrier, RwLock};
use std::thread;

static STATE: RwLock<u32> = RwLock::new(0); // (A)

fn upgrade(both: &Barrier) {
    let seen = STATE.read().unwrap(); // (1)
    both.wait();
    *STATE.write().unwrap() += *seen; // (2)
}

pub fn main() {
    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| upgrade(&both));
        s.spawn(|| upgrade(&both));
    });
}
