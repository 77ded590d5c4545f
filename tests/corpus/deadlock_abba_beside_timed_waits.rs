//! AB-BA beside a sleeping ticker, a `recv_timeout` loop, a `wait_timeout` loop and a `park_timeout` loop.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2,3,4 threads=2
use std::sync::{Arc, Barrier, Condvar, Mutex, mpsc};
use std::thread;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(7);

pub fn main() {
    let (_keep, rx) = mpsc::channel::<()>();
    thread::spawn(|| {
        loop {
            thread::sleep(SHORT)
        }
    });
    thread::spawn(move || {
        loop {
            assert!(rx.recv_timeout(SHORT).is_err())
        }
    });
    thread::spawn(|| {
        let (m, c) = (Mutex::new(()), Condvar::new());
        let mut g = m.lock().unwrap();
        loop {
            g = c.wait_timeout(g, SHORT).unwrap().0;
        }
    });
    thread::spawn(|| {
        loop {
            thread::park_timeout(SHORT)
        }
    });
    let a = Arc::new(Mutex::new('a')); // (A)
    let b = Arc::new(Mutex::new('b')); // (B)
    let both = Arc::new(Barrier::new(2));
    let (a2, b2, both2) = (a.clone(), b.clone(), both.clone());
    let t = thread::spawn(move || {
        let b = b2.lock().unwrap(); // (1)
        both2.wait();
        println!("{b}{}", a2.lock().unwrap()); // (2)
    });
    let a = a.lock().unwrap(); // (3)
    both.wait();
    println!("{a}{}", b.lock().unwrap()); // (4)
    t.join().unwrap();
}
