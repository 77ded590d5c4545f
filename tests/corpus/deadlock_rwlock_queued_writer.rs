//! A reader reads again while a writer is queued: the new reader waits behind the writer, the writer for the old one.
//! `try_read` fails as soon as a writer waits, which tells that it is queued.
//! expect: rule=deadlock|self-deadlock grade=observed locks=A sites=1,2
use std::sync::{Arc, RwLock};
use std::thread;

pub fn main() {
    let config = Arc::new(RwLock::new(0)); // (A)
    let outer = config.read().unwrap(); // (1)
    let writer = {
        let config = Arc::clone(&config);
        thread::spawn(move || *config.write().unwrap() += 1) // (3)
    };
    while config.try_read().is_ok() {
        thread::yield_now();
    }
    let inner = config.read().unwrap(); // (2)
    println!("{outer} {inner}");
    writer.join().unwrap();
}
