//! Two writers of two `RwLock`s.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::RwLock;
use std::thread;
use std::time::Duration;

static USERS: RwLock<u32> = RwLock::new(0); // (A)
static GROUPS: RwLock<u32> = RwLock::new(0); // (B)

pub fn main() {
    let first = thread::spawn(|| {
        let mut users = USERS.write().unwrap(); // (1)
        *GROUPS.write().unwrap() += 1; // (2)
        *users += 1;
    });
    let second = thread::spawn(|| {
        thread::sleep(Duration::from_millis(200));
        let mut groups = GROUPS.write().unwrap(); // (3)
        *USERS.write().unwrap() += 1; // (4)
        *groups += 1;
    });
    first.join().unwrap();
    second.join().unwrap();
    println!("{} {}", USERS.read().unwrap(), GROUPS.read().unwrap());
}
