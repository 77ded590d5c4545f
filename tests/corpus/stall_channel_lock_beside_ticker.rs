//! Main waits for a message under the lock that the sender wants. It hangs for ever, but a third thread sleeps and wakes, and nothing
//! tells that it has no sending end: so no claim is made.
//! expect: none end=killed
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

fn main() {
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_millis(5));
        }
    });
    let state = Arc::new(Mutex::new(0));
    let theirs = Arc::clone(&state);
    let (sender, receiver) = mpsc::channel();
    let held = state.lock().unwrap();
    let asked = thread::spawn(move || sender.send(*theirs.lock().unwrap()).unwrap());
    let answer: i32 = receiver.recv().unwrap();
    println!("{answer} {held}");
    drop(held);
    asked.join().unwrap();
}
