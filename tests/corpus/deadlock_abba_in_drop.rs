//! The second lock of each thread is taken in a destructor.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, Mutex};
use std::thread;

static POOL: Mutex<Vec<u32>> = Mutex::new(Vec::new()); // (A)
static METRICS: Mutex<u64> = Mutex::new(0); // (B)
static BOTH: Barrier = Barrier::new(2);

struct Connection(u32);

impl Drop for Connection {
    fn drop(&mut self) {
        POOL.lock().unwrap().push(self.0); // (4)
    }
}

struct Timer;

impl Drop for Timer {
    fn drop(&mut self) {
        *METRICS.lock().unwrap() += 1; // (2)
    }
}

pub fn main() {
    let timed = thread::spawn(|| {
        let timer = Timer;
        let _pool = POOL.lock().unwrap(); // (1)
        BOTH.wait();
        drop(timer);
    });
    let counted = thread::spawn(|| {
        let connection = Connection(1);
        let _metrics = METRICS.lock().unwrap(); // (3)
        BOTH.wait();
        drop(connection);
    });
    timed.join().unwrap();
    counted.join().unwrap();
}
