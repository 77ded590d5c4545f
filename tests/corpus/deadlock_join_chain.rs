//! Main holds a lock and joins one thread, which joins another, which wants the lock.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3,4 threads=3
use std::sync::Mutex;
use std::thread;

static TOTAL: Mutex<u32> = Mutex::new(0); // (A)

pub fn main() {
    let total = TOTAL.lock().unwrap(); // (1)
    let middle = thread::spawn(|| {
        let leaf = thread::spawn(|| *TOTAL.lock().unwrap() += 1); // (2)
        leaf.join().unwrap(); // (3)
    });
    middle.join().unwrap(); // (4)
    println!("{total}");
}
