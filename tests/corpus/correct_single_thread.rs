//! One thread takes two locks in both orders; there is nobody to meet.
//! expect: none
use std::sync::Mutex;

pub fn main() {
    let a = Mutex::new(1);
    let b = Mutex::new(2);
    for round in 0..10 {
        let (first, second) = if round % 2 == 0 { (&a, &b) } else { (&b, &a) };
        let first = first.lock().unwrap();
        *second.lock().unwrap() += *first;
    }
    println!("{} {}", a.into_inner().unwrap() > 1, b.into_inner().unwrap() > 2);
}
