//! Three threads: read then mutex, mutex then another lock, that lock then write.
//! expect: rule=lock-order-inversion grade=possible locks=A,B,C sites=1,2,3,4,5,6
use std::sync::{Mutex, RwLock};
use std::thread;
use std::time::Duration;

static TREE: RwLock<u32> = RwLock::new(0); // (A)
static DIRTY: Mutex<u32> = Mutex::new(0); // (B)
static DISK: Mutex<u32> = Mutex::new(0); // (C)

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| {
            let tree = TREE.read().unwrap(); // (1)
            *DIRTY.lock().unwrap() += *tree; // (2)
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(100));
            let dirty = DIRTY.lock().unwrap(); // (3)
            *DISK.lock().unwrap() += *dirty; // (4)
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            let disk = DISK.lock().unwrap(); // (5)
            *TREE.write().unwrap() += *disk; // (6)
        });
    });
    println!("done");
}
