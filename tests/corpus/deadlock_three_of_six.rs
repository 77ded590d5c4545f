//! Three of six threads deadlock; the others and main go on working on locks of their own.
//! expect: rule=deadlock grade=observed locks=A,B,C sites=1,2 threads=3
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

fn work(own: &Mutex<u64>) -> ! {
    loop {
        *own.lock().unwrap() += 1;
        thread::yield_now();
    }
}

fn cross(first: &Mutex<u64>, second: &Mutex<u64>, all: &Barrier) {
    let mut first = first.lock().unwrap(); // (1)
    all.wait();
    let mut second = second.lock().unwrap(); // (2)
    *first += 1;
    *second += 1;
}

pub fn main() {
    let a = Arc::new(Mutex::new(0)); // (A)
    let b = Arc::new(Mutex::new(0)); // (B)
    let c = Arc::new(Mutex::new(0)); // (C)
    let all = Arc::new(Barrier::new(3));
    for (number, (first, second)) in [(&a, &b), (&b, &c), (&c, &a)].into_iter().enumerate() {
        let (first, second, all) = (Arc::clone(first), Arc::clone(second), Arc::clone(&all));
        let name = format!("crossing-{number}");
        thread::Builder::new().name(name).spawn(move || cross(&first, &second, &all)).unwrap();
    }
    for number in 0..3 {
        let name = format!("working-{number}");
        thread::Builder::new().name(name).spawn(|| work(&Mutex::new(0))).unwrap();
    }
    work(&Mutex::new(0));
}
