//! The guard of a `while let` condition lives through the body.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2
use std::sync::Mutex;

pub fn main() {
    let queue = Mutex::new(vec![3, 2, 1]); // (A)
    while let Some(n) = queue.lock().unwrap().pop() {
        // (1)
        if n > 1 {
            queue.lock().unwrap().push(n - 1); // (2)
        }
    }
    println!("empty");
}
