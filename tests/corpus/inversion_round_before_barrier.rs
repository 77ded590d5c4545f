//! Two threads nest in turn, with a barrier between; in one round of many the second does not wait for its turn.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4 threads=2
use std::sync::{Barrier, Mutex};
use std::thread;

static A: Mutex<u32> = Mutex::new(0); // (A)
static B: Mutex<u32> = Mutex::new(0); // (B)

fn forth() {
    let mut a = A.lock().unwrap(); // (1)
    *B.lock().unwrap() += 1; // (2)
    *a += 1;
}

fn back() {
    let mut b = B.lock().unwrap(); // (3)
    *A.lock().unwrap() += 1; // (4)
    *b += 1;
}

pub fn main() {
    let turn = Barrier::new(2);
    let forth_is_over = Mutex::new(false);
    thread::scope(|s| {
        s.spawn(|| {
            for round in 0..10 {
                forth();
                if round == 6 {
                    *forth_is_over.lock().unwrap() = true;
                }
                turn.wait();
                turn.wait();
            }
        });
        s.spawn(|| {
            for round in 0..10 {
                if round == 6 {
                    // In this run the flag keeps them apart; it says nothing of the order of locks.
                    while !*forth_is_over.lock().unwrap() {
                        thread::yield_now();
                    }
                    back();
                }
                turn.wait();
                back();
                turn.wait();
            }
        });
    });
    println!("{}", A.lock().unwrap());
}
