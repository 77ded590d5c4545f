//! A static against a lock in an `Arc` that is made at run time.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2,3,4
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

static REGISTRY: Mutex<Vec<Arc<Mutex<u32>>>> = Mutex::new(Vec::new()); // (A)

pub fn main() {
    let entry = Arc::new(Mutex::new(7)); // (B)
    REGISTRY.lock().unwrap().push(Arc::clone(&entry));
    let summer = thread::spawn(|| {
        let registry = REGISTRY.lock().unwrap(); // (1)
        registry.iter().map(|entry| *entry.lock().unwrap()).sum::<u32>() // (2)
    });
    thread::sleep(Duration::from_millis(200));
    {
        let value = entry.lock().unwrap(); // (3)
        let registry = REGISTRY.lock().unwrap(); // (4)
        println!("{value} {}", registry.len());
    }
    println!("{}", summer.join().unwrap());
}
