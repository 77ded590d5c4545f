//! Three threads join each other in a ring, with handles that they were given.
//! expect: rule=deadlock grade=observed sites=1 threads=3
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

pub fn main() {
    let mut senders = Vec::new();
    let mut handles: Vec<JoinHandle<()>> = Vec::new();
    for _ in 0..3 {
        let (sender, receiver) = mpsc::channel::<JoinHandle<()>>();
        senders.push(sender);
        handles.push(thread::spawn(move || {
            let next = receiver.recv().unwrap();
            next.join().unwrap(); // (1)
        }));
    }
    let (finished, never) = mpsc::channel::<()>();
    handles.rotate_left(1);
    for (sender, handle) in senders.into_iter().zip(handles) {
        sender.send(handle).unwrap();
    }
    never.recv().unwrap();
    drop(finished);
}
