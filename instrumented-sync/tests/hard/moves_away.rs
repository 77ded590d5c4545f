//! Goes to another folder before it first locks.
use std::sync::Mutex;

fn main() {
    std::env::set_current_dir("/").unwrap();
    let lock = Mutex::new(0);
    *lock.lock().unwrap() += 1;
    println!("{}", lock.lock().unwrap());
}
