//! Three transfers over one vector of accounts: 0 to 1, 1 to 2, 2 to 0.
//! expect: rule=deadlock grade=observed locks=A sites=1,2 threads=3
use std::sync::{Barrier, Mutex};
use std::thread;

pub fn main() {
    let accounts: Vec<Mutex<i64>> = (0..3).map(|_| Mutex::new(10)).collect(); // (A)
    let meet = Barrier::new(3);
    let transfer = |from: usize, to: usize| {
        let mut from = accounts[from].lock().unwrap(); // (1)
        meet.wait();
        let mut to = accounts[to].lock().unwrap(); // (2)
        *from -= 1;
        *to += 1;
    };
    thread::scope(|s| {
        s.spawn(|| transfer(0, 1));
        s.spawn(|| transfer(1, 2));
        transfer(2, 0);
    });
}
