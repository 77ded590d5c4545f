//! Main waits for a message under the lock that the sender wants. It hangs for ever, but a third thread sleeps and wakes, and nothing
//! tells that it has no sending end: a stall, and no deadlock.
//! expect: rule=stall grade=observed held=1s end=killed threads=2 locks=A sites=1,2,3
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

pub fn main() {
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_millis(5));
        }
    });
    let state = Arc::new(Mutex::new(0)); // (A)
    let theirs = Arc::clone(&state);
    let (sender, receiver) = mpsc::channel();
    let held = state.lock().unwrap(); // (1)
    let asked = thread::spawn(move || sender.send(*theirs.lock().unwrap()).unwrap()); // (2)
    let answer: i32 = receiver.recv().unwrap(); // (3)
    println!("{answer} {held}");
    drop(held);
    asked.join().unwrap();
}
