//! `process::exit` while threads hold and wait for locks, with a code.
//! expect: none program=3
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

pub fn main() {
    let m = Arc::new(Mutex::new(0));
    let (tx, rx) = mpsc::channel();
    let g = m.lock().unwrap();
    for _ in 0..3 {
        let (m, tx) = (m.clone(), tx.clone());
        thread::spawn(move || {
            tx.send(()).unwrap();
            *m.lock().unwrap() += 1;
        });
    }
    (0..3).for_each(|_| rx.recv().unwrap());
    println!("{g}");
    std::process::exit(3);
}
