//! The same threads change the order of their locks between two barrier phases.
//! expect: none
use std::sync::{Barrier, Mutex};
use std::thread;

static A: Mutex<u32> = Mutex::new(0);
static B: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let phase = Barrier::new(3);
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| {
                for round in 0..2 {
                    let (first, second) = if round % 2 == 0 { (&A, &B) } else { (&B, &A) };
                    {
                        let mut first = first.lock().unwrap();
                        *second.lock().unwrap() += 1;
                        *first += 1;
                    }
                    phase.wait();
                }
            });
        }
    });
    println!("{} {}", A.lock().unwrap(), B.lock().unwrap());
}
