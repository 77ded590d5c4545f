//! The consumer keeps a lock while it waits for a message; the producer needs that lock to make one.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;

pub fn main() {
    let (sender, receiver) = mpsc::channel();
    let stats = Arc::new(Mutex::new(0)); // (A)
    let locked = Arc::new(Barrier::new(2));
    let (stats2, locked2) = (Arc::clone(&stats), Arc::clone(&locked));
    let producer = thread::spawn(move || {
        locked2.wait();
        let next = *stats2.lock().unwrap() + 1; // (1)
        sender.send(next).unwrap();
    });
    let consumer = thread::spawn(move || {
        let mut stats = stats.lock().unwrap(); // (2)
        locked.wait();
        *stats += receiver.recv().unwrap(); // (3)
    });
    producer.join().unwrap();
    consumer.join().unwrap();
}
