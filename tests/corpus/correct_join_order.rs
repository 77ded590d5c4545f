//! The parent uses the opposite order only after it joined all children.
//! expect: none
use std::sync::Mutex;
use std::thread;

pub fn main() {
    let parts = Mutex::new(Vec::new());
    let total = Mutex::new(0);
    thread::scope(|s| {
        for part in 0..3 {
            let (parts, total) = (&parts, &total);
            s.spawn(move || {
                let mut parts = parts.lock().unwrap();
                parts.push(part);
                *total.lock().unwrap() += part;
            });
        }
    });
    let total = total.lock().unwrap();
    let parts = parts.lock().unwrap();
    println!("{} {total}", parts.len());
}
