//! The last `Arc` is dropped under one lock and locks another; a second thread takes them the other way round.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4 threads=2
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    met: Arc<Barrier>,
}

impl Drop for Log {
    fn drop(&mut self) {
        self.met.wait();
        self.lines.lock().unwrap().push("closed".into()); // (2)
    }
}

pub fn main() {
    let lines = Arc::new(Mutex::new(Vec::new())); // (B)
    let met = Arc::new(Barrier::new(2));
    let log = Arc::new(Log { lines: lines.clone(), met: met.clone() });
    let slot = Arc::new(Mutex::new(Some(log))); // (A)
    let other = slot.clone();
    let t = thread::spawn(move || {
        let mut slot = other.lock().unwrap(); // (1)
        *slot = None;
    });
    let lines = lines.lock().unwrap(); // (3)
    met.wait();
    println!("{} {}", lines.len(), slot.lock().unwrap().is_some()); // (4)
    t.join().unwrap();
}
