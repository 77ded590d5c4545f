//! A value's destructor locks the mutex under which the value is dropped.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::{Arc, Mutex};

struct Session {
    live: Arc<Mutex<u32>>,
}

impl Drop for Session {
    fn drop(&mut self) {
        *self.live.lock().unwrap() -= 1; // (2)
    }
}

pub fn main() {
    let live = Arc::new(Mutex::new(1)); // (A)
    let session = Session { live: Arc::clone(&live) };
    let count = live.lock().unwrap(); // (1)
    drop(session);
    println!("{count}");
}
