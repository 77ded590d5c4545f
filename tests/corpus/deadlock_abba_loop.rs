//! Both threads run the same two lines again and again; the deadlock needs the same call to be both first and last.
//! expect: rule=deadlock grade=observed locks=A,B sites=1,2
use std::sync::{Barrier, Mutex};
use std::thread;

fn transfer(from: &Mutex<i32>, to: &Mutex<i32>, meet: Option<&Barrier>) {
    let mut from = from.lock().unwrap(); // (1)
    if let Some(barrier) = meet {
        barrier.wait();
    }
    let mut to = to.lock().unwrap(); // (2)
    *from -= 1;
    *to += 1;
}

pub fn main() {
    let a = Mutex::new(100); // (A)
    let b = Mutex::new(100); // (B)
    let meet = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| transfer(&a, &b, Some(&meet)));
        s.spawn(|| transfer(&b, &a, Some(&meet)));
    });
}
