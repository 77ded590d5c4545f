//! An initialiser takes a lock; elsewhere the `Once` is called under that lock. Had it come first, both would hang.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Mutex, Once};
use std::thread;
use std::time::Duration;

static SETUP: Once = Once::new(); // (A)
static CONFIG: Mutex<u32> = Mutex::new(0); // (B)

fn set_up() {
    *CONFIG.lock().unwrap() = 5; // (2)
}

pub fn main() {
    thread::scope(|s| {
        s.spawn(|| SETUP.call_once(set_up)); // (1)
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            let config = CONFIG.lock().unwrap(); // (3)
            SETUP.call_once(set_up); // (4)
            println!("{config}");
        });
    });
}
