//! Locks made by `or_default` inside std: no creation site tells them apart, and yet these two are inverted.
//! expect: rule=lock-order-inversion grade=possible sites=1,2,3,4
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

pub fn main() {
    let mut rooms: HashMap<&str, Arc<Mutex<u32>>> = HashMap::new();
    let red = Arc::clone(rooms.entry("red").or_default());
    let blue = Arc::clone(rooms.entry("blue").or_default());
    thread::scope(|s| {
        s.spawn(|| {
            let mut red = red.lock().unwrap(); // (1)
            *red += *blue.lock().unwrap(); // (2)
        });
        s.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            let mut blue = blue.lock().unwrap(); // (3)
            *blue += *red.lock().unwrap(); // (4)
        });
    });
    println!("{}", rooms.len());
}
