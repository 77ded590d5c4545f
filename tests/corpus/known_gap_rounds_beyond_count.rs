//! Two threads take turns by a barrier, more often than a thread's segments are told apart. From then on only the first and the last
//! time of a nesting are known, and the finding is wrong.
//! expect: rule=lock-order-inversion grade=possible locks=A,B
use std::sync::{Barrier, Mutex};
use std::thread;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)
static TURN: Barrier = Barrier::new(2);

fn nest(outer: &Mutex<u32>, inner: &Mutex<u32>) {
    let mut outer = outer.lock().unwrap();
    *inner.lock().unwrap() += 1;
    *outer += 1;
}

pub fn main() {
    let other = thread::spawn(|| {
        for _ in 0..400 {
            TURN.wait();
            nest(&B, &A);
            TURN.wait();
        }
    });
    for _ in 0..400 {
        nest(&A, &B);
        TURN.wait();
        TURN.wait();
    }
    other.join().unwrap();
    println!("{}", A.lock().unwrap());
}
