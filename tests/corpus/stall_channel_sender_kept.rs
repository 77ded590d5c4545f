//! The receiver waits for ever because main keeps a sender that it does not use.
//! expect: none held=1s end=killed
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

static LAST: Mutex<u32> = Mutex::new(0);

pub fn main() {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for value in receiver {
            *LAST.lock().unwrap() = value;
        }
    });
    sender.send(1).unwrap();
    loop {
        thread::sleep(Duration::from_millis(10));
        if *LAST.lock().unwrap() > 1 {
            sender.send(2).unwrap();
        }
    }
}
