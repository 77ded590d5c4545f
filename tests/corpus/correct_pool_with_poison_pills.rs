//! Workers share the receiver behind a mutex, wait in it, and end by pills.
//! expect: none
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

pub fn main() {
    let (tx, rx) = mpsc::channel::<Option<u64>>();
    let rx = Arc::new(Mutex::new(rx));
    let sum = Arc::new(Mutex::new(0));
    let workers: Vec<_> = (0..6)
        .map(|_| {
            let (rx, sum) = (rx.clone(), sum.clone());
            thread::spawn(move || {
                while let Some(n) = {
                    let next = rx.lock().unwrap().recv();
                    next
                }
                .unwrap()
                {
                    *sum.lock().unwrap() += n;
                }
            })
        })
        .collect();
    for n in 0..200 {
        tx.send(Some(n)).unwrap();
    }
    (0..6).for_each(|_| tx.send(None).unwrap());
    workers.into_iter().for_each(|w| w.join().unwrap());
    println!("{}", sum.lock().unwrap());
}
