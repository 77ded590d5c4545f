//! While a panic unwinds, a drop joins the worker, which wants the lock that outlives the handle.
//! expect: rule=deadlock grade=observed locks=A sites=1,2,3 threads=2
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

struct Joined(Option<JoinHandle<()>>);

impl Drop for Joined {
    fn drop(&mut self) {
        let _ = self.0.take().unwrap().join(); // (2)
    }
}

pub fn main() {
    let shared = Arc::new(Mutex::new(0)); // (A)
    let guard = shared.lock().unwrap(); // (1)
    let theirs = shared.clone();
    let _worker = Joined(Some(thread::spawn(move || {
        if let Ok(mut n) = theirs.lock() {
            // (3)
            *n += 1;
        }
    })));
    assert_eq!(*guard, 1, "not yet");
}
