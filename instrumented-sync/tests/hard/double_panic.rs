//! A second panic while the first unwinds, each with a lock held: std aborts, and the recording stays readable.
use std::sync::Mutex;

static FIRST: Mutex<u32> = Mutex::new(0);
static SECOND: Mutex<u32> = Mutex::new(0);

struct PanicsAgain;

impl Drop for PanicsAgain {
    fn drop(&mut self) {
        let _second = SECOND.lock().unwrap();
        panic!("second");
    }
}

fn main() {
    let _first = FIRST.lock().unwrap();
    let _again = PanicsAgain;
    panic!("first");
}
