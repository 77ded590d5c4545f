//! A guard is forgotten; the lock stays locked for ever, and everybody knows.
//! expect: none
use std::sync::{Mutex, RwLock};
use std::thread;

static RETIRED: Mutex<u32> = Mutex::new(0);
static FROZEN: RwLock<u32> = RwLock::new(7);
static OTHER: Mutex<u32> = Mutex::new(0);

pub fn main() {
    std::mem::forget(RETIRED.lock().unwrap());
    std::mem::forget(FROZEN.read().unwrap());
    let tried = thread::spawn(|| {
        *OTHER.lock().unwrap() += 1;
        let retired = RETIRED.try_lock().is_err();
        let frozen = FROZEN.try_write().is_err();
        (retired, frozen, *FROZEN.read().unwrap())
    });
    println!("{:?}", tried.join().unwrap());
    *OTHER.lock().unwrap() += 1;
    println!("{}", OTHER.lock().unwrap());
}
