//! The main thread locks the same mutex twice.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::Mutex;

pub fn main() {
    let counter = Mutex::new(0); // (A)
    let mut first = counter.lock().unwrap(); // (1)
    *first += 1;
    let second = counter.lock().unwrap(); // (2)
    println!("{second}");
}
