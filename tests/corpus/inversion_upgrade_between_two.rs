//! Write after read of two locks crosswise, with writers only on the wanted side.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4 threads=2
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;

static A: RwLock<u32> = RwLock::new(0); // (A)
static B: RwLock<u32> = RwLock::new(0); // (B)
static OVER: AtomicBool = AtomicBool::new(false);

pub fn main() {
    let t = thread::spawn(|| {
        {
            let a = A.read().unwrap(); // (1)
            *B.write().unwrap() += *a; // (2)
        }
        OVER.store(true, SeqCst);
    });
    while !OVER.load(SeqCst) {
        thread::yield_now()
    }
    {
        let b = B.read().unwrap(); // (3)
        *A.write().unwrap() += *b; // (4)
    }
    t.join().unwrap();
}
