//! All that is ever written is written before the readers live: they may nest as they like, and read what they read already.
//! expect: none
use std::sync::RwLock;
use std::thread;

static A: RwLock<u32> = RwLock::new(0);
static B: RwLock<u32> = RwLock::new(0);

fn sum() -> u32 {
    *A.read().unwrap() + *B.read().unwrap()
}

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| *A.write().unwrap() = 1);
        s.spawn(|| *B.write().unwrap() = 2);
    });
    thread::scope(|s| {
        s.spawn(|| {
            let a = A.read().unwrap();
            println!("{}", *a + sum());
        });
        s.spawn(|| {
            let b = B.read().unwrap();
            *b + *A.read().unwrap()
        });
    });
    *A.write().unwrap() = 0;
}
