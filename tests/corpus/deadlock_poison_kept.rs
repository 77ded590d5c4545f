//! The poisoned guard lives in the error that the match keeps.
//! expect: rule=self-deadlock grade=observed locks=A sites=1,2 threads=1
use std::sync::{Arc, Mutex};
use std::thread;

pub fn main() {
    let m = Arc::new(Mutex::new(5)); // (A)
    let n = Arc::clone(&m);
    let r = thread::spawn(move || {
        let _g = n.lock().unwrap();
        panic!("poison");
    })
    .join();
    assert!(r.is_err());
    match m.lock() {
        // (1)
        Ok(_) => unreachable!(),
        Err(error) => {
            m.clear_poison();
            let again = m.lock().unwrap(); // (2)
            println!("{} {}", *error.into_inner(), *again);
        }
    }
}
