//! A lazy's initialiser takes a mutex held by a thread that forces the lazy.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4
use std::sync::{Barrier, LazyLock, Mutex};
use std::thread;

static BOTH: Barrier = Barrier::new(2);
static SETTINGS: Mutex<u32> = Mutex::new(3); // (A)
static LIMIT: LazyLock<u32> = LazyLock::new(limit); // (B)

fn limit() -> u32 {
    BOTH.wait();
    *SETTINGS.lock().unwrap() * 10 // (2)
}

pub fn main() {
    let first = thread::Builder::new()
        .name("first-user".into())
        .spawn(|| println!("{}", *LIMIT)) // (1)
        .unwrap();
    let mut settings = SETTINGS.lock().unwrap(); // (3)
    BOTH.wait();
    *settings = *LazyLock::force(&LIMIT); // (4)
    drop(settings);
    first.join().unwrap();
}
