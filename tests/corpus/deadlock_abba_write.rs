//! Two writers of two `RwLock`s.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, RwLock};
use std::thread;

static USERS: RwLock<u32> = RwLock::new(0); // (A)
static GROUPS: RwLock<u32> = RwLock::new(0); // (B)

pub fn main() {
    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let _users = USERS.write().unwrap(); // (1)
            both.wait();
            let _groups = GROUPS.write().unwrap(); // (2)
        });
        s.spawn(|| {
            let _groups = GROUPS.write().unwrap(); // (3)
            both.wait();
            let _users = USERS.write().unwrap(); // (4)
        });
    });
}
