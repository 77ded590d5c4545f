//! Join handles travel through a mutex to a reaper that joins them outside of it.
//! expect: none
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};

pub fn main() {
    let bag: Arc<Mutex<Vec<JoinHandle<u32>>>> = Arc::default();
    let (ring, bell) = mpsc::channel();
    let b = bag.clone();
    let reaper = thread::spawn(move || {
        let mut sum = 0;
        while bell.recv().is_ok() {
            let next = b.lock().unwrap().pop();
            sum += next.map_or(0, |h| h.join().unwrap());
        }
        sum
    });
    for i in 0..30 {
        let b = bag.clone();
        let h = thread::spawn(move || b.lock().unwrap().len() as u32 * 0 + i);
        bag.lock().unwrap().push(h);
        ring.send(()).unwrap();
    }
    drop(ring);
    println!("{}", reaper.join().unwrap());
}
