//! Three threads, three locks.
//! expect: rule=deadlock grade=observed locks=A,B,C sites=1,2,3,4,5,6 threads=3
use std::sync::{Barrier, Mutex};
use std::thread;

static A: Mutex<u32> = Mutex::new(1); // (A)
static B: Mutex<u32> = Mutex::new(2); // (B)
static C: Mutex<u32> = Mutex::new(3); // (C)
static ALL: Barrier = Barrier::new(3);

fn ab() {
    let a = A.lock().unwrap(); // (1)
    ALL.wait();
    *B.lock().unwrap() += *a; // (2)
}

fn bc() {
    let b = B.lock().unwrap(); // (3)
    ALL.wait();
    *C.lock().unwrap() += *b; // (4)
}

fn ca() {
    let c = C.lock().unwrap(); // (5)
    ALL.wait();
    *A.lock().unwrap() += *c; // (6)
}

pub fn main() {
    let threads = [thread::spawn(ab), thread::spawn(bc), thread::spawn(ca)];
    for thread in threads {
        thread.join().unwrap();
    }
}
