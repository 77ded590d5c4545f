//! Workers share a receiver behind a mutex; the one that waits in it needs a second worker, which waits for the mutex.
//! expect: rule=deadlock grade=observed locks=A sites=1,2
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;

pub fn main() {
    let (sender, receiver) = mpsc::channel::<u32>();
    let receiver = Arc::new(Mutex::new(receiver)); // (A)
    let started = Arc::new(Barrier::new(2));
    let (receiver2, started2) = (Arc::clone(&receiver), Arc::clone(&started));
    let first = thread::spawn(move || {
        let receiver = receiver2.lock().unwrap(); // (1)
        started2.wait();
        receiver.recv().unwrap() // (2)
    });
    let second = thread::spawn(move || {
        started.wait();
        let waiting = receiver.lock().unwrap(); // (3)
        sender.send(1).unwrap();
        drop(waiting);
    });
    println!("{}", first.join().unwrap());
    second.join().unwrap();
}
