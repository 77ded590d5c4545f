//! A rendezvous channel: the sender holds the lock that the receiver takes before it receives.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::{Barrier, RwLock, mpsc};
use std::thread;

static TABLE: RwLock<u32> = RwLock::new(0); // (A)

pub fn main() {
    let (sender, receiver) = mpsc::sync_channel(0);
    let locked = Barrier::new(2);
    thread::scope(|s| {
        let locked = &locked;
        s.spawn(move || {
            let table = TABLE.read().unwrap(); // (1)
            locked.wait();
            sender.send(*table).unwrap(); // (2)
        });
        locked.wait();
        let mut table = TABLE.write().unwrap(); // (3)
        *table += receiver.recv().unwrap();
    });
}
