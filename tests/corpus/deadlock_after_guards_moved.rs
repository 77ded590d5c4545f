//! A guard of one of the locks was released by another thread before. When they deadlock, it is told all the same, once
//! nobody is left who could have been given a guard.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Mutex, MutexGuard};
use std::thread;

static LEFT: Mutex<u32> = Mutex::new(0); // (A)
static RIGHT: Mutex<u32> = Mutex::new(0); // (B)
static BOTH: Barrier = Barrier::new(2);

struct Sent<T>(T);

// SAFETY: std's mutexes may be released by any thread where they are futexes.
unsafe impl<T> Send for Sent<T> {}

impl Sent<MutexGuard<'_, u32>> {
    fn add(mut self) {
        *self.0 += 1;
    }
}

pub fn main() {
    let left = Sent(LEFT.lock().unwrap());
    thread::spawn(move || left.add()).join().unwrap();

    let other = thread::spawn(|| {
        let _left = LEFT.lock().unwrap(); // (1)
        BOTH.wait();
        let _right = RIGHT.lock().unwrap(); // (2)
    });
    {
        let _right = RIGHT.lock().unwrap(); // (3)
        BOTH.wait();
        let _left = LEFT.lock().unwrap(); // (4)
    }
    other.join().unwrap();
}
