//! A thread is parked with a lock that another wants; main holds a handle and could unpark it.
//! expect: none end=killed
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

static STATE: Mutex<u32> = Mutex::new(0);

fn main() {
    let parked = thread::spawn(|| {
        let _state = STATE.lock().unwrap();
        loop {
            thread::park();
        }
    });
    thread::spawn(|| *STATE.lock().unwrap() += 1);
    while !parked.is_finished() {
        thread::sleep(Duration::from_millis(10));
    }
}
