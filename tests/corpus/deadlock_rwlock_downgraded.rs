//! A write lock is downgraded; the read lock it leaves still closes the cycle.
//! expect: rule=deadlock grade=observed locks=A,B sites=2,3,4
use std::sync::{Barrier, Mutex, RwLock, RwLockWriteGuard};
use std::thread;

static INDEX: RwLock<u32> = RwLock::new(0); // (A)
static DISK: Mutex<u32> = Mutex::new(0); // (B)

pub fn main() {
    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let mut writer = INDEX.write().unwrap(); // (1)
            *writer += 1;
            let reader = RwLockWriteGuard::downgrade(writer);
            both.wait();
            *DISK.lock().unwrap() += *reader; // (2)
        });
        s.spawn(|| {
            let disk = DISK.lock().unwrap(); // (3)
            both.wait();
            *INDEX.write().unwrap() += *disk; // (4)
        });
    });
}
