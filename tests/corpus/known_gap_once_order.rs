//! The opposite order is used only inside an initialiser that everybody waits for. Any thread could have been the one
//! that initialises, so what came before it there is no must-order, and the finding is wrong.
//! expect: rule=lock-order-inversion grade=possible|predicted locks=A,B
use std::sync::{Mutex, OnceLock};
use std::thread;

static A: Mutex<u32> = Mutex::new(1); // (A)
static B: Mutex<u32> = Mutex::new(1); // (B)
static SEED: OnceLock<u32> = OnceLock::new();

fn seed() -> u32 {
    let b = B.lock().unwrap();
    let a = A.lock().unwrap();
    *a + *b
}

fn main() {
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
