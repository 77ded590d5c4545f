//! One function, one pair of lines; only the arguments change sides.
//! expect: rule=lock-order-inversion grade=possible locks=A,B sites=1,2
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

fn transfer(from: &Mutex<i64>, to: &Mutex<i64>) {
    let mut from = from.lock().unwrap(); // (1)
    let mut to = to.lock().unwrap(); // (2)
    *from -= 1;
    *to += 1;
}

pub fn main() {
    let mine = Arc::new(Mutex::new(10)); // (A)
    let yours = Arc::new(Mutex::new(10)); // (B)
    let (mine2, yours2) = (Arc::clone(&mine), Arc::clone(&yours));
    let there = thread::spawn(move || transfer(&mine2, &yours2));
    thread::sleep(Duration::from_millis(200));
    transfer(&yours, &mine);
    there.join().unwrap();
    println!("{} {}", mine.lock().unwrap(), yours.lock().unwrap());
}
