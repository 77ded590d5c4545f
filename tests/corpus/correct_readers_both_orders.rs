//! Only readers, in both orders; nobody ever writes.
//! expect: none
use std::sync::{Arc, RwLock};
use std::thread;

pub fn main() {
    let a = Arc::new(RwLock::new(1));
    let b = Arc::new(RwLock::new(2));
    let (a2, b2) = (Arc::clone(&a), Arc::clone(&b));
    let other = thread::spawn(move || {
        (0..100)
            .map(|_| {
                let b = b2.read().unwrap();
                *a2.read().unwrap() + *b
            })
            .sum::<u32>()
    });
    let mut sum = 0;
    for _ in 0..100 {
        let a = a.read().unwrap();
        sum += *a + *b.read().unwrap();
    }
    println!("{}", sum + other.join().unwrap());
}
