//! Many producers, with locks of their own held while they send on an unbounded channel.
//! expect: none
use std::sync::{Mutex, mpsc};
use std::thread;

pub fn main() {
    let (sender, receiver) = mpsc::channel();
    let producers: Vec<_> = (0..8)
        .map(|producer| {
            let sender = sender.clone();
            thread::spawn(move || {
                let sequence = Mutex::new(0);
                for _ in 0..100 {
                    let mut number = sequence.lock().unwrap();
                    *number += 1;
                    sender.send(producer * *number).unwrap();
                }
            })
        })
        .collect();
    drop(sender);
    let total: u64 = receiver.iter().sum();
    producers.into_iter().for_each(|p| p.join().unwrap());
    println!("{total}");
}
