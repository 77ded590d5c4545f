//! A hundred thousand distinct nestings of one kind, all in one direction: every pair of 448 locks.
use std::sync::Mutex;

fn main() {
    let locks: Vec<_> = (0..448).map(Mutex::new).collect();
    let mut pairs = 0;
    for (index, outer) in locks.iter().enumerate() {
        let _outer = outer.lock().unwrap();
        for inner in &locks[index + 1..] {
            drop(inner.lock().unwrap());
            pairs += 1;
        }
    }
    println!("{pairs}");
}
