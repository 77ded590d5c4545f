//! `Once` and `OnceLock::wait` used as a start signal.
//! expect: none
use std::sync::{Mutex, Once, OnceLock};
use std::thread;

static INIT: Once = Once::new();
static VALUE: OnceLock<u32> = OnceLock::new();
static COUNT: Mutex<u32> = Mutex::new(0);

pub fn main() {
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| {
                let value = VALUE.wait();
                INIT.call_once(|| *COUNT.lock().unwrap() += value);
                assert!(INIT.is_completed());
            });
        }
        VALUE.set(5).unwrap();
    });
    println!("{}", COUNT.lock().unwrap());
}
