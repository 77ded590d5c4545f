//! The worker found the table made. Had it come first it would have made it itself, with its own lock held.
//! expect: rule=lock-order-inversion grade=possible locks=A,B
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Duration;

static NAMES: Mutex<u32> = Mutex::new(0); // (A)
static IDS: Mutex<u32> = Mutex::new(0); // (B)
static TABLE: OnceLock<u32> = OnceLock::new();

fn table() -> u32 {
    *TABLE.get_or_init(|| *IDS.lock().unwrap())
}

pub fn main() {
    let maker = thread::spawn(|| {
        {
            let ids = IDS.lock().unwrap();
            *NAMES.lock().unwrap() += *ids;
        }
        table();
    });
    let worker = thread::spawn(|| {
        thread::sleep(Duration::from_millis(200));
        let mut names = NAMES.lock().unwrap();
        *names += table();
    });
    maker.join().unwrap();
    worker.join().unwrap();
}
