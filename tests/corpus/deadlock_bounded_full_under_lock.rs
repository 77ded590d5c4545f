//! A bounded channel of three fills up while the producer holds the consumer's lock.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, RwLock};
use std::thread;

pub fn main() {
    let table = Arc::new(RwLock::new([0u32; 8])); // (A)
    let (tx, rx) = sync_channel(3);
    let t = table.clone();
    let consumer = thread::spawn(move || {
        for (i, v) in rx.iter().enumerate() {
            t.write().unwrap()[i] = v; // (3)
        }
    });
    {
        let table = table.read().unwrap(); // (1)
        for v in table.iter() {
            tx.send(v + 1).unwrap(); // (2)
        }
    }
    drop(tx);
    consumer.join().unwrap();
}
