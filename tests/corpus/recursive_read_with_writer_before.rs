//! The writer comes first this time, without anything that says so.
//! expect: rule=recursive-read grade=possible locks=A sites=1,2
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::Duration;

pub fn main() {
    let config = Arc::new(RwLock::new(1)); // (A)
    let other = Arc::clone(&config);
    let writer = thread::spawn(move || *other.write().unwrap() += 1);
    thread::sleep(Duration::from_millis(200));
    {
        let outer = config.read().unwrap(); // (1)
        let inner = config.read().unwrap(); // (2)
        println!("{outer} {inner}");
    }
    writer.join().unwrap();
}
