//! Main receives while it reads; the only sender wants to read, too, and waits behind a writer that waits for main. All three are named.
//! expect: rule=deadlock grade=observed sites=1,2,3,4 locks=A threads=3
use std::sync::{Arc, RwLock, mpsc};
use std::thread;
use std::time::Duration;

pub fn main() {
    let config = Arc::new(RwLock::new(1)); // (A)
    let (sender, receiver) = mpsc::channel();
    let (first, second) = (Arc::clone(&config), Arc::clone(&config));
    let held = config.read().unwrap(); // (1)
    let writer = thread::spawn(move || {
        *second.write().unwrap() = 2; // (2)
    });
    // The writer queues first; if it were late, nothing would hang.
    thread::sleep(Duration::from_millis(300));
    let reader = thread::spawn(move || {
        let value = *first.read().unwrap(); // (3)
        sender.send(value).unwrap();
    });
    let other = receiver.recv().unwrap(); // (4)
    println!("{} {other}", *held);
    drop(held);
    reader.join().unwrap();
    writer.join().unwrap();
}
