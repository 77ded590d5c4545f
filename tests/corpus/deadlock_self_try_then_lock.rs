//! `try_lock` succeeds, and the guard still lives when `lock` is called.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::Mutex;

pub fn main() {
    let cache = Mutex::new(0); // (A)
    if let Ok(mut quick) = cache.try_lock() {
        // (1)
        *quick += 1;
        let slow = cache.lock().unwrap(); // (2)
        println!("{slow}");
    }
}
