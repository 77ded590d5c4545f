//! Both partners of two rendezvous channels send first.
//! expect: rule=deadlock grade=observed sites=1,2
use std::sync::mpsc;
use std::thread;

pub fn main() {
    let (to_right, at_right) = mpsc::sync_channel(0);
    let (to_left, at_left) = mpsc::sync_channel(0);
    let left = thread::spawn(move || {
        to_right.send("hello").unwrap(); // (1)
        at_left.recv().unwrap()
    });
    let right = thread::spawn(move || {
        to_left.send("hello").unwrap(); // (2)
        at_right.recv().unwrap()
    });
    println!("{} {}", left.join().unwrap(), right.join().unwrap());
}
