//! Transfers in all directions; the locks are taken by address.
//! expect: none
use std::sync::{Arc, Mutex};
use std::thread;

type Account = Arc<Mutex<i64>>;

fn transfer(from: &Account, to: &Account, amount: i64) {
    let (mut from, mut to) = if Arc::as_ptr(from) < Arc::as_ptr(to) {
        let from = from.lock().unwrap();
        (from, to.lock().unwrap())
    } else {
        let to = to.lock().unwrap();
        (from.lock().unwrap(), to)
    };
    *from -= amount;
    *to += amount;
}

pub fn main() {
    let accounts: Vec<Account> = (0..6).map(|_| Arc::new(Mutex::new(100))).collect();
    let threads: Vec<_> = (0..4)
        .map(|seed| {
            let accounts = accounts.clone();
            thread::spawn(move || {
                for step in 0..200 {
                    let from = (step * 7 + seed) % 6;
                    let to = (from + 1 + step % 5) % 6;
                    transfer(&accounts[from], &accounts[to], 1);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    println!("{}", accounts.iter().map(|a| *a.lock().unwrap()).sum::<i64>());
}
