//! A signal handler locks what the code that it interrupts holds.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2 threads=1
use std::sync::Mutex;

static LOCK: Mutex<u32> = Mutex::new(0); // (A)

unsafe extern "C" {
    safe fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
    safe fn raise(number: i32) -> i32;
}

extern "C" fn handler(_: i32) {
    *LOCK.lock().unwrap() += 1; // (1)
}

pub fn main() {
    const SIGUSR1: i32 = 10;
    signal(SIGUSR1, handler);
    let mut value = LOCK.lock().unwrap(); // (2)
    raise(SIGUSR1);
    *value += 1;
}
