//! Two threads fill the bounded channel to each other before they empty their own.
//! expect: rule=deadlock grade=observed sites=1,2
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

fn ping(to: SyncSender<u32>, from: Receiver<u32>) -> u32 {
    for n in 0..3 {
        to.send(n).unwrap(); // (1)
    }
    drop(to);
    from.iter().sum()
}

fn pong(to: SyncSender<u32>, from: Receiver<u32>) -> u32 {
    for n in 0..3 {
        to.send(n).unwrap(); // (2)
    }
    drop(to);
    from.iter().sum()
}

pub fn main() {
    let (to_pong, from_ping) = sync_channel(2);
    let (to_ping, from_pong) = sync_channel(2);
    let left = thread::spawn(move || ping(to_pong, from_pong));
    let right = thread::spawn(move || pong(to_ping, from_ping));
    println!("{} {}", left.join().unwrap(), right.join().unwrap());
}
