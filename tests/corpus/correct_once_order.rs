//! The opposite order is used only inside an initialiser that everybody waits for: whichever thread runs it, it has ended before
//! any of them goes on.
//! expect: none
use std::sync::{Mutex, OnceLock};
use std::thread;

static A: Mutex<u32> = Mutex::new(1);
static B: Mutex<u32> = Mutex::new(1);
static SEED: OnceLock<u32> = OnceLock::new();

fn seed() -> u32 {
    let b = B.lock().unwrap();
    let a = A.lock().unwrap();
    *a + *b
}

pub fn main() {
    let workers: Vec<_> = (0..3)
        .map(|_| {
            thread::spawn(|| {
                let seed = SEED.get_or_init(seed);
                let _a = A.lock().unwrap();
                *B.lock().unwrap() += seed;
            })
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
    println!("{}", B.lock().unwrap());
}
