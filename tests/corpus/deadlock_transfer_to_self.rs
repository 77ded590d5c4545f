//! Locks in the order of their addresses, but the two accounts are one.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2 threads=1
use std::sync::{Arc, Mutex};

fn transfer(a: &Arc<Mutex<i64>>, b: &Arc<Mutex<i64>>, amount: i64) {
    let (first, second) = if Arc::as_ptr(a) <= Arc::as_ptr(b) { (a, b) } else { (b, a) };
    let mut from = first.lock().unwrap(); // (1)
    let mut to = second.lock().unwrap(); // (2)
    *from -= amount;
    *to += amount;
}

pub fn main() {
    let accounts: Vec<_> = (0..3).map(|i| Arc::new(Mutex::new(i))).collect(); // (A)
    transfer(&accounts[0], &accounts[1], 1);
    transfer(&accounts[2], &accounts[1], 1);
    transfer(&accounts[1], &accounts[1], 1);
}
