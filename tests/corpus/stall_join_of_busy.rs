//! Main joins a thread that never ends but is not blocked.
//! expect: none held=1s end=killed
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

static TICKS: Mutex<u64> = Mutex::new(0);

pub fn main() {
    let ticker = thread::spawn(|| {
        loop {
            *TICKS.lock().unwrap() += 1;
            thread::sleep(Duration::from_millis(5));
        }
    });
    let _held: Result<(), _> = ticker.join();
}
