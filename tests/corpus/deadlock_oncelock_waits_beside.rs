//! Two initialisers that wait for each other's value, beside a ticker.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4 threads=2
use std::sync::{Barrier, OnceLock};
use std::thread;
use std::time::Duration;

static WIDTH: OnceLock<u32> = OnceLock::new(); // (A)
static HEIGHT: OnceLock<u32> = OnceLock::new(); // (B)

pub fn main() {
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_millis(7))
        }
    });
    let both = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            WIDTH.get_or_init(|| {
                // (1)
                both.wait();
                HEIGHT.wait() * 2 // (2)
            });
        });
        s.spawn(|| {
            HEIGHT.get_or_init(|| {
                // (3)
                both.wait();
                WIDTH.wait() * 2 // (4)
            });
        });
    });
}
