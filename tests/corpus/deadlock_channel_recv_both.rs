//! Two threads wait for the other's first message.
//! expect: rule=deadlock grade=observed sites=1,2
use std::sync::mpsc;
use std::thread;

pub fn main() {
    let (to_right, at_right) = mpsc::channel::<u32>();
    let (to_left, at_left) = mpsc::channel::<u32>();
    let left = thread::spawn(move || {
        let n = at_left.recv().unwrap(); // (1)
        to_right.send(n + 1).unwrap();
    });
    let right = thread::spawn(move || {
        let n = at_right.recv().unwrap(); // (2)
        to_left.send(n + 1).unwrap();
    });
    left.join().unwrap();
    right.join().unwrap();
}
